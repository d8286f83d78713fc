import { describe, expect, it } from 'vitest';
import { joinProgress, noProgress, readProgress } from './progress.ts';

describe('progress in the course', () => {
  const mine = { ...noProgress, done: ['a'], notes: { a: 'mine' } };

  it('comes back from a file as it was', () => {
    expect(readProgress(JSON.stringify(mine))).toEqual(mine);
  });

  it('is not taken from anything else', () => {
    for (const text of ['', '{', '7', 'null', '{}', JSON.stringify({ ...mine, version: 2 })])
      expect(readProgress(text)).toBeUndefined();
    expect(readProgress(JSON.stringify({ ...mine, done: [3] }))).toBeUndefined();
    expect(readProgress(JSON.stringify({ ...mine, notes: { a: 3 } }))).toBeUndefined();
    expect(readProgress(JSON.stringify({ ...mine, notes: null }))).toBeUndefined();
  });

  it('is joined without losing a note', () => {
    const theirs = { ...noProgress, done: ['a', 'b'], notes: { a: 'theirs', b: 'more' } };
    const both = joinProgress(mine, theirs);
    expect(both).toEqual({ ...noProgress, done: ['a', 'b'], notes: { a: 'mine\n\ntheirs', b: 'more' } });
    expect(joinProgress(both, theirs)).toEqual(both);
  });
});
