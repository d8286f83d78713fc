import type { AugmentationDraw, Augmenter, Mixing } from '../image/augment.ts';
import { RandomStream } from '../random.ts';
import { type Dataset, pictureSize } from './dataset.ts';

/** The order in which an epoch (from 1) visits `count` pictures: a function of seed and epoch alone. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  return new RandomStream(seed, 'shuffle', epoch).shuffle(fileOrder(count));
}

/** Which pictures an epoch visits, and how often each was visited before. */
export interface EpochVisits {
  readonly order: Uint32Array;
  /** For each place of `order`, from 0: so that a picture that comes again is augmented anew. Absent: each comes once. */
  readonly visits?: Uint32Array;
}

/**
 * An epoch (from 1) of as many visits as there are pictures, in which every class comes equally often within one visit,
 * and the pictures of a class within one visit of each other: those of small classes again and again, of large ones a
 * part, another one in each epoch. A function of labels, seed and epoch alone.
 */
export function balancedEpoch(labels: Int32Array, seed: number, epoch: number): EpochVisits {
  const byClass = new Map<number, number[]>();
  labels.forEach((label, i) => {
    const members = byClass.get(label);
    if (members) members.push(i);
    else byClass.set(label, [i]);
  });
  // Which classes get the visits that are left over changes from epoch to epoch.
  const classes = new RandomStream(seed, 'sample', epoch).shuffle([...byClass.keys()].sort((a, b) => a - b));
  const drawn: { picture: number; visit: number }[] = [];
  classes.forEach((label, place) => {
    const members = byClass.get(label)!;
    const wanted = Math.floor((labels.length + place) / classes.length);
    const random = new RandomStream(seed, 'sample', epoch, label + 1);
    for (let visit = 0, left = wanted; left > 0; visit++, left -= members.length) {
      for (const picture of random.shuffle([...members]).slice(0, left)) drawn.push({ picture, visit });
    }
  });
  const sequence = new RandomStream(seed, 'shuffle', epoch).shuffle(fileOrder(drawn.length));
  return {
    order: sequence.map((i) => drawn[i].picture),
    visits: sequence.map((i) => drawn[i].visit),
  };
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
  readonly augmenter: Augmenter;
  readonly seed: number;
  readonly epoch: number;
  /** As in `EpochVisits`. */
  readonly visits?: Uint32Array;
  /** Where pictures are mixed: at least batchSize x classes, which receive the shares of all classes. */
  readonly targets?: Float32Array;
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
      const { augmenter, seed, epoch, visits } = changes;
      const draw = { seed, epoch, index: index + dataset.count * (visits?.[start + i] ?? 0) };
      augmenter.change(dataset.pixels.at(index), 0, pixels, i * size, draw);
      if (augmenter.mixing) mixPicture(dataset, augmenter.mixing, changes, pixels, i, draw);
    } else {
      dataset.pixels.copy(index, pixels, i * size);
    }
  }
  return n;
}

/** Mixes another training picture, changed as it is by itself, into the one at place `i` of the batch, and its label. */
function mixPicture(
  dataset: Dataset,
  mixing: Mixing,
  { augmenter, targets }: BatchAugmentation,
  pixels: Uint8Array,
  i: number,
  draw: AugmentationDraw,
): void {
  const size = pictureSize(dataset);
  const own = dataset.labels[draw.index % dataset.count];
  const other = mixing.partner(dataset.count, draw);
  const partner = new Uint8Array(size);
  augmenter.change(dataset.pixels.at(other), 0, partner, 0, { ...draw, index: other });
  const share = mixing.mix(pixels.subarray(i * size, (i + 1) * size), partner, draw);
  if (!targets) return;
  const first = i * dataset.classNames.length;
  targets.fill(0, first, first + dataset.classNames.length);
  targets[first + own] = share;
  targets[first + dataset.labels[other]] += 1 - share;
}
