import { describe, expect, it } from 'vitest';
import { alternate, median } from './alternate.ts';

describe('alternate', () => {
  it('runs all in turn and gives the median of each, the warm-up left out', async () => {
    let time = 0;
    const order: string[] = [];
    const durations = { a: [500, 1, 9, 3], b: [700, 20, 20, 20] };
    const one = (name: 'a' | 'b') => ({
      prepare: () => void (time += 1000),
      run: async () => {
        order.push(name);
        time += durations[name].shift() as number;
      },
    });
    const shares: number[] = [];
    const budget = { milliseconds: 1, clock: () => time, onRound: (share: number) => void shares.push(share) };
    expect(await alternate([one('a'), one('b')], budget)).toEqual([3, 20]);
    expect(order.join('')).toBe('abababab');
    expect(shares.every((share) => share === 1)).toBe(true);
  });

  it('goes on until the budget is spent', async () => {
    let time = 0;
    let runs = 0;
    const step = { run: async () => void (time += 10 + (runs++ > 50 ? 1 : 0)) };
    const times = await alternate([step], { milliseconds: 1000, clock: () => time });
    expect(runs).toBeGreaterThan(90);
    expect(times[0]).toBeGreaterThanOrEqual(10);
  });

  it('stops when aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const budget = { milliseconds: 1, clock: () => 0, signal };
    await expect(alternate([{ run: async () => undefined }], budget)).rejects.toThrow('enough');
  });
});

it('median', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
});
