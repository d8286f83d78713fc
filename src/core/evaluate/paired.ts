import type { PictureAnswers } from './answers.ts';
import { mcnemarTest, type PairedTest } from './mcnemar.ts';

/** Two classifiers on the same pictures: the test, and the pictures on which they differ. */
export interface PairedComparison extends PairedTest {
  /** Places of pictures that only one has right, those first on which the other is surely wrong. */
  readonly onlyFirstPictures: readonly number[];
  readonly onlySecondPictures: readonly number[];
  /** Pictures that both have right, and that both have wrong. */
  readonly both: number;
  readonly neither: number;
}

const mostListed = 48;

/** Compares answers picture by picture. Both must be of the same pictures, in the same order. */
export function compareAnswers(first: PictureAnswers, second: PictureAnswers): PairedComparison {
  const [onlyFirst, onlySecond]: [number[], number[]] = [[], []];
  let [both, neither] = [0, 0];
  for (let i = 0; i < first.right.length; i++) {
    if (first.right[i] > second.right[i]) onlyFirst.push(i);
    else if (second.right[i] > first.right[i]) onlySecond.push(i);
    else if (first.right[i] === 1) both++;
    else neither++;
  }
  const surest = (places: number[], { confidences }: PictureAnswers): number[] =>
    places.sort((a, b) => confidences[b] - confidences[a] || a - b).slice(0, mostListed);
  return {
    ...mcnemarTest(onlyFirst.length, onlySecond.length, first.right.length),
    onlyFirstPictures: surest(onlyFirst, second),
    onlySecondPictures: surest(onlySecond, first),
    both,
    neither,
  };
}
