import type { Op } from '../graph/op.ts';
import { batchNorm } from './batchNorm.ts';
import { channelsOf, expectChannels, expectCount, expectExactly, like, unbatched } from './checks.ts';

/**
 * Output y of batchNorm once more, from the same x, with the same bits: for a backward pass before which y was let go
 * of. Changes no running statistics. Inputs: x [..., channels], and either both or neither of weight, bias. Attribute: eps.
 */
export const batchNormAgain: Op = {
  name: 'batchNormAgain',
  infer(inputs, _attributes, node) {
    expectCount('batchNormAgain', node, inputs, 1, 3);
    expectChannels('batchNormAgain', node, inputs[0]);
    const channels = unbatched([channelsOf(inputs[0])]);
    inputs.slice(1).forEach((input, i) => {
      expectExactly('batchNormAgain', node, ['weight', 'bias'][i], input, channels);
    });
    return [like(inputs[0])];
  },
  reference({ n, node, inputs: [x, ...affine], outputs: [y] }) {
    const vector = (): Float64Array => new Float64Array(channelsOf(node.inputs[0]));
    const attributes = { ...node.attributes, momentum: 0 };
    const inputs = [x, vector(), vector(), ...affine];
    batchNorm.reference({ n, node: { ...node, attributes }, inputs, outputs: [y, vector(), vector()] });
  },
};
