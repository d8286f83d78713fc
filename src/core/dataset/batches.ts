import { type Augmentation, augment } from '../image/augment.ts';
import { RandomStream } from '../random.ts';
import { type Dataset, pictureSize } from './dataset.ts';

/** The order in which an epoch (from 1) visits `count` pictures: a function of seed and epoch alone. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  return new RandomStream(seed, 'shuffle', epoch).shuffle(fileOrder(count));
}

/** 0 … count - 1, for evaluation. */
export function fileOrder(count: number): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return order;
}

/** Batches in an epoch; the last may be partial and is kept. */
export const batchCount = (count: number, batchSize: number): number => Math.ceil(count / batchSize);

export interface BatchAugmentation {
  readonly augmentation: Augmentation;
  readonly seed: number;
  readonly epoch: number;
}

/**
 * Writes the pictures at `order[start]` … and their labels into the caller's arrays, up to `batchSize` of them.
 * @param pixels at least batchSize * height * width * channels bytes. @param labels at least batchSize.
 * @returns how many were written: `batchSize`, or fewer at the end of `order`.
 */
export function fillBatch(
  dataset: Dataset,
  order: Uint32Array,
  start: number,
  batchSize: number,
  pixels: Uint8Array,
  labels: Int32Array,
  changes?: BatchAugmentation,
): number {
  const size = pictureSize(dataset);
  const n = Math.min(batchSize, order.length - start);
  for (let i = 0; i < n; i++) {
    const index = order[start + i];
    labels[i] = dataset.labels[index];
    if (changes) {
      const { augmentation, seed, epoch } = changes;
      augment(dataset.pixels, index * size, pixels, i * size, dataset, augmentation, { seed, epoch, index });
    } else {
      pixels.set(dataset.pixels.subarray(index * size, (index + 1) * size), i * size);
    }
  }
  return n;
}
