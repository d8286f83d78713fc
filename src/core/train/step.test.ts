import { describe, expect, it } from 'vitest';
import { cutBatch } from './step.ts';

const batch = (n: number) => ({
  n,
  pixels: Uint8Array.from({ length: 2 * n }, (_, i) => i),
  labels: Int32Array.from({ length: n }, (_, i) => i),
});

describe('cutBatch', () => {
  it('makes as few parts as there can be, as equal as can be, in order', () => {
    expect(cutBatch(batch(65), 32).map(({ n }) => n)).toEqual([21, 22, 22]);
    expect(cutBatch(batch(64), 32).map(({ n }) => n)).toEqual([32, 32]);
    expect(cutBatch(batch(7), 8).map(({ n }) => n)).toEqual([7]);
    const parts = cutBatch(batch(5), 2);
    expect(parts.flatMap(({ labels }) => [...labels])).toEqual([0, 1, 2, 3, 4]);
    expect(parts.flatMap(({ pixels }) => [...pixels])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
