import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { headFile } from '../../src/core/dataset/store/head.ts';
import { FoveaError } from '../../src/core/errors.ts';
import { type MadeFile, memoryFiles, openMade, prepareMade } from '../memory-store.ts';
import type { Files } from './fixtures.ts';
import { readFiles } from './read.ts';

const made: readonly MadeFile[] = [
  { origin: 'a', text: 'one' },
  { origin: 'b', text: 'two', label: 1 },
  { origin: 'c', text: 'three', part: 'test' },
  { origin: 'd', text: 'bad' },
];
let good: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
  const { files, content } = memoryFiles();
  await prepareMade(files, made);
  good = new Map(content);
});

const nameOf = (pattern: RegExp): string => [...good.keys()].find((name) => pattern.test(name))!;
const textOf = (name: string): string => new TextDecoder().decode(good.get(name));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
type Json = Record<string, unknown>;

/** The store with another head. */
const withHead = (change: (head: Json) => Json): Map<string, Uint8Array> =>
  new Map(good).set(headFile, bytes(JSON.stringify(change(JSON.parse(textOf(headFile))))));

/** The store with other lines in its index, whose hash is right. */
function withIndex(change: (lines: Json[]) => unknown[]): Map<string, Uint8Array> {
  const lines = textOf(nameOf(/^index/))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const index = bytes(
    `${change(lines)
      .map((line) => JSON.stringify(line))
      .join('\n')}\n`,
  );
  const sha256 = createHash('sha256').update(index).digest('hex');
  const name = nameOf(/^index/);
  return withHead((head) => ({ ...head, index: { name, bytes: index.length, sha256 } })).set(name, index);
}

const first =
  (change: Json) =>
  (lines: Json[]): Json[] => [{ ...lines[0], ...change }, ...lines.slice(1)];

