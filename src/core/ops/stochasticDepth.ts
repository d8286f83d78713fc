import type { ValueType } from '../graph/graph.ts';
import type { Op, ReferenceContext } from '../graph/op.ts';
import { philox, purposes } from '../random.ts';
import { expectChannels, expectCount, expectExactly, like, numberOf } from './checks.ts';

function inferKept(op: string, inputs: readonly ValueType[], node: string): ValueType[] {
  expectCount(op, node, inputs, 2);
  expectChannels(op, node, inputs[0]);
  expectExactly(op, node, 'step', inputs[1], { shape: [2], batched: false, type: 'int32' });
  return [like(inputs[0])];
}

/** Picture i of the batch takes the word that dropout would take for element i. */
function applyToPictures({ n, node, inputs: [values, step], outputs: [result] }: ReferenceContext): void {
  const rate = numberOf(node.attributes, 'rate');
  const scale = Math.fround(1 / (1 - rate));
  const size = result.length / n;
  const words = new Uint32Array(4);
  for (let picture = 0; picture < n; picture++) {
    philox([picture >>> 2, step[1], numberOf(node.attributes, 'key'), 0], step[0], purposes.dropout, words);
    const kept = words[picture & 3] >>> 8 >= rate * 16777216;
    for (let i = picture * size; i < (picture + 1) * size; i++) result[i] = kept ? values[i] * scale : 0;
  }
}

/**
 * Sets all values of a picture to 0 with probability `rate` and scales those of the others by 1 / (1 - rate), as float32
 * (Huang et al. 2016, as torchvision's mode 'row'). Inputs: x, batched, and step: an unbatched int32 [2] = (seed, step).
 * Attributes: rate in [0, 1), key: a hash of the node's name. A picture's fate is a function of (seed, step, key, place
 * in the batch) alone.
 */
export const stochasticDepth: Op = {
  name: 'stochasticDepth',
  inPlace: 0,
  infer: (inputs, _attributes, node) => inferKept('stochasticDepth', inputs, node),
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    return graph.apply(stochasticDepthBackward, [gradient, node.inputs[1]], node.attributes, `${node.name}.gradInput`);
  },
  reference: applyToPictures,
};

/** Gradient of stochasticDepth: the same pictures, drawn again. Inputs: gradOutput, step; attributes of stochasticDepth. */
export const stochasticDepthBackward: Op = {
  name: 'stochasticDepthBackward',
  inPlace: 0,
  infer: (inputs, _attributes, node) => inferKept('stochasticDepthBackward', inputs, node),
  reference: applyToPictures,
};
