import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { trainLossOf } from './signs.ts';
import { figure } from './words.ts';

export const divergence: Check = {
  kind: 'divergence',
  doc: 'the loss grows without end',
  yieldsTo: ['exploding-gradients', 'learning-rate-high'],
  examine({ failure, history, last, chance, recipe, again }): ReturnType<Check['examine']> {
    const next = again(
      say`A tenth of the learning rate should fall from the first epoch on; lr-find shows where rates become too high.`,
      {
        learningRate: recipe.learningRate / 10,
      },
    );
    if (failure) {
      const { epoch, step, layer } = failure;
      return {
        severity: 'problem',
        since: epoch,
        evidence: { epoch, step, ...(layer ? { layer } : {}) },
        words: say`In step ${step} of epoch ${epoch} numbers became infinite or undefined${layer ? say`, first in layer '${layer}'` : ''}: steps were so large that each made the loss worse. Nothing after the last checkpoint is kept.`,
        next,
      };
    }
    if (!last || history.length < 2) return undefined;
    const lowest = history.reduce((low, record) => (trainLossOf(record) < trainLossOf(low) ? record : low));
    const now = trainLossOf(last);
    if (now < 3 * trainLossOf(lowest) || now < 1.2 * chance) return undefined;
    return {
      severity: 'problem',
      since: lowest.epoch + 1,
      evidence: { lowest: trainLossOf(lowest), lowestEpoch: lowest.epoch, now, chanceLoss: chance },
      words: say`The train loss was ${figure(trainLossOf(lowest))} after epoch ${lowest.epoch} and is ${figure(now)} now, worse than guessing (${figure(chance)}): training runs away.`,
      next,
    };
  },
};
