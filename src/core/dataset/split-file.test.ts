import { describe, expect, it } from 'vitest';
import { createDataset, type DataSource, type Dataset } from './dataset.ts';
import { copyPixels } from './pixels.ts';
import { applySplit, createSplitFile, formatSplitFile, parseSplitFile, type SplitEntry } from './split-file.ts';

const entry = (origin: string, part: SplitEntry['part'], name = 'a'): SplitEntry => ({
  origin,
  hash: origin.length.toString(16).padStart(16, '0'),
  class: name,
  part,
});

const content = {
  data: 'photos',
  seed: 1,
  shares: { val: 0.2, test: 0.2 },
  pictures: [entry('b/2', 'val', 'b'), entry('a/1', 'train'), entry('a/2', 'test'), entry('b/1', 'train', 'b')],
};

describe('a split file', () => {
  it('comes back as it was written, with a hash that neither order nor place of the data changes', async () => {
    const split = await createSplitFile(content);
    expect(split.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    const text = formatSplitFile(split);
    expect(text.split('\n').filter((line) => line.includes('"origin"'))).toHaveLength(4);
    expect(await parseSplitFile(text, 's.json')).toEqual(split);
    const other = await createSplitFile({ ...content, data: '/elsewhere', pictures: [...content.pictures].reverse() });
    expect(other.hash).toBe(split.hash);
  });

  it('has another hash when a picture has another place, content or class', async () => {
    const { hash } = await createSplitFile(content);
    for (const change of [{ part: 'train' }, { hash: 'f'.repeat(16) }, { class: 'c' }, { origin: 'a/9' }] as const) {
      const [first, ...others] = content.pictures;
      const changed = await createSplitFile({
        ...content,
        pictures: [{ ...first, ...change }, ...others],
      });
      expect(changed.hash).not.toBe(hash);
    }
  });

  it('is refused when it was changed by hand, or is none', async () => {
    const text = formatSplitFile(await createSplitFile(content));
    const changed = text.replace('"part":"test"', '"part":"train"');
    expect(changed).not.toBe(text);
    await expect(parseSplitFile(changed, 's.json')).rejects.toThrow(/The split 's\.json' was changed since/);
    await expect(parseSplitFile('{}', 's.json')).rejects.toThrow(
      /a split as fovea data split writes it for file 's\.json'/,
    );
    await expect(parseSplitFile('nothing', 's.json')).rejects.toThrow(/no JSON/);
  });
});

describe('applySplit', () => {
  const dataset = (name: string, values: number[], origins?: string[]): Dataset =>
    createDataset({
      name,
      classNames: ['a', 'b'],
      height: 1,
      width: 1,
      channels: 1,
      pixels: Uint8Array.from(values),
      labels: Int32Array.from(values, (value) => (value < 10 ? 0 : 1)),
      origins,
    });
  const source = (datasets: Partial<DataSource>): DataSource => ({ name: 'made', notes: [], skipped: [], ...datasets });

  it('deals pictures of all parts out and tells what does not fit', async () => {
    const given = source({
      train: dataset('train', [1, 11, 3, 12], ['a/1', 'b/1', 'a/3', 'b/2']),
      test: dataset('test', [2], ['a/2']),
    });
    const split = await createSplitFile({
      ...content,
      pictures: [
        entry('a/1', 'test'),
        entry('a/2', 'train'),
        entry('b/1', 'train', 'b'),
        entry('b/2', 'out', 'b'),
        entry('b/9', 'val', 'b'),
      ],
    });
    const { source: dealt, notes } = applySplit(given, split, 's.json');
    expect(dealt.train).toMatchObject({ count: 2, origins: ['b/1', 'a/2'] });
    expect([[...copyPixels(dealt.train!.pixels)], [...dealt.train!.labels]]).toEqual([
      [11, 2],
      [1, 0],
    ]);
    expect(dealt.test!.origins).toEqual(['a/1']);
    expect(dealt.val).toBeUndefined();
    expect(notes).toEqual([
      "Left out 1 pictures that the split does not know, such as 'a/3'; give them a place with fovea data split DATA --out s.json.",
      '1 pictures of the split are not in the data.',
    ]);
  });

  it('names pictures without origins by their part and number', async () => {
    const split = await createSplitFile({
      ...content,
      pictures: [entry('train/0', 'train'), entry('train/1', 'val', 'b'), entry('test/0', 'test')],
    });
    const { source: dealt } = applySplit(
      source({ train: dataset('train', [1, 11]), test: dataset('test', [5]) }),
      split,
      's.json',
    );
    expect([dealt.train!.origins, dealt.val!.origins, dealt.test!.origins]).toEqual([
      ['train/0'],
      ['train/1'],
      ['test/0'],
    ]);
  });

  it('keeps the part of who got another class, and refuses data of another set', async () => {
    const split = await createSplitFile({ ...content, pictures: [entry('a/1', 'train', 'b')] });
    const given = source({ train: dataset('train', [1, 11], ['a/1', 'b/1']) });
    expect(() => applySplit(given, split, 's.json')).toThrow(/'a\/1' was of class 'b' .* and is of class 'a' now/);
    const few = await createSplitFile({
      ...content,
      pictures: [entry('a/1', 'train', 'b'), entry('a/2', 'train', 'a'), entry('b/1', 'test', 'b')],
    });
    const relabelled = source({ train: dataset('train', [1, 2, 11], ['a/1', 'a/2', 'b/1']) });
    const { source: dealt, notes } = applySplit(relabelled, few, 's.json');
    expect([dealt.train!.origins, dealt.test!.origins]).toEqual([['a/1', 'a/2'], ['b/1']]);
    expect(notes).toEqual(['1 picture has another class than when the split was written; its part stays.']);
    const other = await createSplitFile(content);
    const strange = source({ train: dataset('train', [1, 11], ['x', 'y']) });
    expect(() => applySplit(strange, other, 's.json')).toThrow(/training pictures .* Does it belong to these data\?/);
  });
});
