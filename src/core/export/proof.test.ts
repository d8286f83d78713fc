import { describe, expect, it } from 'vitest';
import { agrees, compareLogits } from './proof.ts';

const expected = Float32Array.of(0, 1, 2, 5, 4.9999, -5);

describe('compareLogits', () => {
  it('of the same', () => {
    expect(compareLogits(expected, expected, 3)).toEqual({
      pictures: 2,
      largestDifference: 0,
      range: 10,
      relativeDifference: 0,
      sameTopClass: 2,
      otherTopClass: 0,
    });
  });

  it('another first class counts only where the margin is above rounding', () => {
    const actual = Float32Array.of(0, 1, 2, 4.9998, 5, -5);
    const result = compareLogits(expected, actual, 3);
    expect(result).toMatchObject({ sameTopClass: 1, otherTopClass: 0 });
    expect(result.relativeDifference).toBeCloseTo(2e-5, 6);
    expect(agrees(result)).toBe(true);
    expect(compareLogits(expected, [3, 1, 2, 5, 4, -5], 3)).toMatchObject({ sameTopClass: 1, otherTopClass: 1 });
  });

  it('what is no number never agrees', () => {
    const result = compareLogits(expected, [Number.NaN, 1, 2, 5, 4.9999, -5], 3);
    expect(result.largestDifference).toBe(Infinity);
    expect(agrees(result)).toBe(false);
    expect(agrees(compareLogits(Float32Array.of(1, 1), [2, 1], 2))).toBe(false);
  });

  it('another number of logits is refused', () => {
    expect(() => compareLogits(expected, [1], 3)).toThrow(/Expected 6 logits for the exported model but received 1/);
  });
});
