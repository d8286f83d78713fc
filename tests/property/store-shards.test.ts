import { describe, expect, it } from 'vitest';
import { headFile, parseHead, type StoreHead, shardCapacity } from '../../src/core/dataset/store/head.ts';
import { shardsToKeep } from '../../src/core/dataset/store/plan.ts';
import { type MadeFile, memoryFiles, openMade, pixelsOf, prepareMade } from '../memory-store.ts';

/** Two pictures fill a shard. */
const large = { height: 3300, width: 3300, channels: 3, fit: 'stretch', decoder: 'test 1' } as const;
const size = 3300 * 3300 * 3;
const file = (i: number): MadeFile => ({ origin: `f${i}`, text: `content ${i}`, time: i });

describe('shards', () => {
  it('stay where they are unless a picture of theirs goes, or they are not full', async () => {
    expect(shardCapacity(size)).toBe(2);
    const { files, content } = memoryFiles();
    const headNow = (): StoreHead => parseHead(content.get(headFile)!, 'head');
    await prepareMade(files, [0, 1, 2, 3, 4].map(file), { settings: large });
    const first = headNow().shards;
    expect(first.map(({ pictures }) => pictures)).toEqual([2, 2, 1]);

    const more = await prepareMade(files, [0, 1, 2, 3, 4, 5].map(file), { settings: large });
    const second = headNow().shards;
    expect(more.texts).toEqual(['content 5']);
    expect(second.map(({ pictures }) => pictures)).toEqual([2, 2, 2]);
    // The one that was not full was written anew, the full ones were not.
    expect(second.filter(({ name }) => first.some((one) => one.name === name))).toEqual(first.slice(0, 2));

    const fewer = await prepareMade(files, [0, 1, 3, 4, 5].map(file), { settings: large });
    expect([fewer.texts, fewer.gone]).toEqual([[], 1]);
    const pictureGone = pixelsOf('content 2', size);
    for (const [name, bytes] of content) {
      if (name.endsWith('.bin')) expect(Buffer.from(bytes).indexOf(pictureGone.subarray(0, 4096))).toBe(-1);
    }
    const { train } = await openMade(content, true);
    expect(train!.origins).toEqual(['f0', 'f1', 'f3', 'f4', 'f5']);
    [0, 1, 3, 4, 5].forEach((n, i) => {
      expect(Buffer.compare(train!.pixels.at(i), pixelsOf(`content ${n}`, size))).toBe(0);
    });

    const same = await prepareMade(files, [0, 1, 3, 4, 5].map(file), { settings: large });
    expect([same.unchanged, same.read]).toEqual([true, []]);
    const anew = await prepareMade(files, [0, 1].map(file), { settings: { ...large, decoder: 'test 2' } });
    expect(anew.texts).toEqual(['content 0', 'content 1']);
  });

  it('are planned from their uses', () => {
    const shard = (name: string, pictures: number) => ({ name, pictures, isShard: true });
    const uses = new Map([
      ['a', new Set([0, 1])],
      ['b', new Set([0])],
      ['c', new Set([0])],
    ]);
    const keep = (files: ReturnType<typeof shard>[], more = false): string[] => [...shardsToKeep(files, uses, 2, more)];
    expect(keep([shard('a', 2), shard('c', 1)])).toEqual(['a', 'c']);
    expect(keep([shard('a', 2), shard('c', 1)], true)).toEqual(['a']);
    expect(keep([shard('a', 2), shard('b', 2), shard('c', 1)])).toEqual(['a']);
    expect(keep([shard('b', 1), shard('c', 1)])).toEqual([]);
    expect(keep([{ ...shard('a', 2), isShard: false }, shard('c', 1)])).toEqual([]);
  });
});
