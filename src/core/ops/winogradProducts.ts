import type { Op } from '../graph/op.ts';
import { batched, expectCount, expectExactly, numberOf, unbatched } from './checks.ts';

const planes = 36;
/** Output channels of a packed tile. */
const lanes = 8;

/**
 * The matrix products between the transforms of Winograd's F(4x4, 3x3), alone, for measuring: each sample is a block of
 * tiles. Inputs: V [36, tiles, inputs], U [36, outputs / 8, inputs, 8] without a batch; output M [36, tiles, outputs].
 * `repeats`: so
 * often the same is computed over again. In no list: models have no use for it.
 */
export const winogradProducts: Op = {
  name: 'winogradProducts',
  perSample: true,
  infer(inputs, _attributes, node) {
    expectCount('winogradProducts', node, inputs, 2);
    const [, tiles, depth] = inputs[0].shape;
    const groups = inputs[1].shape[1];
    expectExactly('winogradProducts', node, 'V', inputs[0], batched([planes, tiles, depth]));
    expectExactly('winogradProducts', node, 'U', inputs[1], unbatched([planes, groups, depth, lanes]));
    return [batched([planes, tiles, groups * lanes])];
  },
  reference({ node, inputs: [v, u], outputs: [m] }) {
    const [, tiles, depth] = node.inputs[0].shape;
    const outputs = node.outputs[0].shape[2];
    for (let i = 0; i < m.length; i++) {
      const output = i % outputs;
      const row = Math.floor(i / outputs);
      const plane = Math.floor(row / tiles) % planes;
      const group = (plane * outputs) / lanes + Math.floor(output / lanes);
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += v[row * depth + k] * u[(group * depth + k) * lanes + (output % lanes)];
      m[i] = sum;
    }
  },
  macs: ({ inputs, outputs, attributes }) =>
    numberOf(attributes, 'repeats') * planes * inputs[0].shape[1] * inputs[0].shape[2] * outputs[0].shape[2],
};
