import { generateDigits } from '../../dataset/builtin/digits.ts';
import { createDataset, type Dataset, pictureSize, subset } from '../../dataset/dataset.ts';

export interface DigitParts {
  readonly train: Dataset;
  readonly val: Dataset;
  readonly test: Dataset;
}

/** Digits drawn from a seed, dealt out in three parts that have no picture in common. */
export function digitParts(counts: {
  readonly train: number;
  readonly val: number;
  readonly test: number;
  readonly seed?: number;
}): DigitParts {
  const { train, val, test, seed = 1 } = counts;
  const drawn = generateDigits({ train: train + val, test, seed });
  return {
    train: subset(drawn.train!, range(0, train)),
    val: subset(drawn.train!, range(train, train + val)),
    test: drawn.test!,
  };
}

export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Pictures of both, one after the other; both have the same classes and size. */
export function joined(first: Dataset, second: Dataset): Dataset {
  const size = pictureSize(first);
  const pixels = new Uint8Array((first.count + second.count) * size);
  for (let i = 0; i < first.count; i++) pixels.set(first.pixels.at(i), i * size);
  for (let i = 0; i < second.count; i++) pixels.set(second.pixels.at(i), (first.count + i) * size);
  return createDataset({ ...first, origins: undefined, groups: undefined, pixels, labels: labelsOf(first, second) });
}

const labelsOf = (first: Dataset, second: Dataset): Int32Array => Int32Array.from([...first.labels, ...second.labels]);
