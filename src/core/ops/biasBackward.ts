import type { Op } from '../graph/op.ts';
import { channelsOf, expectChannels, expectCount, unbatched } from './checks.ts';

/** Gradient of a bias: gradOutput [..., channels] summed over the batch and all dimensions but the last -> [channels]. */
export const biasBackward: Op = {
  name: 'biasBackward',
  infer(inputs, _attributes, node) {
    expectCount('biasBackward', node, inputs, 1);
    expectChannels('biasBackward', node, inputs[0]);
    return [unbatched([channelsOf(inputs[0])])];
  },
  reference({ inputs: [gradient], outputs: [gradBias] }) {
    gradBias.fill(0);
    for (let i = 0; i < gradient.length; i++) gradBias[i % gradBias.length] += gradient[i];
  },
};
