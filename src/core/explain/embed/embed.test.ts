import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../random.ts';
import type { Features } from './features.ts';
import { nearestTo, typicalOf } from './neighbours.ts';
import { principalComponents } from './pca.ts';
import { umap } from './umap.ts';

const random = new RandomStream(1, 'sample');
const centred = (): number => random.uniform() - 0.5;

/** Two clouds of directions, about (1, 0, 0) and (0, 1, 0); the last of class 0 lies in the other cloud. */
function twoClasses(each: number): Features {
  const rows = new Float32Array(2 * each * 3);
  const labels = Int32Array.from({ length: 2 * each }, (_, i) => (i < each ? 0 : 1));
  labels.forEach((label, i) => {
    const cloud = i === each - 1 ? 1 : label;
    const row = [0, 1, 2].map((axis) => (axis === cloud ? 1 : 0) + 0.2 * centred());
    const length = Math.hypot(...row);
    rows.set(
      row.map((value) => value / length),
      3 * i,
    );
  });
  return { rows, size: 3, count: 2 * each, labels, indices: labels.map((_, i) => 100 + i) };
}

describe('principal components', () => {
  it('find the directions and shares of a cloud that was made with them', () => {
    const rows = Float32Array.from(
      Array.from({ length: 500 }, () => {
        const [a, b] = [6 * centred(), 2 * centred()];
        return [5 + 0.6 * a + 0.8 * b, -1 + 0.8 * a - 0.6 * b, 0.1 * centred()];
      }).flat(),
    );
    const { directions, shares, coordinates } = principalComponents(rows, 3);
    expect(directions[0][0]).toBeCloseTo(0.6, 1);
    expect(directions[0][1]).toBeCloseTo(0.8, 1);
    expect(Math.abs(directions[1][0])).toBeCloseTo(0.8, 1);
    expect(shares[0]).toBeGreaterThan(0.85);
    expect(shares[0] + shares[1]).toBeGreaterThan(0.99);
    expect(coordinates.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 2);
  });

  it('of pictures that are all the same are 0', () => {
    const { coordinates, shares } = principalComponents(new Float32Array(12).fill(0.5), 3);
    expect([...coordinates]).toEqual(new Array(8).fill(0));
    expect(shares).toEqual([0, 0]);
  });
});

describe('neighbours', () => {
  const features = twoClasses(20);

  it('the nearest is the picture itself, and then its cloud', () => {
    const found = nearestTo(features, features.rows.subarray(3 * 30, 3 * 31), 5);
    expect(found[0]).toMatchObject({ index: 130, label: 1 });
    expect(found[0].distance).toBeCloseTo(0, 6);
    expect(found.map(({ distance }) => distance)).toEqual(found.map(({ distance }) => distance).sort((a, b) => a - b));
  });

  it('what lies in another class’s cloud is the first outlier and tells whose', () => {
    const { outliers, prototypes } = typicalOf(features, 2, 0, 3);
    expect(outliers[0]).toMatchObject({ index: 119, nearest: 1 });
    expect(outliers[1].nearest).toBe(0);
    expect(prototypes[0].distance).toBeLessThan(outliers[1].distance);
  });
});

describe('umap', () => {
  it('keeps clouds apart, and is the same again', async () => {
    const features = twoClasses(30);
    const map = await umap(features, 7);
    expect(map).toEqual(await umap(features, 7));
    const mean = (from: number, to: number, axis: number): number => {
      let sum = 0;
      for (let i = from; i < to; i++) sum += map[2 * i + axis] / (to - from);
      return sum;
    };
    const gap = Math.hypot(mean(0, 29, 0) - mean(30, 60, 0), mean(0, 29, 1) - mean(30, 60, 1));
    expect(gap).toBeGreaterThan(2);
  });
});
