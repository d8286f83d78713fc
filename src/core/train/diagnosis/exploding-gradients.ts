import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { plain } from './signs.ts';
import { figure } from './words.ts';

/** Norm of all watched gradients: with usual initial weights between 0.3 and 10. */
const tooLarge = 300;

export const explodingGradients: Check = {
  kind: 'exploding-gradients',
  doc: 'gradients grow from layer to layer towards the input',
  yieldsTo: ['unnormalised-input'],
  examine({ looks, chance, recipe, again }) {
    const first = looks[0];
    if (!first || first.epoch > 1 || first.step > 0) return undefined;
    const gradients = first.layers.flatMap(({ gradient }) => (gradient === undefined ? [] : [gradient]));
    const norm = Math.sqrt(gradients.reduce((sum, g) => sum + g * g, 0));
    const lossFactor = first.sampleLoss / chance;
    if (norm < tooLarge && lossFactor < 20) return undefined;
    const { layer, gradient = 0 } = first.layers.reduce((most, one) =>
      (one.gradient ?? 0) > (most.gradient ?? 0) ? one : most,
    );
    return {
      severity: 'problem',
      since: 1,
      evidence: {
        gradientNorm: norm,
        layer,
        layerGradient: gradient,
        initialLoss: first.sampleLoss,
        chanceLoss: chance,
      },
      words: say`Before the first step the gradient's norm is ${figure(norm)}, largest in layer '${layer}', and the loss is ${figure(first.sampleLoss)} where guessing gives ${figure(chance)}: each layer makes numbers larger, so weights start too large for this depth.`,
      next: again(
        say`A tenth of the learning rate keeps the first steps small; batch norm after each convolution, or the usual initial weights, mends the cause.`,
        { learningRate: plain(recipe.learningRate / 10) },
      ),
    };
  },
};
