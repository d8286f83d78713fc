import { describe, expect, it } from 'vitest';
import { createAugmenter } from '../image/augment.ts';
import { balancedEpoch, fillBatch } from './batches.ts';
import { createDataset } from './dataset.ts';

describe('balancedEpoch', () => {
  const labels = Int32Array.from({ length: 100 }, (_, i) => (i < 4 ? 0 : i < 34 ? 1 : 3));

  it('visits classes and the pictures of a class equally often', () => {
    const { order, visits } = balancedEpoch(labels, 1, 1);
    expect(order).toHaveLength(100);
    const times = new Array<number>(100).fill(0);
    order.forEach((picture, place) => {
      times[picture]++;
      expect(visits![place]).toBeLessThan(Math.ceil(34 / 4));
    });
    const sums = [0, 1, 3].map((label) => times.reduce((sum, n, i) => sum + (labels[i] === label ? n : 0), 0));
    expect([...sums].sort()).toEqual([33, 33, 34]);
    for (const label of [0, 1, 3]) {
      const own = times.filter((_, i) => labels[i] === label);
      expect(Math.max(...own) - Math.min(...own)).toBeLessThanOrEqual(1);
    }
    // Each visit of a picture has its own number.
    expect(new Set([...order].map((picture, place) => `${picture} ${visits![place]}`)).size).toBe(100);
  });

  it('follows from seed and epoch; the large classes show other pictures in another epoch', () => {
    expect(balancedEpoch(labels, 1, 1)).toEqual(balancedEpoch(labels, 1, 1));
    const seen = (epoch: number): number[] => [...new Set(balancedEpoch(labels, 1, epoch).order)].sort((a, b) => a - b);
    expect(seen(1)).not.toEqual(seen(2));
    expect([...balancedEpoch(labels, 2, 1).order]).not.toEqual([...balancedEpoch(labels, 1, 1).order]);
  });

  it('changes a picture anew when it comes again', () => {
    const dataset = createDataset({
      name: 'x',
      classNames: ['a', 'b'],
      height: 8,
      width: 8,
      channels: 1,
      pixels: Uint8Array.from({ length: 128 }, (_, i) => i),
      labels: Int32Array.from([0, 1]),
    });
    const augmenter = createAugmenter({ crop: 3 }, dataset)!;
    const fill = (visits?: Uint32Array): Uint8Array => {
      const pixels = new Uint8Array(4 * 64);
      const changes = { augmenter, seed: 1, epoch: 1, visits };
      fillBatch(dataset, Uint32Array.from([0, 0, 0, 0]), 0, 4, pixels, new Int32Array(4), changes);
      return pixels;
    };
    const views = (pixels: Uint8Array): number =>
      new Set([0, 1, 2, 3].map((i) => pixels.slice(i * 64, i * 64 + 64).join())).size;
    expect(views(fill())).toBe(1);
    expect(views(fill(Uint32Array.from([0, 1, 2, 3])))).toBeGreaterThan(2);
    expect([...fill(Uint32Array.from([0, 1, 2, 3])).subarray(0, 64)]).toEqual([...fill().subarray(0, 64)]);
  });
});
