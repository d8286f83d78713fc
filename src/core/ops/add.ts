import { invalid } from '../errors.ts';
import { describeType, sameType } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { expectCount, like, subjectOf } from './checks.ts';

/** Sum of two values of one shape, both batched or both not. Also sums the gradients of a value used twice. */
export const add: Op = {
  name: 'add',
  perSample: true,
  inPlace: 0,
  fusesAs: 'residual',
  infer(inputs, _attributes, node) {
    expectCount('add', node, inputs, 2);
    if (!sameType(inputs[0], inputs[1])) {
      throw invalid(
        'two inputs of one shape',
        subjectOf('add', node),
        inputs.map(describeType).join(' and '),
        'Give the shortcut a conv2d with kernelSize 1 that has the stride and channels of the other branch',
      );
    }
    return [like(inputs[0])];
  },
  gradient: ({ outputGradients: [gradient] }) => [gradient, gradient],
  reference({ inputs: [a, b], outputs: [y] }) {
    for (let i = 0; i < y.length; i++) y[i] = a[i] + b[i];
  },
};
