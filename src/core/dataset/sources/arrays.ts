import { invalid } from '../../errors.ts';
import { createDataset, type DataSource, type Dataset, type Part, parts } from '../dataset.ts';

/** Pixels of one part as a format holds them. */
export interface PartArrays {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** count x height x width x channels. */
  readonly pixels: Uint8Array;
  readonly labels: ArrayLike<number>;
  /** How errors name the file of its pictures. */
  readonly subject: string;
}

/** Parts as one data source. @throws FoveaError when they differ in size, or a label has no name. */
export function arraySource(
  name: string,
  classNames: readonly string[],
  content: ReadonlyMap<Part, PartArrays>,
  notes: readonly string[],
): DataSource {
  const [first] = content.values();
  for (const { subject, ...sides } of content.values()) {
    for (const side of ['height', 'width', 'channels'] as const) {
      if (sides[side] !== first[side]) {
        throw invalid(
          `pictures of one ${side}, ${first[side]},`,
          subject,
          sides[side],
          'All parts must have pictures of one size: bring them to it, or train and test on class folders',
        );
      }
    }
  }
  const datasets: Partial<Record<Part, Dataset>> = {};
  for (const part of parts) {
    const arrays = content.get(part);
    if (!arrays) continue;
    const { height, width, channels, pixels, labels } = arrays;
    datasets[part] = createDataset({
      name: `${name}/${part}`,
      classNames,
      height,
      width,
      channels,
      pixels,
      labels: Int32Array.from(labels),
    });
  }
  return { name, ...datasets, notes, skipped: [] };
}

/** `0`, `1`, … for labels that have no names. */
export function numberNames(labels: Iterable<ArrayLike<number>>): string[] {
  let highest = 0;
  for (const list of labels) for (let i = 0; i < list.length; i++) if (list[i] > highest) highest = list[i];
  return Array.from({ length: highest + 1 }, (_, i) => String(i));
}

/** A sentence where numbers below the highest label never occur: each is a class that has no pictures. */
export function gapNote(labels: Iterable<ArrayLike<number>>): string[] {
  const seen = new Set<number>();
  let highest = 0;
  for (const list of labels) {
    for (let i = 0; i < list.length; i++) {
      seen.add(list[i]);
      if (list[i] > highest) highest = list[i];
    }
  }
  const missing = highest + 1 - seen.size;
  if (missing === 0) return [];
  const classes = missing === 1 ? '1 class has' : `${missing} classes have`;
  return [
    `Labels go up to ${highest}, but only ${seen.size} of these ${highest + 1} occur: ${classes} no pictures. Is a label wrong?`,
  ];
}
