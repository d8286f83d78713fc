import { invalid } from '../errors.ts';

/** How two sets of logits of the same pictures differ. */
export interface Agreement {
  readonly pictures: number;
  /** Largest absolute difference. */
  readonly largestDifference: number;
  /** Largest less smallest of the engine's. */
  readonly range: number;
  /** largestDifference / range; 0 where neither differs. */
  readonly relativeDifference: number;
  /** Pictures with the same most likely class. */
  readonly sameTopClass: number;
  /** Pictures with another one although the engine's first two lie further apart than rounding does (1e-4 of the range). */
  readonly otherTopClass: number;
}

/** Beyond these an export does not compute the same model. Rounding of float32 stays far below. */
export const proofLimits = { relativeDifference: 1e-3, margin: 1e-4 } as const;

/** @param expected the engine's logits [pictures, classes]. @param actual the export's, of the same pictures. */
export function compareLogits(expected: Float32Array, actual: ArrayLike<number>, classes: number): Agreement {
  if (actual.length !== expected.length) {
    throw invalid(`${expected.length} logits`, 'the exported model', actual.length);
  }
  let [low, high, largestDifference] = [Infinity, -Infinity, 0];
  let broken = false;
  for (let i = 0; i < expected.length; i++) {
    low = Math.min(low, expected[i]);
    high = Math.max(high, expected[i]);
    const difference = Math.abs(actual[i] - expected[i]);
    if (Number.isNaN(difference)) broken = true;
    else largestDifference = Math.max(largestDifference, difference);
  }
  if (broken) largestDifference = Infinity;
  const range = high - low;
  let [sameTopClass, otherTopClass] = [0, 0];
  const pictures = expected.length / classes;
  for (let i = 0; i < pictures; i++) {
    const [first, margin] = topOf(expected, i * classes, classes);
    if (topOf(actual, i * classes, classes)[0] === first) sameTopClass++;
    else if (margin > proofLimits.margin * range) otherTopClass++;
  }
  return {
    pictures,
    largestDifference,
    range,
    relativeDifference: largestDifference === 0 ? 0 : largestDifference / range,
    sameTopClass,
    otherTopClass,
  };
}

/** The place of the largest, and how far it is above the second. */
function topOf(values: ArrayLike<number>, start: number, count: number): [place: number, margin: number] {
  let [place, best, second] = [0, -Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    const value = values[start + i];
    if (value > best) [place, second, best] = [i, best, value];
    else if (value > second) second = value;
  }
  return [place, best - second];
}

/** Whether both compute the same model, up to rounding. */
export const agrees = ({ relativeDifference, otherTopClass }: Agreement): boolean =>
  relativeDifference <= proofLimits.relativeDifference && otherTopClass === 0;
