import { describe, expect, it } from 'vitest';
import { contentHashes, samePictures } from './content-hash.ts';
import { classCounts, createDataset, type Dataset, type Part } from './dataset.ts';
import { copyPixels, memoryPixels } from './pixels.ts';
import { type SplitPicture, splitOff, splitPictures } from './split.ts';
import { splitUnits } from './split-units.ts';

/** Pictures of 2x2 grey whose pixels are the given value. */
const make = (labels: number[], values = labels.map((_, i) => i), groups?: (string | undefined)[]): Dataset =>
  createDataset({
    name: 'made',
    classNames: ['a', 'b', 'c', 'd'],
    height: 2,
    width: 2,
    channels: 1,
    pixels: Uint8Array.from(values.flatMap((value) => [value, value, value, value])),
    labels: Int32Array.from(labels),
    origins: labels.map((_, i) => `p${i}`),
    groups,
  });

const hashOf = (i: number): string => (Math.imul(i + 1, 0x9e3779b1) >>> 0).toString(16).padStart(32, '0');
const named = (labels: number[]): SplitPicture[] => labels.map((label, i) => ({ label, hash: hashOf(i) }));
const count = (places: readonly Part[], part: Part): number => places.filter((place) => place === part).length;
const shares = { val: 0.15, test: 0.15 };

describe('splitPictures', () => {
  it('gives each class the wanted shares', () => {
    const labels = [...new Array(100).fill(0), ...new Array(40).fill(1), ...new Array(7).fill(2), 3];
    const places = splitPictures(named(labels), { shares, seed: 1 });
    const of = (label: number) =>
      (['train', 'val', 'test'] as const).map(
        (part) => places.filter((p, i) => p === part && labels[i] === label).length,
      );
    expect([of(0), of(1), of(2), of(3)]).toEqual([
      [70, 15, 15],
      [28, 6, 6],
      [5, 1, 1],
      [1, 0, 0],
    ]);
  });

  it('follows from seed and content, not from the order of pictures', () => {
    const pictures = named(new Array(60).fill(0));
    const places = splitPictures(pictures, { shares, seed: 1 });
    const backwards = splitPictures([...pictures].reverse(), { shares, seed: 1 });
    expect(backwards.reverse()).toEqual(places);
    expect(splitPictures(pictures, { shares, seed: 2 })).not.toEqual(places);
  });

  it('without a record, adding one picture moves few', () => {
    const pictures = named(new Array(200).fill(0));
    const before = splitPictures(pictures.slice(0, 199), { shares, seed: 3 });
    const after = splitPictures(pictures, { shares, seed: 3 });
    expect(before.filter((place, i) => place !== after[i]).length).toBeLessThanOrEqual(2);
  });

  it('keeps groups, equal hashes and copies whole', () => {
    const pictures = named(new Array(40).fill(0)).map((one, i) => ({
      ...one,
      hash: hashOf(i === 39 ? 38 : i),
      group: i < 12 ? `g${i % 3}` : undefined,
    }));
    const places = splitPictures(pictures, { shares, seed: 1, together: [[20, 21, 3]] });
    for (const group of [0, 1, 2]) {
      expect(new Set(places.filter((_, i) => i < 12 && i % 3 === group)).size).toBe(1);
    }
    expect(new Set([places[20], places[21], places[3], places[0]]).size).toBe(1);
    expect(places[38]).toBe(places[39]);
    expect([count(places, 'train'), count(places, 'val'), count(places, 'test')]).toEqual([28, 6, 6]);
  });

  it('puts a new copy of a kept picture where that is, the strictest of several', () => {
    const kept: SplitPicture[] = [
      { label: 0, hash: 'aa', part: 'train' },
      { label: 0, hash: 'bb', part: 'test' },
      { label: 0, hash: 'cc', part: 'val' },
      { label: 0, hash: 'dd' },
      { label: 0, hash: 'cc' },
    ];
    expect(splitPictures(kept, { shares, seed: 1, together: [[0, 1, 3]] })).toEqual([
      'train',
      'test',
      'val',
      'test',
      'val',
    ]);
  });

  it('shares out what is left beside a part without a share', () => {
    const pictures = named(new Array(120).fill(0)).map((one, i) => (i < 20 ? { ...one, part: 'test' as const } : one));
    const places = splitPictures(pictures, { shares: { val: 0.1, test: 0 }, seed: 1 });
    expect([count(places, 'train'), count(places, 'val'), count(places, 'test')]).toEqual([90, 10, 20]);
  });

  it.each([
    [{ val: -0.1, test: 0 }, /a share between 0 and 1, such as 0\.1, for option 'val' but received -0\.1/],
    [{ val: 0, test: Number.NaN }, /option 'test'/],
    [{ val: 0.5, test: 0.5 }, /less than 1 for options 'val' and 'test' together but received 1/],
  ])('refuses %j', (wrong, message) => {
    expect(() => splitPictures(named([0, 1]), { shares: wrong, seed: 1 })).toThrow(message);
  });
});

