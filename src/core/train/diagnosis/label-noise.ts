import { say } from '../../say.ts';
import type { PredictionTelemetry } from '../telemetry.ts';
import type { Check } from './check.ts';
import { percent } from './words.ts';

/**
 * The rank from which mistakes are like chance. A net that errs by itself ranks the true class high among the others; the
 * less it has learnt the lower, up to 0.5 where it guesses. (Seen without any wrong label: 0.12 with 30 % mistakes, 0.23
 * with 44 %, 0.29 with 65 %, the last one of digits that were mirrored and turned in training.)
 */
const chanceLike = (mistakes: number): number => Math.max(0.27, 0.6 * mistakes - 0.06);

/** With a class this much rarer than another in training, the rare one's rank is low because it is rare. */
const tooUneven = 4;

/** Whether the mistakes' ranks lie above chance-like ones, and near them or above by two standard errors of ranks by chance. */
function looksShuffled({ mistakes, images, predicted, labelRank = 0 }: PredictionTelemetry): boolean {
  const classes = predicted.length;
  const accuracy = 1 - mistakes / images;
  return (
    classes >= 4 &&
    mistakes >= 20 &&
    mistakes / images >= 0.08 &&
    // One who has learnt nothing makes mistakes like chance, too.
    accuracy >= Math.min(0.5, 3 / classes) &&
    labelRank - (2 * 0.29) / Math.sqrt(mistakes) > 0.22 &&
    labelRank >= chanceLike(mistakes / images)
  );
}

export const labelNoise: Check = {
  kind: 'label-noise',
  doc: 'labels seem to be wrong in many places',
  yieldsTo: ['class-missing', 'single-class', 'learning-rate-high', 'learning-rate-low', 'divergence'],
  examine({ best, history, predictions, facts, onData }) {
    if (!best || history.length < 2) return undefined;
    const uneven = facts && Math.max(...facts.train) > tooUneven * Math.min(...facts.train);
    // Of training pictures the rare ones are few, so that they hardly move the mean.
    for (const part of uneven ? (['train'] as const) : (['val', 'train'] as const)) {
      const found = predictions(part, best.epoch);
      if (!found || !looksShuffled(found)) continue;
      const { mistakes, images, labelRank = 0 } = found;
      const pictures = part === 'val' ? say`validation` : say`training`;
      return {
        severity: 'warning',
        since: best.epoch,
        evidence: { part, mistakes, images, labelRank, byChance: 0.5 },
        words: say`Of ${images} ${pictures} pictures ${mistakes} (${percent(mistakes / images)}) contradict their label, and among the other classes the label stands as if drawn by lot (rank ${percent(labelRank)} of the way down; mistakes of a net's own usually under 20 %). So many labels are likely wrong, and val loss cannot fall below that.`,
        next: onData(say`Look at the pictures whose labels are doubted.`, 'data', 'doctor', 'DATA'),
      };
    }
    return undefined;
  },
};
