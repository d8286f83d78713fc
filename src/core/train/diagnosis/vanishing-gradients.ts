import { say } from '../../say.ts';
import type { Check } from './check.ts';
import type { Look } from './signs.ts';
import { figure, listed } from './words.ts';

/** Of the last layer's, relative to its weights: in nets that learn well a layer may have two hundredths of it. */
const faintest = { stuck: 0.005, otherwise: 0.001 } as const;

/** Norms and scales are not judged: some begin at 0, so that what lies before them wakes up later. */
const rescales = /norm|scale/i;

/** Gradients relative to weights, in the order of the model. */
const relative = ({ layers }: Look): { layer: string; size: number }[] =>
  layers.flatMap(({ layer, type, gradient, weights = 0 }) =>
    gradient !== undefined && weights > 0 && !rescales.test(type) ? [{ layer, size: gradient / weights }] : [],
  );

export const vanishingGradients: Check = {
  kind: 'vanishing-gradients',
  doc: 'hardly any gradient reaches the first layers',
  yieldsTo: ['dead-units', 'learning-rate-high', 'single-class'],
  examine({ looks, last, stuck, chance, recipe, again }) {
    const first = looks[0];
    if (!first || !last || first.epoch > 1 || first.step > 0) return undefined;
    // Where training goes well although little reaches the first layers, nothing is to be mended.
    if ((last.trainLoss ?? last.loss) < 0.6 * chance) return undefined;
    const share = stuck ? faintest.stuck : faintest.otherwise;
    const faint = looks.slice(0, 3).map((look) => {
      const sizes = relative(look);
      const end = sizes[sizes.length - 1]?.size ?? 0;
      return sizes.filter(({ size }, i) => i < sizes.length - 1 && size < share * end);
    });
    if (!faint.every((layers) => layers.length > 0) || faint.length < 2) return undefined;
    const sizes = relative(first);
    const end = sizes[sizes.length - 1];
    const begin = sizes.slice(0, -1).reduce((least, one) => (one.size < least.size ? one : least));
    return {
      severity: 'problem',
      since: 1,
      evidence: { layers: faint[0].map(({ layer }) => layer), [begin.layer]: begin.size, [end.layer]: end.size },
      words: say`Relative to its weights, the gradient of '${end.layer}' is ${figure(end.size)} and that of '${begin.layer}' ${figure(begin.size)}: ${listed(faint[0].map(({ layer }) => layer))} hardly learn. Activations are saturated, or the net is deep without batch norm or residual connections.`,
      next: again(
        say`A higher rate for the first layers shows whether they can learn; relu instead of tanh or sigmoid, batch norm, or the usual initial weights mend the cause.`,
        { learningRate: recipe.learningRate * 3 },
      ),
    };
  },
};
