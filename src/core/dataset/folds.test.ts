import { expect, it } from 'vitest';
import { createDataset } from './dataset.ts';
import { dealFolds } from './folds.ts';

it('deals each class out evenly, copies and groups together', () => {
  const count = 103;
  const pixels = Uint8Array.from({ length: count }, (_, i) => i);
  pixels[50] = pixels[1];
  const groups = Array.from({ length: count }, (_, i) => (i > 95 ? 'patient' : undefined));
  const labels = Int32Array.from({ length: count }, (_, i) => (i < 60 ? 0 : 1));
  const dataset = createDataset({
    name: 'd',
    classNames: ['a', 'b'],
    height: 1,
    width: 1,
    channels: 1,
    pixels,
    labels,
    groups,
  });
  const places = dealFolds(dataset, 4, 1);
  expect(dealFolds(dataset, 4, 1)).toEqual(places);
  expect(places[50]).toBe(places[1]);
  expect(new Set(places.subarray(96)).size).toBe(1);
  const sizes = [0, 1, 2, 3].map((fold) => places.filter((place, i) => place === fold && labels[i] === 0).length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(2);
  expect(() => dealFolds(dataset, 1, 1)).toThrow(/from 2 to 20.* 'folds'/);
});
