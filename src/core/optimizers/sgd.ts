import type { Attributes } from '../graph/op.ts';
import { booleanOf, numberOf } from '../ops/checks.ts';
import { flush, inferUpdate, type Optimizer } from './optimizer.ts';

const hasMomentum = (attributes: Attributes): boolean => numberOf(attributes, 'momentum', 0) !== 0;

/**
 * Stochastic gradient descent with momentum (Sutskever et al. 2013), PyTorch's form: the buffer is free of the learning
 * rate, and the first gradient enters it undamped. Scalars: learningRate, gradientFactor (1 at step 1, then
 * 1 - dampening). State (with momentum only): momentum.
 */
export const sgd: Optimizer = {
  name: 'sgd',
  doc: 'Stochastic gradient descent, with momentum: robust and the best known finish for convolutional networks.',
  options: {
    momentum: { type: 'number', doc: 'Share of the last update that goes on.', default: 0.9, minimum: 0, maximum: 1 },
    dampening: {
      type: 'number',
      doc: 'Share of a gradient kept out of the momentum.',
      default: 0,
      minimum: 0,
      maximum: 1,
    },
    nesterov: { type: 'boolean', doc: 'Looks ahead along the momentum (Nesterov).', default: false },
    weightDecay: { type: 'number', doc: 'Strength with which weights shrink (L2).', default: 0, minimum: 0 },
  },
  states: (options) => (hasMomentum(options) ? ['momentum'] : []),
  scalars: (options, learningRate, step) => [learningRate, step === 1 ? 1 : 1 - numberOf(options, 'dampening', 0)],
  update: {
    name: 'sgdUpdate',
    mutates: [0, 3],
    infer: (inputs, attributes, node) => inferUpdate('sgdUpdate', node, inputs, 2, hasMomentum(attributes) ? 1 : 0),
    reference({ node: { attributes }, inputs: [parameter, gradient, [learningRate, factor], momentum] }) {
      const decay = numberOf(attributes, 'weightDecay', 0);
      const share = numberOf(attributes, 'momentum', 0);
      const nesterov = booleanOf(attributes, 'nesterov', false);
      for (let i = 0; i < parameter.length; i++) {
        const g = gradient[i] + decay * parameter[i];
        if (!momentum) {
          parameter[i] -= learningRate * g;
          continue;
        }
        momentum[i] = flush(share * momentum[i] + factor * g);
        parameter[i] -= learningRate * (nesterov ? g + share * momentum[i] : momentum[i]);
      }
    },
  },
};
