import { expect, it } from 'vitest';
import { RandomStream } from '../random.ts';
import { descending } from './ranking.ts';

it('orders from the highest, equal scores in their order, as a plain sort does', () => {
  expect([...descending([0.5, 2, -1, 2, 0, -0, Infinity])]).toEqual([6, 1, 3, 0, 4, 5, 2]);
  expect([...descending([])]).toEqual([]);
  expect([...descending([7])]).toEqual([0]);
  const random = new RandomStream(1, 'sample');
  const ties = Array.from({ length: 5000 }, () => random.below(700) / 7 - 50);
  // Of all sizes: from subnormal numbers to the largest, either sign.
  const sizes = Array.from(
    { length: 5000 },
    () => (random.below(2) - 0.5) * (1 + random.below(9)) * 10 ** (random.below(600) - 320),
  );
  // Near 1, where probabilities of a sure network differ in their last bits only.
  const sure = Array.from({ length: 5000 }, () => 1 - random.below(1000) * 2 ** -53);
  for (const scores of [ties, sizes, sure]) {
    const plain = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
    expect([...descending(scores)]).toEqual(plain);
  }
});

it('puts what is no number last', () => {
  expect([...descending([NaN, -Infinity, 1, NaN, Infinity])]).toEqual([4, 2, 1, 0, 3]);
});
