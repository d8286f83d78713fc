import { expect, it } from 'vitest';
import { RandomStream } from '../random.ts';
import { descending } from './ranking.ts';

it('orders from the highest, equal scores in their order, as a plain sort does', () => {
  expect([...descending([0.5, 2, -1, 2, 0, -0, Infinity])]).toEqual([6, 1, 3, 0, 4, 5, 2]);
  expect([...descending([])]).toEqual([]);
  const random = new RandomStream(1, 'sample');
  const scores = Array.from({ length: 5000 }, () => random.below(700) / 7);
  const plain = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  expect([...descending(scores)]).toEqual(plain);
});
