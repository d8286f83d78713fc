import type { ValueType } from '../graph/graph.ts';
import type { Attributes, Op, ReferenceContext } from '../graph/op.ts';
import { philox, purposes } from '../random.ts';
import { expectChannels, expectCount, expectExactly, like, numberOf } from './checks.ts';

/**
 * Calls back for every element with whether it is kept. The mask is a function of (seed, step, key, element) alone:
 * Philox with key (seed, purposes.dropout) and counter (element >> 2, step, key, 0) gives words for four elements;
 * element e takes word e & 3 and is kept when word >>> 8 is at least rate · 2^24.
 */
function forEachMasked(
  count: number,
  attributes: Attributes,
  step: ArrayLike<number>,
  visit: (element: number, kept: boolean) => void,
): void {
  const threshold = numberOf(attributes, 'rate') * 16777216;
  const words = new Uint32Array(4);
  const counter = new Uint32Array([0, step[1], numberOf(attributes, 'key'), 0]);
  for (let element = 0; element < count; element++) {
    if ((element & 3) === 0) {
      counter[0] = element / 4;
      philox(counter, step[0], purposes.dropout, words);
    }
    visit(element, words[element & 3] >>> 8 >= threshold);
  }
}

function inferMasked(op: string, inputs: readonly ValueType[], node: string): ValueType[] {
  expectCount(op, node, inputs, 2);
  expectChannels(op, node, inputs[0]);
  expectExactly(op, node, 'step', inputs[1], { shape: [2], batched: false, type: 'int32' });
  return [like(inputs[0])];
}

function applyMask({ node, inputs: [values, step], outputs: [result] }: ReferenceContext): void {
  const scale = Math.fround(1 / (1 - numberOf(node.attributes, 'rate')));
  forEachMasked(values.length, node.attributes, step, (element, kept) => {
    result[element] = kept ? values[element] * scale : 0;
  });
}

/**
 * Sets elements to 0 with probability `rate` and scales the others by 1 / (1 - rate), as float32. Inputs: x, and step:
 * an unbatched int32 [2] = (seed, step). Attributes: rate in [0, 1), key: a hash of the node's name.
 */
export const dropout: Op = {
  name: 'dropout',
  inPlace: 0,
  infer: (inputs, _attributes, node) => inferMasked('dropout', inputs, node),
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    return graph.apply(dropoutBackward, [gradient, node.inputs[1]], node.attributes, `${node.name}.gradInput`);
  },
  reference: applyMask,
};

/** Gradient of dropout: the same mask, computed again. Inputs: gradOutput, step; attributes of dropout. */
export const dropoutBackward: Op = {
  name: 'dropoutBackward',
  inPlace: 0,
  infer: (inputs, _attributes, node) => inferMasked('dropoutBackward', inputs, node),
  reference: applyMask,
};
