import { say } from '../../say.ts';
import type { EpochRecord } from '../history.ts';
import type { Check } from './check.ts';
import { plain, type Signs, trainLossOf } from './signs.ts';
import { figure } from './words.ts';

/** Steps that change weights by more than this of their size are large; while a net learns well they need no mending. */
const largeUpdate = 0.02;

/** With fewer steps than this, a loss still near guessing says that training has only begun. */
const begun = 30;

/** Units that worked before the first step and are dead now: a step threw them off. */
function killedLayer({ looks }: Signs): string | undefined {
  const [first, ...later] = looks;
  if (!first || first.step > 0) return undefined;
  const wasAlive = (layer: string): boolean => first.layers.some((one) => one.layer === layer && one.dead < 0.75);
  for (const { layers } of later) {
    const killed = layers.find((one) => one.dead >= 0.95 && one.zeros >= 0.95 && wasAlive(one.layer));
    if (killed) return killed.layer;
  }
  return undefined;
}

/** An epoch whose pictures, as it met them, gave a far higher loss than guessing, though the first weights did not. */
const overshot = ({ history, looks: [first], chance }: Signs): EpochRecord | undefined =>
  first && first.step === 0 && first.sampleLoss > 3 * chance
    ? undefined
    : history.find(({ loss }) => loss > 3 * chance);

/** Epochs after which the train loss was a good deal higher than before. */
const rises = ({ history }: Signs): number =>
  history.filter((record, i) => i > 0 && trainLossOf(record) > 1.25 * trainLossOf(history[i - 1])).length;

export const learningRateHigh: Check = {
  kind: 'learning-rate-high',
  doc: 'steps are so large that they undo each other',
  yieldsTo: ['single-class', 'unnormalised-input', 'exploding-gradients'],
  examine(signs) {
    const { last, history, looks, chance, largestUpdate, failure, stuck, recipe, facts, again } = signs;
    const update = largestUpdate ?? 0;
    const killed = killedLayer(signs);
    const jumped = looks.find(({ sampleLoss, epoch, step }) => (epoch > 1 || step > 0) && sampleLoss > 3 * chance);
    const jumps = rises(signs);
    const over = overshot(signs);
    const large = update >= largeUpdate;
    const restless =
      last !== undefined &&
      history.length >= 4 &&
      jumps >= Math.max(2, history.length / 4) &&
      trainLossOf(last) > 0.05 * chance;
    const failed = failure !== undefined && (large || jumped !== undefined || failure.epoch === 1);
    const pictures = facts?.train.reduce((sum, count) => sum + count, 0) ?? Infinity;
    const steps = (last?.epoch ?? 0) * Math.ceil(pictures / recipe.batch);
    const lost =
      stuck && ((large && steps >= begun) || killed !== undefined || jumped !== undefined || over !== undefined);
    const thrown = over !== undefined && (large || killed !== undefined);
    if (!failed && !lost && !thrown && !(restless && update >= largeUpdate / 2)) return undefined;
    const what = failed
      ? say`Training came to numbers that are not finite in step ${failure.step} of epoch ${failure.epoch}`
      : stuck && last
        ? say`After ${last.epoch === 1 ? say`an epoch` : say`${last.epoch} epochs`} the train loss is ${figure(trainLossOf(last))}, where guessing gives ${figure(chance)}`
        : thrown
          ? say`In epoch ${over.epoch} the loss stood at ${figure(over.loss)} on average, where guessing gives ${figure(chance)}`
          : say`The train loss rose by more than a quarter after ${jumps} of ${history.length} epochs`;
    const how = [
      ...(large
        ? [say`a step changes weights by up to ${figure(100 * update)} % of their size (usual: 0.1 to 1 %)`]
        : []),
      ...(killed === undefined ? [] : [say`layer '${killed}', which worked before the first step, gives only zeros`]),
      ...(jumped ? [say`the loss stood at ${figure(jumped.sampleLoss)} in epoch ${jumped.epoch}`] : []),
    ];
    return {
      severity: failed || stuck ? 'problem' : 'warning',
      since: failure?.epoch ?? 1,
      evidence: {
        learningRate: recipe.learningRate,
        ...(largestUpdate === undefined ? {} : { update: largestUpdate }),
        ...(last ? { trainLoss: trainLossOf(last) } : {}),
        chanceLoss: chance,
        rises: jumps,
        ...(killed === undefined ? {} : { deadLayer: killed }),
      },
      words: say`${what}${how.length > 0 ? say`; ${how.reduce((some, one) => say`${some}, and ${one}`)}` : ''}. The learning rate ${figure(recipe.learningRate)} is too high: steps overshoot.`,
      next: again(say`A tenth of the learning rate: the loss should fall within the first epoch.`, {
        learningRate: plain(recipe.learningRate / 10),
      }),
    };
  },
};
