import type { EpochRecord } from '../core/train/history.ts';
import type { Recipe } from '../core/train/recipe.ts';
import type { TrainOutcome } from '../core/workbench/train-request.ts';
import { loss } from './terminal/numbers.ts';

/** Where training ended, and which weights are used from now on. */
export function endingWords({ status, epochs, best, recipe }: TrainOutcome): string[] {
  if (!best) return [];
  const kept =
    best.epoch === epochs.length
      ? 'The weights of that epoch, the last one, are what test and classify use.'
      : `The weights of epoch ${best.epoch} of ${epochs.length} are what test and classify use, not the last ones.`;
  if (status !== 'stopped-early') return [kept];
  const { patience = 0, epochs: planned } = recipe;
  const since = patience === 1 ? 'for an epoch' : `for ${patience} epochs`;
  return [`Stopped early after ${epochs.length} of ${planned} epochs: val loss has not become lower ${since}.`, kept];
}

/** The three losses of an epoch, and why they differ, from what the recipe has. */
export function lossWords(record: EpochRecord | undefined, recipe: Recipe): string[] {
  if (record?.trainLoss === undefined) return [];
  const causes = [
    ...(changesPictures(recipe) ? ['augmented'] : []),
    ...(hasLayer(recipe, 'dropout', 'stochasticDepth') ? ['under dropout'] : []),
    ...(hasLayer(recipe, 'batchNorm2d') ? ["with each batch's own statistics"] : []),
    'on the average of the epoch',
  ];
  return [
    `Epoch ${record.epoch}: train loss ${loss(record.trainLoss)} and val loss ${loss(record.valLoss)} are measured alike, on training pictures and on pictures never trained on: compare these two. Loss ${loss(record.loss)} is as training met its pictures: ${causes.join(', ')}.`,
  ];
}

function changesPictures({ augmentation }: Recipe): boolean {
  if ('steps' in augmentation) return augmentation.steps.length > 0;
  return Boolean(augmentation.flip) || Boolean(augmentation.crop);
}

const hasLayer = ({ model }: Recipe, ...types: readonly string[]): boolean =>
  model.layers.some(({ type }) => types.includes(type));
