import { describe, expect, it } from 'vitest';
import { joinProgress, noProgress, readProgress, setAttempts, setDone, setNotes, writeProgress } from './progress.ts';
import { scoreFigure } from './score.ts';

const proved = { named: 'leak', mended: 'pictures of its own', proved: true, attempts: 2 };

describe('progress in the course', () => {
  const mine = { ...noProgress, done: ['a'], notes: { a: 'mine' }, scores: { faults: { A: proved } } };

  it('comes back from a file as it was', () => {
    expect(readProgress(writeProgress(mine))).toEqual(mine);
  });

  it('comes back from a file of before there were scores', () => {
    const { scores: _, ...older } = mine;
    expect(readProgress(JSON.stringify(older))).toEqual({ ...mine, scores: {} });
  });

  it('is not taken from anything else', () => {
    for (const text of ['', '{', '7', 'null', '[]', '{}', JSON.stringify({ ...mine, version: 2 })])
      expect(readProgress(text)).toBeUndefined();
    const spoilt = [{ done: [3] }, { notes: { a: 3 } }, { notes: null }, { scores: [] }, { scores: { faults: 3 } }];
    for (const fields of spoilt) expect(readProgress(JSON.stringify({ ...mine, ...fields }))).toBeUndefined();
    for (const attempts of [0, -1, 1.5, '2', null])
      expect(
        readProgress(JSON.stringify({ ...mine, scores: { faults: { A: { ...proved, attempts } } } })),
      ).toBeUndefined();
  });

  it('is joined without losing a note, and the better score counts', () => {
    const theirs = {
      ...noProgress,
      done: ['a', 'b'],
      notes: { a: 'theirs', b: 'more' },
      scores: { faults: { A: { ...proved, attempts: 1 }, B: { ...proved, proved: false } } },
    };
    const both = joinProgress(mine, theirs);
    expect(both).toEqual({
      ...noProgress,
      done: ['a', 'b'],
      notes: { a: 'mine\n\ntheirs', b: 'more' },
      scores: { faults: { A: { ...proved, attempts: 1 }, B: { ...proved, proved: false } } },
    });
    expect(joinProgress(both, theirs)).toEqual(both);
    expect(joinProgress(theirs, mine).scores).toEqual(both.scores);
  });

  it('changes by what a learner does', () => {
    expect(setDone(setDone(noProgress, 'a', true), 'a', true).done).toEqual(['a']);
    expect(setDone(mine, 'a', false).done).toEqual([]);
    expect(setNotes(mine, 'b', 'x').notes).toEqual({ a: 'mine', b: 'x' });
  });
});

describe('a score', () => {
  const attempt = (named: string, isIt: boolean) => ({ item: 'B', named, mended: `no ${named}`, proved: isIt });

  it('counts different names, and keeps what is proved', () => {
    const scoreAfter = (...attempts: ReturnType<typeof attempt>[]) =>
      setAttempts(noProgress, 'faults', attempts).scores.faults.B;
    expect(scoreAfter(attempt('leak', false), attempt('leak', false))).toMatchObject({ attempts: 1, proved: false });
    const known = { named: 'noise', mended: 'no noise', proved: true, attempts: 2 };
    expect(scoreAfter(attempt('leak', false), attempt('noise', true))).toEqual(known);
    expect(scoreAfter(attempt('leak', false), attempt('noise', true), attempt('leak', false))).toEqual(known);
  });

  it('is told over all items, also those that nobody tried, whatever they are called', () => {
    const { scores } = setAttempts(noProgress, 'faults', [
      attempt('noise', true),
      { ...attempt('x', false), item: 'C' },
    ]);
    const { title, rows, words } = scoreFigure('patient', ['A', 'B', 'C', 'constructor'], scores.faults);
    expect(title).toBe('Score: 1 of 4');
    expect(rows.map((row) => row[3])).toEqual(['–', 'yes', 'not yet', '–']);
    expect(words).toBe('2 of 4 named and mended, 1 proved to be it, 1 of them at the first attempt.');
  });
});
