import { describe, expect, it } from 'vitest';
import { nearby } from './nearby.ts';

describe('nearby', () => {
  it('wants what is in sight first, then what comes next, then one behind', () => {
    expect(nearby(10, 12, 100, true)).toEqual([10, 11, 12, 13, 14, 15, 16, 9]);
    expect(nearby(10, 12, 100, false)).toEqual([10, 11, 12, 9, 8, 7, 6, 13]);
  });
  it('wants nothing that is not there', () => {
    expect(nearby(0, 1, 3, false)).toEqual([0, 1, 2]);
    expect(nearby(2, 2, 3, true)).toEqual([2, 1]);
  });
});
