import type { Attributes } from '../graph/op.ts';
import { booleanOf, numberOf } from '../ops/checks.ts';
import { flush, inferUpdate, type Optimizer } from './optimizer.ts';

const stateNames = (attributes: Attributes): string[] => [
  'square',
  ...(booleanOf(attributes, 'centered', false) ? ['mean'] : []),
  ...(numberOf(attributes, 'momentum', 0) !== 0 ? ['momentum'] : []),
];

/**
 * RMSprop (Tieleman and Hinton 2012; centered: Graves 2013), PyTorch's form: eps is added after the root. Scalars:
 * learningRate. States: square, then mean (when centered), then momentum (when not 0).
 */
export const rmsprop: Optimizer = {
  name: 'rmsprop',
  doc: 'Divides each gradient by a running root mean square of itself.',
  options: {
    alpha: {
      type: 'number',
      doc: 'How long the mean of squared gradients remembers.',
      default: 0.99,
      minimum: 0,
      maximum: 1,
    },
    eps: { type: 'number', doc: 'Added to the divisor, so that it is never 0.', default: 1e-8, minimum: 0 },
    momentum: { type: 'number', doc: 'Share of the last update that goes on.', default: 0, minimum: 0, maximum: 1 },
    centered: { type: 'boolean', doc: 'Divides by the deviation instead of the root mean square.', default: false },
    weightDecay: { type: 'number', doc: 'Strength with which weights shrink (L2).', default: 0, minimum: 0 },
  },
  states: stateNames,
  scalars: (_options, learningRate) => [learningRate],
  update: {
    name: 'rmspropUpdate',
    mutates: [0, 3, 4, 5],
    infer: (inputs, attributes, node) => inferUpdate('rmspropUpdate', node, inputs, 1, stateNames(attributes).length),
    reference({ node: { attributes }, inputs: [parameter, gradient, [learningRate], square, ...others] }) {
      const alpha = numberOf(attributes, 'alpha', 0.99);
      const eps = numberOf(attributes, 'eps', 1e-8);
      const decay = numberOf(attributes, 'weightDecay', 0);
      const share = numberOf(attributes, 'momentum', 0);
      const mean = booleanOf(attributes, 'centered', false) ? others[0] : undefined;
      const momentum = share !== 0 ? others[others.length - 1] : undefined;
      for (let i = 0; i < parameter.length; i++) {
        const g = gradient[i] + decay * parameter[i];
        square[i] = flush(alpha * square[i] + (1 - alpha) * g * g);
        if (mean) mean[i] = flush(mean[i] + (1 - alpha) * (g - mean[i]));
        // Rounding can make the variance negative; PyTorch then gives NaN.
        const variance = mean ? Math.max(0, square[i] - mean[i] * mean[i]) : square[i];
        const step = g / (Math.sqrt(variance) + eps);
        if (momentum) momentum[i] = flush(share * momentum[i] + step);
        parameter[i] -= learningRate * (momentum ? momentum[i] : step);
      }
    },
  },
};
