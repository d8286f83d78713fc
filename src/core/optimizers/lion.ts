import { numberOf } from '../ops/checks.ts';
import { flush, inferUpdate, type Optimizer } from './optimizer.ts';

/**
 * Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2): each weight moves by the learning
 * rate along the sign of a mean of gradients, and shrinks by learningRate · weightDecay apart from that. Scalars:
 * learningRate. State: momentum.
 */
export const lion: Optimizer = {
  name: 'lion',
  doc: 'Moves every weight by the same amount, along the sign of its mean gradient: wants a tenth of the rate of AdamW.',
  options: {
    beta1: {
      type: 'number',
      doc: 'Share of the mean of gradients in the direction of a step.',
      default: 0.9,
      minimum: 0,
      maximum: 1,
    },
    beta2: { type: 'number', doc: 'How long the mean of gradients remembers.', default: 0.99, minimum: 0, maximum: 1 },
    weightDecay: { type: 'number', doc: 'Strength with which weights shrink at each step.', default: 0.1, minimum: 0 },
  },
  states: () => ['momentum'],
  scalars: (_options, learningRate) => [learningRate],
  update: {
    name: 'lionUpdate',
    mutates: [0, 3],
    infer: (inputs, _attributes, node) => inferUpdate('lionUpdate', node, inputs, 1, 1),
    reference({ node: { attributes }, inputs: [parameter, gradient, [learningRate], momentum] }) {
      const beta1 = numberOf(attributes, 'beta1', 0.9);
      const beta2 = numberOf(attributes, 'beta2', 0.99);
      const decay = numberOf(attributes, 'weightDecay', 0);
      for (let i = 0; i < parameter.length; i++) {
        const g = gradient[i];
        const direction = beta1 * momentum[i] + (1 - beta1) * g;
        parameter[i] *= 1 - learningRate * decay;
        // A gradient that is no number must stay visible.
        parameter[i] -= learningRate * Math.sign(direction);
        momentum[i] = flush(beta2 * momentum[i] + (1 - beta2) * g);
      }
    },
  },
};
