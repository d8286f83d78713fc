import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { figure } from './words.ts';

export const batchNormOff: Check = {
  kind: 'batch-norm-off',
  doc: 'running statistics of batch norm do not fit the batches',
  yieldsTo: ['learning-rate-high', 'divergence'],
  examine({ looks, history, recipe, again }) {
    const recent = history.slice(-2);
    const drifts = (looks[looks.length - 1]?.layers ?? []).flatMap(({ layer, drift }) =>
      drift === undefined ? [] : [{ layer, drift }],
    );
    if (recent.length < 2 || drifts.length === 0) return undefined;
    // In evaluation the same pictures should go better, not worse: no dropout, no augmentation, better weights.
    const worse = recent.every(({ loss, trainLoss }) => trainLoss !== undefined && trainLoss > 1.5 * loss + 0.3);
    if (!worse) return undefined;
    const { layer, drift } = drifts.reduce((most, one) => (one.drift > most.drift ? one : most));
    const { loss, trainLoss = loss, epoch } = recent[1];
    return {
      severity: 'problem',
      since: recent[0].epoch,
      evidence: { loss, trainLoss, layer, drift, batch: recipe.batch },
      words: say`In training mode the loss of epoch ${epoch} is ${figure(loss)}, in evaluation mode the same kind of pictures give ${figure(trainLoss)}: the running statistics of batch norm are off (in '${layer}' the mean lies ${figure(drift)} deviations beside them). Batches are too small or too few for them, or the weights move too fast.`,
      next: again(say`Larger batches give steadier statistics: both losses should come together.`, {
        batch: Math.max(32, 2 * recipe.batch),
      }),
    };
  },
};
