import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { trainLossOf } from './signs.ts';
import { figure } from './words.ts';

const epochs = 5;

export const plateau: Check = {
  kind: 'plateau',
  doc: 'nothing has become better for some epochs, at a high learning rate',
  yieldsTo: [
    ...['learning-rate-high', 'learning-rate-low', 'divergence', 'dead-units', 'vanishing-gradients'],
    ...['exploding-gradients', 'overfitting', 'single-class', 'batch-norm-off'],
  ],
  examine({ history, last, chance, recipe, again }) {
    if (!last || history.length <= epochs) return undefined;
    const before = history.slice(0, -epochs);
    const recent = history.slice(-epochs);
    const lowest = (records: typeof history, of: (r: (typeof history)[number]) => number): number =>
      Math.min(...records.map(of));
    const trainBefore = lowest(before, trainLossOf);
    const still =
      lowest(recent, trainLossOf) > 0.985 * trainBefore &&
      lowest(recent, (r) => r.valLoss) > 0.985 * lowest(before, (r) => r.valLoss);
    const highest = Math.max(...history.map(({ learningRate }) => learningRate));
    // At the end of a schedule that goes to 0 a curve is rightly flat.
    if (!still || last.learningRate < 0.3 * highest || trainLossOf(last) < 0.1 * chance) return undefined;
    return {
      severity: 'warning',
      since: last.epoch - epochs + 1,
      evidence: { epochs, trainLoss: trainLossOf(last), trainLossBefore: trainBefore, learningRate: last.learningRate },
      words: say`For ${epochs} epochs neither train loss (${figure(trainLossOf(last))}) nor val loss (${figure(last.valLoss)}) has fallen, with the learning rate still at ${figure(last.learningRate)}: steps jump about a valley that they are too large to go down into.`,
      next: again(say`Let the rate fall to 0 by a cosine: the loss should fall in the second half.`, {
        schedule: { type: 'cosine' },
        learningRate: recipe.learningRate,
      }),
    };
  },
};
