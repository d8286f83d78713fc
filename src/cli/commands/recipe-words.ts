import { augmentationText } from '../../core/image/augmentation-spec.ts';
import type { Recipe } from '../../core/train/recipe.ts';
import type { RecipeSettings } from '../../core/train/recipes/index.ts';
import { spokenText } from '../../report/setting-text.ts';
import { count, rate } from '../terminal/numbers.ts';

/** A name with its options, as a person types it: `muon:momentum=0.6`. */
export const namedText = ({
  type,
  ...options
}: {
  readonly type: string;
  readonly [option: string]: unknown;
}): string => [type, ...Object.entries(options).map(([name, value]) => `${name}=${value}`)].join(':');

/** A recipe, a title and a value for each of its settings. */
export function recipePairs(recipe: Recipe): [title: string, value: string][] {
  const { clip, average, patience, microBatch, testTimeAugmentation } = recipe;
  const clipping = Object.entries(clip ?? {}).map(([name, value]) => `${name} ${value}`);
  return [
    ['model', recipe.modelName],
    ['epochs', `${recipe.epochs}${patience === undefined ? '' : `, patience ${patience}`}`],
    ['batch', `${recipe.batch}${microBatch === undefined ? '' : `, computed ${microBatch} at a time`}`],
    ['optimizer', spokenText(recipe.optimizer)],
    ['learning rate', rate(recipe.learningRate)],
    ['schedule', spokenText(recipe.schedule)],
    ['loss', spokenText(recipe.loss)],
    ['augmentation', augmentationText(recipe.augmentation)],
    ['clipping', clipping.join(', ') || 'none'],
    ['average', average ? spokenText(average) : 'none'],
    ...(testTimeAugmentation ? [['test-time augmentation', testTimeAugmentation] as [string, string]] : []),
    ['seed', String(recipe.seed)],
  ];
}

/** The settings that do not depend on the pictures' number, in one line. */
export function settingsLine(settings: RecipeSettings): string {
  const {
    model,
    views,
    epochs,
    batch,
    optimizer,
    learningRate,
    schedule,
    average,
    augmentation,
    signs,
    testTimeAugmentation,
  } = settings;
  const parts = [
    typeof model === 'string' ? model : model.name,
    `about ${count(views)} views (${epochs.fewest} to ${epochs.most} epochs)`,
    `batches of ${batch}`,
    `${optimizer.type} at ${rate(learningRate)}`,
    schedule.type,
    augmentation === 'none' ? 'no augmentation' : augmentation,
    ...(signs?.augmentation ? [`for digits and letters ${signs.augmentation}`] : []),
    ...(average ? [`average ${average.type}`] : []),
    ...(testTimeAugmentation ? [`test-time augmentation ${testTimeAugmentation}`] : []),
  ];
  return `${parts.join(', ')}.`;
}
