import { describe, expect, it } from 'vitest';
import {
  type AddedLine,
  type AddedPicture,
  addedOrigin,
  addedPictures,
  classOfAdded,
  readAddedLines,
  writeAddedLines,
} from './added.ts';
import { type LabelDecision, type LabelLine, labelsByHash, readLabelLines, writeLabelLines } from './labels.ts';

const hash = (n: number): string => n.toString(16).padStart(64, '0');
const picture = (n: number, name: string, batch: number, at = '2026-02'): AddedPicture => ({
  add: 'picture',
  hash: hash(n),
  file: `${n}.png`,
  pool: '../pool',
  class: name,
  by: 'person',
  batch,
  at,
});

describe('added pictures', () => {
  it('are those of the last word, and an undo takes back all of one adding', () => {
    const lines: AddedLine[] = [
      picture(1, 'cat', 0),
      picture(2, 'cat', 0),
      picture(1, 'dog', 2),
      { add: 'remove', hash: hash(2), batch: 2, at: '' },
    ];
    const shown = (some: readonly AddedLine[]) => addedPictures(some).map((one) => `${one.file} ${one.class}`);
    expect(shown(lines)).toEqual(['1.png dog']);
    expect(shown([...lines, { add: 'undo', at: '' }])).toEqual(['1.png cat', '2.png cat']);
    expect(shown([...lines, { add: 'undo', at: '' }, { add: 'undo', at: '' }, { add: 'undo', at: '' }])).toEqual([]);
    expect(readAddedLines(writeAddedLines(lines), 'x')).toEqual(lines);
  });

  it('are named after their pool, whatever leads there', () => {
    const named = (pool: string) => addedOrigin({ pool, file: 'a/b.png' });
    expect([named('../x/pool'), named('C:\\x\\pool'), named('..')]).toEqual([
      'added/pool/a/b.png',
      'added/pool/a/b.png',
      'added/pool/a/b.png',
    ]);
  });

  it('follow fixes that came after them, and not those before', () => {
    const one = picture(1, 'cat', 0, '2026-02');
    const of = (...fixes: Parameters<typeof classOfAdded>[2]) => classOfAdded(one, 'added/pool/1.png', fixes);
    expect(of()).toBe('cat');
    expect(of({ fix: 'rename', from: 'cat', to: 'felid', at: '2026-01' })).toBe('cat');
    expect(
      of(
        { fix: 'rename', from: 'cat', to: 'felid', at: '2026-03' },
        { fix: 'merge', from: 'felid', into: 'animal', at: '2026-04' },
      ),
    ).toBe('animal');
    expect(of({ fix: 'relabel', file: 'added/pool/1.png', class: 'dog', at: '2026-03' })).toBe('dog');
    expect(of({ fix: 'exclude', file: 'added/pool/1.png', at: '2026-03' })).toBeUndefined();
  });

  it('are refused by line where they are none', () => {
    const text = writeAddedLines([picture(1, 'cat', 0)]);
    expect(() => readAddedLines(text.replace('"by":"person"', '"by":"ghost"'), 'f')).toThrow(/line 2 of 'f'/);
    expect(() => readAddedLines('{"format":"fovea-fixes","version":1}\n', 'f')).toThrow(/fovea data add/);
  });
});

describe('labels', () => {
  const label = (n: number, name: string): LabelDecision => ({
    label: 'class',
    class: name,
    hash: hash(n),
    file: `${n}.png`,
    by: 'person',
    at: '',
  });

  it('are the last word about each content, whatever its name', () => {
    const lines: LabelLine[] = [
      label(1, 'cat'),
      { ...label(1, 'dog'), file: 'renamed.png' },
      label(2, 'cat'),
      { label: 'undo', at: '' },
    ];
    expect([...labelsByHash(lines).values()].map((one) => one.file)).toEqual(['renamed.png']);
    expect([...labelsByHash([...lines, { label: 'undo', at: '' }]).values()].map((one) => one.file)).toEqual(['1.png']);
    expect(readLabelLines(writeLabelLines(lines), 'x')).toEqual(lines);
    expect(() => readLabelLines(writeLabelLines([{ ...label(1, 'a'), hash: '../x' }]), 'f')).toThrow(/line 2 of 'f'/);
  });
});
