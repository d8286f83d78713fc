import type { RecipeSettings } from '../../core/train/recipes/index.ts';
import { count, rate } from '../terminal/numbers.ts';

/** A name with its options, as a person types it: `muon:momentum=0.6`. */
export const namedText = ({
  type,
  ...options
}: {
  readonly type: string;
  readonly [option: string]: unknown;
}): string => [type, ...Object.entries(options).map(([name, value]) => `${name}=${value}`)].join(':');

/** The settings that do not depend on the pictures' number, in one line. */
export function settingsLine(settings: RecipeSettings): string {
  const { model, views, epochs, batch, optimizer, learningRate, schedule, average, augmentation } = settings;
  const parts = [
    typeof model === 'string' ? model : model.name,
    `about ${count(views)} views (${epochs.fewest} to ${epochs.most} epochs)`,
    `batches of ${batch}`,
    `${optimizer.type} at ${rate(learningRate)}`,
    schedule.type,
    augmentation === 'none' ? 'no augmentation' : augmentation,
    ...(average ? [`average ${average.type}`] : []),
  ];
  return `${parts.join(', ')}.`;
}
