import type { Op } from '../graph/op.ts';
import { expectCount, expectExactly, unbatched } from '../ops/checks.ts';
import { flush } from './optimizer.ts';

/**
 * Moving average of weights: average = keep · average + rest · parameter. Inputs: average (written), parameter, shares [2]:
 * keep and rest, which change from step to step. No outputs.
 */
export const emaUpdate: Op = {
  name: 'emaUpdate',
  mutates: [0],
  infer(inputs, _attributes, node) {
    expectCount('emaUpdate', node, inputs, 3);
    expectExactly('emaUpdate', node, 'parameter', inputs[1], inputs[0]);
    expectExactly('emaUpdate', node, 'shares', inputs[2], unbatched([2]));
    return [];
  },
  reference({ inputs: [average, parameter, [keep, rest]] }) {
    for (let i = 0; i < average.length; i++) average[i] = flush(keep * average[i] + rest * parameter[i]);
  },
};
