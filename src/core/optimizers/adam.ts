import type { Op, ReferenceContext } from '../graph/op.ts';
import type { Options, OptionValues } from '../layers/layer.ts';
import { pow } from '../maths.ts';
import { booleanOf, numberOf } from '../ops/checks.ts';
import { flush, inferUpdate, type Optimizer } from './optimizer.ts';

/** Options that Adam and AdamW share; they differ in how weights decay. */
export const adamOptions: Options = {
  beta1: { type: 'number', doc: 'How long the mean of gradients remembers.', default: 0.9, minimum: 0, maximum: 1 },
  beta2: {
    type: 'number',
    doc: 'How long the mean of squared gradients remembers.',
    default: 0.999,
    minimum: 0,
    maximum: 1,
  },
  eps: { type: 'number', doc: 'Added to the divisor, so that it is never 0.', default: 1e-8, minimum: 0 },
  amsgrad: { type: 'boolean', doc: 'Divides by the largest mean of squares so far.', default: false },
};

/** Scalars: learningRate, stepSize = learningRate / (1 - beta1^step), inverseRoot = 1 / √(1 - beta2^step). */
export function adamScalars(options: OptionValues, learningRate: number, step: number): number[] {
  const first = 1 - pow(numberOf(options, 'beta1', 0.9), step);
  const second = 1 - pow(numberOf(options, 'beta2', 0.999), step);
  return [learningRate, learningRate / first, 1 / Math.sqrt(second)];
}

/** Names of the states: the means of gradients and of squared gradients, and with amsgrad the largest of the latter. */
export const adamStates = (options: OptionValues): string[] =>
  booleanOf(options, 'amsgrad', false) ? ['mean', 'square', 'largestSquare'] : ['mean', 'square'];

/** The update op; `decoupled` weights shrink by themselves (AdamW), else the decay joins the gradient (L2). */
export function adamUpdate(name: string, decoupled: boolean): Op {
  return {
    name,
    mutates: [0, 3, 4, 5],
    infer: (inputs, attributes, node) =>
      inferUpdate(name, node, inputs, 3, booleanOf(attributes, 'amsgrad', false) ? 3 : 2),
    reference({ node: { attributes }, inputs }: ReferenceContext) {
      const [parameter, gradient, [learningRate, stepSize, inverseRoot], mean, square, largestSquare] = inputs;
      const beta1 = numberOf(attributes, 'beta1', 0.9);
      const beta2 = numberOf(attributes, 'beta2', 0.999);
      const eps = numberOf(attributes, 'eps', 1e-8);
      const decay = numberOf(attributes, 'weightDecay', 0);
      for (let i = 0; i < parameter.length; i++) {
        const g = gradient[i] + (decoupled ? 0 : decay * parameter[i]);
        if (decoupled) parameter[i] *= 1 - learningRate * decay;
        mean[i] = flush(mean[i] + (1 - beta1) * (g - mean[i]));
        square[i] = flush(beta2 * square[i] + (1 - beta2) * g * g);
        if (largestSquare) largestSquare[i] = Math.max(largestSquare[i], square[i]);
        const root = Math.sqrt(largestSquare ? largestSquare[i] : square[i]);
        parameter[i] -= (stepSize * mean[i]) / (root * inverseRoot + eps);
      }
    },
  };
}

/** Adam (Kingma and Ba 2015), PyTorch's form: eps is added after the bias correction of the root. */
export const adam: Optimizer = {
  name: 'adam',
  doc: 'Adapts the step of each weight to its gradients; weight decay is mixed into the gradient.',
  options: {
    ...adamOptions,
    weightDecay: { type: 'number', doc: 'Strength with which weights shrink (L2).', default: 0, minimum: 0 },
  },
  states: adamStates,
  scalars: adamScalars,
  update: adamUpdate('adamUpdate', false),
};
