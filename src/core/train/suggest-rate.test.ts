import { describe, expect, it } from 'vitest';
import { RandomStream } from '../random.ts';
import { suggestRate } from './suggest-rate.ts';

const random = new RandomStream(1, 'sample');
/** A ramp from 1e-6 to 10 whose loss falls around `middle` and rises again above `wall`. */
const ramp = (middle: number, wall: number, noise = 0.1) =>
  Array.from({ length: 100 }, (_, i) => {
    const learningRate = 1e-6 * 10 ** ((7 * i) / 99);
    const fall = 2.3 / (1 + (learningRate / middle) ** 2);
    const rise = (learningRate / wall) ** 2;
    return { learningRate, loss: 0.2 + fall + rise + noise * (random.uniform() - 0.5) };
  });

describe('suggestRate', () => {
  it.each([1e-4, 1e-3, 1e-2])('finds where the loss falls most steeply: %d', (middle) => {
    const { suggestion, lowest } = suggestRate(ramp(middle, middle * 30));
    expect(suggestion! / middle).toBeGreaterThan(0.4);
    expect(suggestion! / middle).toBeLessThan(2.5);
    expect(lowest!).toBeGreaterThan(suggestion!);
  });

  it('suggests nothing where the loss does not fall', () => {
    expect(suggestRate(ramp(1e9, 1e-3)).suggestion).toBeUndefined();
    expect(suggestRate([]).suggestion).toBeUndefined();
  });
});
