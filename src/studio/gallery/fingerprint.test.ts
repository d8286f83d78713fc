import { expect, it } from 'vitest';
import { fingerprint } from './fingerprint.ts';

it('tells other pictures, another order and fewer of them apart', () => {
  const lists = [[], [0], [0, 0], [1, 2, 3], [3, 2, 1], [1, 2], [1, 2, 4]];
  expect(new Set(lists.map(fingerprint)).size).toBe(lists.length);
  expect(fingerprint(Uint32Array.of(1, 2, 3))).toBe(fingerprint([1, 2, 3]));
});
