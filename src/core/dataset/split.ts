import { invalid, mismatch } from '../errors.ts';
import { RandomStream } from '../random.ts';
import { type Dataset, subset } from './dataset.ts';

export interface SplitIndices {
  /** Ascending. */
  readonly kept: Uint32Array;
  /** Ascending. */
  readonly taken: Uint32Array;
}

/**
 * Chooses a share of each class by seed: the rounded share, but at least one picture and never all where the class has
 * two or more; a class of one picture keeps it. A class's choice depends on the seed, its number and its own pictures
 * alone, so it stays when other classes grow.
 * @param fraction more than 0, less than 1.
 */
export function splitIndices(labels: Int32Array, classCount: number, fraction: number, seed: number): SplitIndices {
  if (!(fraction > 0 && fraction < 1)) {
    throw invalid('a share between 0 and 1, such as 0.1,', "option 'val'", fraction);
  }
  const byClass: number[][] = Array.from({ length: classCount }, () => []);
  labels.forEach((label, i) => {
    byClass[label].push(i);
  });
  const taken: number[] = [];
  const kept: number[] = [];
  byClass.forEach((members, label) => {
    const share =
      members.length < 2 ? 0 : Math.max(1, Math.min(members.length - 1, Math.round(members.length * fraction)));
    const order = new RandomStream(seed, 'split', label).shuffle([...members]);
    for (const index of order.slice(0, share)) taken.push(index);
    for (const index of order.slice(share)) kept.push(index);
  });
  if (taken.length === 0) {
    throw mismatch(
      'a class of at least 2 pictures',
      'splitting validation pictures off',
      'classes of one picture each',
      'Add pictures, or a folder val/ of their own',
    );
  }
  return { kept: Uint32Array.from(kept).sort(), taken: Uint32Array.from(taken).sort() };
}

/** Splits a share off each class: what stays, in the old order, and what was taken, in the old order. */
export function splitOff(dataset: Dataset, fraction: number, seed: number): { kept: Dataset; taken: Dataset } {
  const { kept, taken } = splitIndices(dataset.labels, dataset.classNames.length, fraction, seed);
  return { kept: subset(dataset, kept), taken: subset(dataset, taken) };
}
