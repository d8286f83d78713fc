import type { Op } from '../graph/op.ts';
import { expectCount, expectExactly, numberOf } from '../ops/checks.ts';
import { flush } from './optimizer.ts';

/**
 * Exponential moving average of weights: average = decay · average + (1 - decay) · parameter. Inputs: average (written),
 * parameter. Attribute: decay in 0 … 1. No outputs.
 */
export const emaUpdate: Op = {
  name: 'emaUpdate',
  mutates: [0],
  infer(inputs, _attributes, node) {
    expectCount('emaUpdate', node, inputs, 2);
    expectExactly('emaUpdate', node, 'parameter', inputs[1], inputs[0]);
    return [];
  },
  reference({ node, inputs: [average, parameter] }) {
    const decay = numberOf(node.attributes, 'decay');
    for (let i = 0; i < average.length; i++) average[i] = flush(decay * average[i] + (1 - decay) * parameter[i]);
  },
};
