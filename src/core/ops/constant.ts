import type { Op } from '../graph/op.ts';
import { booleanOf, expectCount, listOf, numberOf } from './checks.ts';

/** One number everywhere. No inputs. Attributes: value, shape, batched (default false). */
export const constant: Op = {
  name: 'constant',
  infer(inputs, attributes, node) {
    expectCount('constant', node, inputs, 0);
    return [{ shape: listOf(attributes, 'shape'), batched: booleanOf(attributes, 'batched', false), type: 'float32' }];
  },
  reference({ node, outputs: [y] }) {
    y.fill(numberOf(node.attributes, 'value'));
  },
};
