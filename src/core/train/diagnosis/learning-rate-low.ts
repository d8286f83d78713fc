import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { plain, trainLossOf } from './signs.ts';
import { figure } from './words.ts';

/** Steps that change weights by less than this of their size, at the schedule's highest rate, need very many of them. */
const smallUpdate = 0.0003;

export const learningRateLow: Check = {
  kind: 'learning-rate-low',
  doc: 'the loss falls, but far too slowly',
  yieldsTo: ['single-class', 'dead-units', 'vanishing-gradients', 'exploding-gradients'],
  examine({ history, last, chance, largestUpdate, recipe, again }) {
    if (!last || history.length < 2 || largestUpdate === undefined || largestUpdate >= smallUpdate) return undefined;
    const [begin, now] = [trainLossOf(history[0]), trainLossOf(last)];
    // Weights that were learnt elsewhere are rightly moved little.
    if (now < 0.6 * chance || now > begin) return undefined;
    const perEpoch = (begin - now) / (history.length - 1);
    return {
      severity: 'problem',
      since: 1,
      evidence: {
        learningRate: recipe.learningRate,
        update: largestUpdate,
        trainLoss: now,
        fallPerEpoch: perEpoch,
        chanceLoss: chance,
      },
      words: say`The train loss falls by only ${figure(perEpoch)} an epoch and is still ${figure(now)} (guessing gives ${figure(chance)}), and a step changes weights by at most ${figure(100 * largestUpdate)} % of their size (usual: 0.1 to 1 %). The learning rate ${figure(recipe.learningRate)} is too low.`,
      next: again(
        say`Ten times the learning rate and more: the loss should fall visibly within the first epoch; lr-find finds the rate.`,
        {
          learningRate: plain(recipe.learningRate * Math.min(1000, Math.max(10, 0.003 / largestUpdate))),
        },
      ),
    };
  },
};