describe('a damaged or hostile store', () => {
  it('is whole before', async () => {
    const { train, test, skipped } = await openMade(good, true);
    expect([train?.count, test?.count, skipped]).toEqual([2, 1, [{ origin: 'd', reason: 'one that is damaged' }]]);
  });

  it.each<[string, () => Map<string, Uint8Array>, RegExp]>([
    ['a shard cut short', () => new Map(good).set(nameOf(/bin$/), new Uint8Array(7)), /12 bytes .*shard-.* 7 bytes/],
    ['a shard that is gone', () => new Map(good).set(nameOf(/bin$/), new Uint8Array(0)), /12 bytes .*shard-.* 0 bytes/],
    ['an index of another size', () => new Map(good).set(nameOf(/^index/), bytes('{}')), /bytes .*index-.* received 2/],
    [
      'an index that was changed',
      () => new Map(good).set(nameOf(/^index/), bytes(textOf(nameOf(/^index/)).replace('"label":0', '"label":1'))),
      /SHA-256 .*index-/,
    ],
    ['a head that is none', () => new Map(good).set(headFile, bytes('{"format"')), /no JSON/],
    ['a later version', () => withHead((head) => ({ ...head, version: 2 })), /version 1 .*newer Fovea/],
    [
      'a shard named as a path',
      () => withHead((head) => ({ ...head, shards: [{ ...(head.shards as Json[])[0], name: '../../etc/passwd' }] })),
      /the name of a shard/,
    ],
    [
      'an index named as a path',
      () => withHead((head) => ({ ...head, index: { ...(head.index as Json), name: '/etc/passwd' } })),
      /the name of an index/,
    ],
    ['more pictures than can be', () => withHead((head) => ({ ...head, pictures: 1e15 })), /pictures/],
    ['more pictures than lines', () => withHead((head) => ({ ...head, pictures: 1e6 })), /1000000 pictures/],
    [
      'a shard of more pictures than it has',
      () => withHead((head) => ({ ...head, shards: [{ ...(head.shards as Json[])[0], pictures: 2e6 }] })),
      /shards of 3 pictures .* of 2000000/,
    ],
    [
      'pictures larger than any',
      () => withHead((head) => ({ ...head, settings: { ...(head.settings as Json), height: 1e9 } })),
      /settings.height/,
    ],
    [
      'an index larger than any',
      () => withHead((head) => ({ ...head, index: { ...(head.index as Json), bytes: 2 ** 40 } })),
      /index.bytes/,
    ],
    ['two pictures in one place', () => withIndex(first({ place: [0, 1] })), /a place of its own .* another picture's/],
    ['a place beyond the shard', () => withIndex(first({ place: [0, 3] })), /a place of its own .* none/],
    ['a shard that there is not', () => withIndex(first({ place: [4000000, 0] })), /a place of its own/],
    ['a place that is no number', () => withIndex(first({ place: [0, -1] })), /line 1 .*index-/],
    ['a label without a class', () => withIndex(first({ label: 2 })), /a label below 2 for line 1/],
    ['a part that is none', () => withIndex(first({ part: '__proto__' })), /one of train, val, test/],
    ['a hash that is none', () => withIndex(first({ pixels: 'x' })), /the hash of pixels/],
    ['an origin that is none', () => withIndex(first({ origin: 7 })), /a picture for line 1/],
    ['an endless origin', () => withIndex(first({ origin: 'x'.repeat(70000) })), /at most 65536 bytes/],
    ['a line that is none', () => withIndex((lines) => [null, ...lines.slice(1)]), /a picture for line 1/],
    ['a picture too few', () => withIndex((lines) => lines.slice(1)), /3 pictures and 1 left out .* 2 and 1/],
  ])('is refused: %s', async (_, make, message) => {
    const error: unknown = await openMade(make()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FoveaError);
    expect((error as FoveaError).message).toMatch(message);
  });

  it('with other pixels opens, is found out when it is verified, and is mended', async () => {
    const changed = new Map(good);
    const shard = nameOf(/bin$/);
    changed.set(
      shard,
      good.get(shard)!.map((value, i) => (i === 5 ? value ^ 1 : value)),
    );
    expect((await openMade(changed)).train?.count).toBe(2);
    await expect(openMade(changed, true)).rejects.toThrow(/another SHA-256/);
    const { files, content } = memoryFiles(changed);
    const mended = await prepareMade(files, made, { verify: true });
    expect([mended.damaged.length, mended.texts]).toEqual([1, ['one', 'two', 'three']]);
    expect((await openMade(content, true)).train?.count).toBe(2);
  });

  it('in a tree is recognised, and read from memory where files cannot be read in place', async () => {
    const { understood, content } = await readFiles(Object.fromEntries(good) as Files);
    expect([understood.kind, understood.certainty]).toEqual(['store', 'certain']);
    if (!('arrays' in content)) throw new Error('pictures');
    expect([content.arrays.name, content.arrays.train?.count]).toEqual(['made', 2]);
  });

  it('that is not finished says how to finish it; a list of that name is still a list', async () => {
    const journal = `${JSON.stringify({ format: 'fovea-store-work', version: 1 })}\n`;
    await expect(readFiles({ 'work.jsonl': bytes(journal), 'work-0.bin': bytes('x') })).rejects.toThrow(/not finished/);
    await expect(readFiles({ 'work.jsonl': bytes('{"file_name": "a.png", "label": 1}\n') })).rejects.not.toThrow(
      /not finished/,
    );
  });

  it('is not written into a folder of other things, nor over the store of other data', async () => {
    const other = memoryFiles(new Map([['thesis.txt', bytes('dear')]]));
    await expect(prepareMade(other.files, made)).rejects.toThrow(/a folder of a store, or none for .*thesis.txt/);
    const { files } = memoryFiles(withHead((head) => ({ ...head, name: 'other', from: '/other' })));
    await expect(prepareMade(files, made)).rejects.toThrow(/holds the store of other data/);
  });
});
