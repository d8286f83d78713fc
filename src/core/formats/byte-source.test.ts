import { expect, it } from 'vitest';
import { bytesSource, watchedSource } from './byte-source.ts';

it('tells how far into a source somebody read, and never back', async () => {
  const told: number[][] = [];
  const source = watchedSource(bytesSource(Uint8Array.from({ length: 10 }, (_, i) => i)), (...far) => told.push(far));
  expect([...(await source.read(2, 3))]).toEqual([2, 3, 4]);
  await source.read(0, 2);
  await source.read(8, 2);
  expect(told).toEqual([
    [5, 10],
    [10, 10],
  ]);
});
