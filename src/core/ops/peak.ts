import type { Op } from '../graph/op.ts';
import { batched, expectCount, expectExactly, numberOf, unbatched } from './checks.ts';

/** Rows and channels of the register tile. */
const rows = 4;
const channels = 8;

/**
 * The product that measures a machine: y = `repeats` · x w for each sample, by as many multiply-adds. Inputs:
 * x [4, depth] and w [depth, 8], both without a batch; output [4, 8]. In no list: models have no use for it.
 */
export const multiplyAddPeak: Op = {
  name: 'multiplyAddPeak',
  infer(inputs, _attributes, node) {
    expectCount('multiplyAddPeak', node, inputs, 2);
    const depth = inputs[0].shape[1];
    expectExactly('multiplyAddPeak', node, 'x', inputs[0], unbatched([rows, depth]));
    expectExactly('multiplyAddPeak', node, 'w', inputs[1], unbatched([depth, channels]));
    return [batched([rows, channels])];
  },
  reference({ n, node, inputs: [x, w], outputs: [y] }) {
    const depth = node.inputs[0].shape[1];
    const repeats = numberOf(node.attributes, 'repeats');
    for (let i = 0; i < n * rows * channels; i++) {
      const row = Math.floor(i / channels) % rows;
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += x[row * depth + k] * w[k * channels + (i % channels)];
      y[i] = repeats * sum;
    }
  },
  macs: ({ inputs, attributes }) => rows * channels * inputs[0].shape[1] * numberOf(attributes, 'repeats'),
};
