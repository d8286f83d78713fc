import { say } from '../../say.ts';
import type { Check } from './check.ts';
import type { NextExperiment } from './finding.ts';
import { halfWidth, type Signs, trainAccuracyOf, trainLossOf } from './signs.ts';
import { figure, percent, points } from './words.ts';

/** What the recipe does not do yet against it, the strongest first. */
function remedy({ recipe, again }: Signs): NextExperiment {
  const { augmentation, loss, optimizer } = recipe;
  const none = 'steps' in augmentation ? augmentation.steps.length === 0 : !augmentation.flip && !augmentation.crop;
  if (none) {
    const crop = Math.max(1, Math.round(recipe.model.input[0] / 10));
    return again(say`Shift each picture a little, anew in each epoch: train and val loss should come closer.`, {
      augmentation: { crop },
    });
  }
  const decay = typeof optimizer.weightDecay === 'number' ? optimizer.weightDecay : 0;
  return again(say`Stronger weight decay and label smoothing: train loss should stay higher and val loss come lower.`, {
    'optimizer.weightDecay': decay > 0 ? decay * 5 : optimizer.type === 'sgd' ? 0.0005 : 0.05,
    ...(loss.labelSmoothing ? {} : { 'loss.labelSmoothing': 0.1 }),
  });
}

export const overfitting: Check = {
  kind: 'overfitting',
  doc: 'training pictures are learnt by heart',
  yieldsTo: ['label-noise', 'class-missing', 'leaked-val', 'learning-rate-high', 'divergence', 'no-spatial-structure'],
  examine(signs) {
    const { history, last, best, facts } = signs;
    if (!last || !best || history.length < 3) return undefined;
    const gap = trainAccuracyOf(last) - last.valAccuracy;
    const images = facts?.val.reduce((sum, count) => sum + count, 0) ?? 1000;
    const certain = gap > 1.5 * halfWidth(last.valAccuracy, images);
    const risen = last.valLoss / best.valLoss - 1;
    const later = last.epoch - best.epoch;
    // Either val loss has turned, while train loss went on falling, ...
    const turned = later >= 2 && risen > 0.1 && trainLossOf(last) < 0.9 * trainLossOf(best);
    // ... or the training pictures are known by heart and others are not.
    const byHeart = trainAccuracyOf(last) >= 0.97 && gap >= 0.08 && trainLossOf(last) < 0.3 * last.valLoss;
    if (!(turned && gap >= 0.02) && !(byHeart && certain)) return undefined;
    const since = turned
      ? best.epoch + 1
      : (history.find((r) => trainAccuracyOf(r) - r.valAccuracy >= 0.08)?.epoch ?? last.epoch);
    const turn = turned
      ? say` Val loss was lowest after epoch ${best.epoch} (${figure(best.valLoss)}) and is ${figure(last.valLoss)} now, while train loss went on to ${figure(trainLossOf(last))}.`
      : say` Train loss is ${figure(trainLossOf(last))}, val loss ${figure(last.valLoss)}.`;
    return {
      severity: 'warning',
      since,
      evidence: {
        trainAccuracy: trainAccuracyOf(last),
        valAccuracy: last.valAccuracy,
        gap,
        bestEpoch: best.epoch,
        bestValLoss: best.valLoss,
        valLoss: last.valLoss,
        trainLoss: trainLossOf(last),
      },
      words: say`Since epoch ${since} the model learns its training pictures by heart: ${percent(trainAccuracyOf(last))} of them are right, and ${percent(last.valAccuracy)} of the validation pictures, a gap of ${points(gap)}.${turn}`,
      next: remedy(signs),
    };
  },
};