describe('splitUnits', () => {
  it('joins through others', () => {
    const pictures = [
      { hash: 'a', group: 'x' },
      { hash: 'b' },
      { hash: 'a' },
      { hash: 'c', group: 'x' },
      { hash: 'd' },
      { hash: 'b' },
    ];
    expect(splitUnits(pictures, [[3, 4]])).toEqual([
      [0, 2, 3, 4],
      [1, 5],
    ]);
  });
});

describe('contentHashes and samePictures', () => {
  it('differ with every pixel', () => {
    const dataset = make([0, 1, 2], [7, 7, 8]);
    const [first, second, third] = contentHashes(dataset);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    for (let i = 0; i < 4; i++) {
      const bytes = copyPixels(dataset.pixels).map((value, at) => (at === i ? value + 1 : value));
      const changed = { ...dataset, pixels: memoryPixels(bytes, 4) };
      expect(contentHashes(changed)[0]).not.toBe(first);
    }
    expect(samePictures([dataset, make([1], [8])])).toEqual([
      [
        { set: 0, index: 0 },
        { set: 0, index: 1 },
      ],
      [
        { set: 0, index: 2 },
        { set: 1, index: 0 },
      ],
    ]);
  });

  it('compare pixels where hashes agree', () => {
    expect(samePictures([make([0, 1], [1, 2])], [['same', 'same']])).toEqual([]);
  });
});

describe('splitOff', () => {
  it('takes a share of each class and is fixed by the seed', () => {
    const dataset = make([...new Array(20).fill(0), ...new Array(5).fill(1), 2, 2, 3]);
    const { kept, taken } = splitOff(dataset, 0.1, 7);
    expect(classCounts(taken)).toEqual([2, 1, 1, 0]);
    expect(classCounts(kept)).toEqual([18, 4, 1, 1]);
    expect([...kept.origins!, ...taken.origins!].sort()).toEqual([...dataset.origins!].sort());
    expect(splitOff(dataset, 0.1, 7).taken.origins).toEqual(taken.origins);
    expect(splitOff(dataset, 0.3, 8).taken.origins).not.toEqual(splitOff(dataset, 0.3, 7).taken.origins);
  });

  it('never divides copies and groups', () => {
    const labels = new Array(24).fill(0);
    const values = labels.map((_, i) => (i < 8 ? 1 : i));
    const groups = labels.map((_, i) => (i >= 16 ? `scene${i >> 2}` : undefined));
    const { taken } = splitOff(make(labels, values, groups), 0.5, 1);
    const seen = taken.origins!.map((origin) => Number(origin.slice(1)));
    for (const [from, to] of [
      [0, 8],
      [16, 20],
      [20, 24],
    ]) {
      expect([0, to - from]).toContain(seen.filter((i) => i >= from && i < to).length);
    }
    expect(taken.groups).toEqual(seen.map((i) => groups[i]));
  });

  it('refuses when no class can spare one, and shares that are none', () => {
    expect(() => splitOff(make([0, 1]), 0.5, 1)).toThrow(/a class of at least 2 different pictures/);
    expect(() => splitOff(make([0, 0, 0], [5, 5, 5]), 0.5, 1)).toThrow(/a class of at least 2 different pictures/);
    for (const fraction of [0, 1, -0.1, Number.NaN, 2]) {
      expect(() => splitOff(make([0, 0]), fraction, 1)).toThrow(/a share between 0 and 1, such as 0\.1/);
    }
  });
});
