import { FoveaError, invalid, mismatch } from '../errors.ts';
import { withChannels } from '../image/channels.ts';
import { type FitMode, fitPicture } from '../image/fit.ts';
import type { Picture } from '../image/picture.ts';
import { memoryPixels, type Pixels, selectPixels } from './pixels.ts';

/** Labelled pictures of one size, in memory or on a disk. Immutable: every change makes a new one. */
export interface Dataset {
  readonly name: string;
  /** Label i means `classNames[i]`. Names are data: never a path, never markup. */
  readonly classNames: readonly string[];
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly count: number;
  /** Each picture height x width x channels, 8 bits. */
  readonly pixels: Pixels;
  /** One of 0 … classNames.length - 1 for each picture. */
  readonly labels: Int32Array;
  /** Where each picture came from: a file below the data's folder, or a place in a file. */
  readonly origins?: readonly string[];
  /** Pictures of one group (a patient, a scene) stay on one side of a split; undefined: of none. */
  readonly groups?: readonly (string | undefined)[];
}

/** A picture file or record that was left out, and why, as the end of a sentence. */
export interface Skipped {
  readonly origin: string;
  readonly reason: string;
}

/** Everything that one place of data holds. Which parts there are is up to the data; `test` is never trained on. */
export interface DataSource {
  readonly name: string;
  readonly train?: Dataset;
  readonly val?: Dataset;
  readonly test?: Dataset;
  /** What was understood and why, a sentence each. */
  readonly notes: readonly string[];
  readonly skipped: readonly Skipped[];
  /** Of a prepared store: `sha256:` and the hash of its index, and what it was prepared from. */
  readonly store?: { readonly hash: string; readonly from: string };
}

export const parts = ['train', 'val', 'test'] as const;
export type Part = (typeof parts)[number];

export interface DatasetParts extends Omit<Dataset, 'count' | 'pixels'> {
  /** count x height x width x channels, 8 bits: an array, which is not copied, or pixels that lie elsewhere. */
  readonly pixels: Uint8Array | Pixels;
}

/** Checks what every later step relies on. @throws FoveaError when sizes and counts do not fit each other. */
export function createDataset(content: DatasetParts): Dataset {
  const { name, classNames, height, width, channels, labels, origins, groups } = content;
  const subject = `data set '${name}'`;
  if (classNames.length < 2) {
    throw invalid('at least 2 classes', subject, classNames.length, 'With one class there is nothing to tell apart');
  }
  if (labels.length === 0) throw mismatch('at least one picture', subject, 'none');
  const size = height * width * channels;
  const given =
    content.pixels instanceof Uint8Array ? content.pixels.length : content.pixels.count * content.pixels.size;
  if (given !== labels.length * size) {
    throw mismatch(`${labels.length} pictures of ${height}x${width}x${channels}`, subject, `${given} bytes of pixels`);
  }
  const pixels = content.pixels instanceof Uint8Array ? memoryPixels(content.pixels, size) : content.pixels;
  if (origins && origins.length !== labels.length) {
    throw invalid(`${labels.length} origins`, subject, origins.length);
  }
  if (groups && groups.length !== labels.length) {
    throw invalid(`${labels.length} groups`, subject, groups.length);
  }
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] < 0 || labels[i] >= classNames.length) {
      throw invalid(`a label from 0 to ${classNames.length - 1}`, `picture ${i} of ${subject}`, labels[i]);
    }
  }
  return { name, classNames, height, width, channels, count: labels.length, pixels, labels, origins, groups };
}

/** Elements of one picture. */
export const pictureSize = (dataset: { height: number; width: number; channels: number }): number =>
  dataset.height * dataset.width * dataset.channels;

/** One picture; the bytes are a copy. */
export function pictureAt(dataset: Dataset, index: number): Picture {
  const { width, height, channels, pixels } = dataset;
  return { width, height, channels, data: pixels.at(index).slice() };
}

/** The pictures at `indices`, in that order. Their pixels are not copied. */
export function subset(dataset: Dataset, indices: ArrayLike<number>, name = dataset.name): Dataset {
  const count = indices.length;
  if (count === 0) throw mismatch('at least one picture', `a part of data set '${dataset.name}'`, 'none');
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const from = indices[i];
    if (!(from >= 0 && from < dataset.count)) throw new RangeError(`no picture ${from} in ${dataset.count}`);
    labels[i] = dataset.labels[from];
  }
  const origins = dataset.origins && Array.from({ length: count }, (_, i) => dataset.origins![indices[i]]);
  const groups = dataset.groups && Array.from({ length: count }, (_, i) => dataset.groups![indices[i]]);
  return { ...dataset, name, count, pixels: selectPixels(dataset.pixels, indices), labels, origins, groups };
}

/** The same pictures at another size and number of channels; the data set itself when they are as wanted already. */
export function resized(
  dataset: Dataset,
  wanted: { readonly height: number; readonly width: number; readonly channels?: 1 | 3; readonly fit?: FitMode },
): Dataset {
  const { height, width, channels = dataset.channels, fit: mode } = wanted;
  if (height === dataset.height && width === dataset.width && channels === dataset.channels) return dataset;
  const size = height * width * channels;
  if (!(dataset.count * size <= 2 ** 32)) {
    throw new FoveaError(
      `${dataset.count} pictures of ${height}x${width}x${channels} take more than 4 GiB`,
      'Choose a smaller size',
    );
  }
  const pixels = new Uint8Array(dataset.count * size);
  for (let i = 0; i < dataset.count; i++) {
    pixels.set(fitPicture(withChannels(pictureAt(dataset, i), channels), height, width, mode).data, i * size);
  }
  return { ...dataset, height, width, channels, pixels: memoryPixels(pixels, size) };
}

/** Pictures of each class. */
export function classCounts(dataset: {
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
}): number[] {
  const counts = new Array<number>(dataset.classNames.length).fill(0);
  for (const label of dataset.labels) counts[label]++;
  return counts;
}
