import type { Op } from '../graph/op.ts';
import { expectCount, expectExactly, unbatched } from '../ops/checks.ts';

/**
 * Adds up over several runs: sum = keep · sum + term; keep 0 begins anew. Inputs: sum (written), term, keep []. No
 * outputs.
 */
export const accumulate: Op = {
  name: 'accumulate',
  mutates: [0],
  infer(inputs, _attributes, node) {
    expectCount('accumulate', node, inputs, 3);
    expectExactly('accumulate', node, 'term', inputs[1], inputs[0]);
    expectExactly('accumulate', node, 'keep', inputs[2], unbatched([]));
    return [];
  },
  reference({ inputs: [sum, term, keep] }) {
    for (let i = 0; i < sum.length; i++) sum[i] = keep[0] * sum[i] + term[i];
  },
};
