import { expect, it } from 'vitest';
import { measureValues, normOf } from './layer-statistics.ts';

it('measures mean, deviation, zeros and units that give one value', () => {
  // Four rows of three units: the first always 2, the second always 0.
  const values = Float32Array.of(2, 0, 1, 2, 0, 3, 2, 0, 0, 2, 0, 0);
  const { mean, deviation, zeros, dead, unitMeans } = measureValues(values, 3);
  expect(mean).toBeCloseTo(1, 12);
  expect(deviation).toBeCloseTo(Math.sqrt((4 * 1 + 4 * 1 + 0 + 4 + 1 + 1) / 12), 12);
  expect(zeros).toBe(0.5);
  expect(dead).toBeCloseTo(2 / 3, 12);
  expect([...unitMeans]).toEqual([2, 0, 1]);
});

it('takes a part of a large value, all units of it', () => {
  const units = 8;
  const values = Float32Array.from({ length: 1e6 }, (_, i) => (i % units === 3 ? 0 : (i % 97) - 48));
  const { mean, zeros, dead, deviation } = measureValues(values, units);
  const whole = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(Math.abs(mean - whole)).toBeLessThan(1);
  expect(deviation).toBeGreaterThan(24);
  expect(zeros).toBeGreaterThan(0.12);
  expect(dead).toBe(1 / units);
});

it('takes several arrays as one vector', () => {
  expect(normOf([Float32Array.of(3), Float32Array.of(0, 4)])).toBe(5);
});
