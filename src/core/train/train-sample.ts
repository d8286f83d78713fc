import { fileOrder } from '../dataset/batches.ts';
import { type Dataset, subset } from '../dataset/dataset.ts';
import { RandomStream } from '../random.ts';

const fewest = 200;
const most = 1500;

/** How many training pictures are evaluated at the end of an epoch: a tenth, within limits, so that it costs little. */
export const trainSampleSize = (images: number): number =>
  Math.min(images, Math.max(fewest, Math.min(most, Math.ceil(images / 10))));

/**
 * Training pictures on which the loss is measured as on validation pictures: a fixed choice, by the seed, not augmented.
 * The first ones of it stand for it where only a few are looked at.
 */
export function trainSample(train: Dataset, seed: number, count = trainSampleSize(train.count)): Dataset {
  // Epochs count from 1, so no balanced epoch draws the same numbers.
  const order = new RandomStream(seed, 'sample', 0).shuffle(fileOrder(train.count));
  return subset(train, order.subarray(0, count), `${train.name}, a sample`);
}
