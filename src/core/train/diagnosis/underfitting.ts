import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { trainAccuracyOf, trainLossOf } from './signs.ts';
import { figure, percent } from './words.ts';

export const underfitting: Check = {
  kind: 'underfitting',
  doc: 'even the training pictures are not learnt',
  atEnd: true,
  yieldsTo: [
    ...['learning-rate-high', 'learning-rate-low', 'divergence', 'dead-units', 'vanishing-gradients'],
    ...[
      'exploding-gradients',
      'label-noise',
      'no-spatial-structure',
      'unnormalised-input',
      'plateau',
      'batch-norm-off',
    ],
  ],
  examine({ last, history, chance, recipe, again }) {
    if (!last || history.length < 3) return undefined;
    const now = trainLossOf(last);
    if (now < 0.6 * chance) return undefined;
    // Not from the last epochs alone: where the learning rate goes to 0 every curve is flat in the end.
    const falling = trainLossOf(history[Math.floor((history.length - 1) / 2)]) > 1.04 * now;
    const words = say`After ${last.epoch} epochs the train loss, measured as val loss is, is still ${figure(now)} (guessing gives ${figure(chance)}) and ${percent(trainAccuracyOf(last))} of the training pictures are right.`;
    return {
      severity: 'warning',
      since: last.epoch,
      evidence: { trainLoss: now, trainAccuracy: trainAccuracyOf(last), chanceLoss: chance, epochs: last.epoch },
      words: falling
        ? say`${words} It was still falling: training was too short.`
        : say`${words} It falls no more: the model is too small or too simple for these pictures, or held back too much.`,
      next: falling
        ? again(say`Twice the epochs: train loss should go on falling.`, { epochs: recipe.epochs * 2 })
        : again(
            say`The same without weight decay and augmentation shows whether they hold it back; else take a larger model.`,
            {
              'optimizer.weightDecay': 0,
              augmentation: {},
            },
          ),
    };
  },
};
