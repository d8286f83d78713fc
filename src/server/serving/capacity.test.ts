import { expect, it } from 'vitest';
import { createCapacity } from './capacity.ts';

it('takes in what it has room for, and room comes back once', () => {
  const capacity = createCapacity({ pictures: 2, bytes: 100 }, () => 0);
  const one = capacity.enter(10)!;
  const two = capacity.enter(10)!;
  expect(capacity.enter(10)).toBeUndefined();
  expect(one.grow(2)).toBe(false);
  one.release();
  one.release();
  expect(capacity.taken).toBe(1);
  const three = capacity.enter(50)!;
  expect(capacity.enter(1)).toBeUndefined();
  two.release();
  expect(three.grow(2)).toBe(true);
  expect(capacity.taken).toBe(2);
  three.release();
  // Alone it may be larger than the house: each request has limits of its own.
  const large = capacity.enter(1000)!;
  expect(large.grow(8)).toBe(true);
  expect(capacity.enter(1)).toBeUndefined();
  large.release();
  expect(capacity.taken).toBe(0);
});

it('counts bytes too', () => {
  const capacity = createCapacity({ pictures: 100, bytes: 100 }, () => 0);
  capacity.enter(60);
  expect(capacity.enter(60)).toBeUndefined();
  expect(capacity.enter(40)).toBeDefined();
});

it('says when to come again by the speed of late', () => {
  let now = 0;
  const capacity = createCapacity({ pictures: 100, bytes: 1e9 }, () => now);
  expect(capacity.retryAfter()).toBe(1);
  for (let i = 0; i < 10; i++) {
    const place = capacity.enter(1)!;
    now += 500;
    place.release();
  }
  for (let i = 0; i < 40; i++) capacity.enter(1);
  // Two a second and 40 in the house.
  expect(capacity.retryAfter()).toBeGreaterThanOrEqual(15);
  expect(capacity.retryAfter()).toBeLessThanOrEqual(20);
});
