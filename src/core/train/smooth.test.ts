import { describe, expect, it } from 'vitest';
import { smoothed } from './smooth.ts';

describe('smoothing', () => {
  it('leaves a level curve level, from its first value on', () => {
    for (const value of smoothed([2, 2, 2, 2], 0.9)) expect(value).toBeCloseTo(2, 12);
  });

  it('weighs the past as it says', () => {
    const [first, second] = smoothed([1, 4], 0.5);
    expect(first).toBe(1);
    // (0.25 · 1 + 0.5 · 4) / 0.75
    expect(second).toBeCloseTo(3, 12);
    expect(smoothed([3, 1, 2], 0)).toEqual([3, 1, 2]);
  });

  it('passes over what is not finite', () => {
    expect(smoothed([1, Number.NaN, 1], 0.8)).toEqual([1, Number.NaN, 1]);
  });
});
