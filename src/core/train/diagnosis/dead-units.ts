import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { plain } from './signs.ts';
import { figure, percent } from './words.ts';

/** Over a few pictures a good half of a wide layer's units may rest; more than this and nearly only zeros: they are dead. */
const mostResting = 0.8;

export const deadUnits: Check = {
  kind: 'dead-units',
  doc: 'units that give 0 for every picture',
  yieldsTo: ['learning-rate-high', 'single-class', 'exploding-gradients'],
  examine({ looks, recipe, again }) {
    const recent = looks.slice(-2);
    if (recent.length < 2) return undefined;
    const deadIn = (layer: string): boolean =>
      recent.every(({ layers }) =>
        layers.some((one) => one.layer === layer && one.dead >= mostResting && one.zeros >= mostResting),
      );
    const worst = recent[1].layers.find(({ layer }) => deadIn(layer));
    if (!worst) return undefined;
    const since = looks.find(({ layers }) =>
      layers.some((one) => one.layer === worst.layer && one.dead >= mostResting),
    );
    const place = since && since.step === 0 ? say`from the first step on` : say`since epoch ${since?.epoch}`;
    return {
      severity: worst.dead > 0.95 ? 'problem' : 'warning',
      since: since?.epoch,
      evidence: { layer: worst.layer, dead: worst.dead, zeros: worst.zeros },
      words: say`In layer '${worst.layer}' ${percent(worst.dead)} of the units give 0 for every picture of the sample ${place} (${figure(worst.zeros * 100)} % of its numbers are 0). A rectifier whose input is always negative passes no gradient, so such units never come back.`,
      next: again(
        say`A lower learning rate lets fewer units die; leakyRelu instead of relu, or the usual initial weights, let dead ones learn.`,
        { learningRate: plain(recipe.learningRate / 3) },
      ),
    };
  },
};
