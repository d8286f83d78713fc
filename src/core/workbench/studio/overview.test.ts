import { describe, expect, it } from 'vitest';
import type { Cache } from '../adapters.ts';
import type { Gallery } from './host.ts';
import { createOverview, overviewSide } from './overview.ts';

const pictureBytes = 3 * overviewSide ** 2;
const { signal } = new AbortController();
const always = (): boolean => true;

/** Pictures of one shade each: their number. */
function shades(count: number, differing = 0): Gallery & { readonly reads: number[] } {
  const reads: number[] = [];
  const picture = (i: number) => ({ width: 16, height: 12, channels: 1 as const, data: new Uint8Array(192).fill(i) });
  const pictures = Array.from({ length: count }, (_, i) => ({ origin: `${i}.png`, label: 0, part: undefined }));
  return {
    name: 'shades',
    kind: 'class-folders',
    classNames: ['a'],
    pictures,
    notes: [],
    skipped: [],
    describe: () => Promise.reject(new Error('not asked')),
    heldBytes: 0,
    reads,
    read: async (i) => picture(i),
    async readSmall(i) {
      reads.push(i);
      if (i === 3) throw new Error('damaged');
      return picture(i);
    },
    bytes: async (i) => Uint8Array.of(i, differing),
  };
}

function memoryCache(): Cache & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return { kept, read: async (name) => kept.get(name), write: async (name, bytes) => void kept.set(name, bytes) };
}

describe('createOverview', () => {
  it('makes each picture once, colour, and leaves black what cannot be read', async () => {
    const gallery = shades(100);
    const overview = createOverview(gallery, undefined);
    const first = await overview.take(0, 40, always, signal);
    expect(first).toHaveLength(40 * pictureBytes);
    const of = (i: number) => new Set(first.subarray(i * pictureBytes, (i + 1) * pictureBytes));
    expect([of(0), of(3), of(39)]).toEqual([new Set([0]), new Set([0]), new Set([39])]);
    expect(await overview.take(20, 1000, always, signal)).toHaveLength(80 * pictureBytes);
    expect(gallery.reads.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(await overview.take(100, 5, always, signal)).toHaveLength(0);
  });

  it('makes nothing while something else computes, and gives what it has', async () => {
    const overview = createOverview(shades(100), undefined);
    await overview.take(0, 32, always, signal);
    expect(await overview.take(0, 100, () => false, signal)).toHaveLength(32 * pictureBytes);
    expect(await overview.take(32, 100, () => false, signal)).toHaveLength(0);
  });

  it('has from the cache what was whole, and not that of pictures with other content', async () => {
    const cache = memoryCache();
    const whole = await createOverview(shades(50), cache).take(0, 50, always, signal);
    expect(cache.kept.size).toBe(1);
    const again = shades(50);
    expect(await createOverview(again, cache).take(0, 50, () => false, signal)).toEqual(whole);
    expect(again.reads).toEqual([]);
    const other = shades(50, 1);
    await createOverview(other, cache).take(0, 50, always, signal);
    expect(other.reads).toHaveLength(50);
  });

  it('ends when nobody waits any more', async () => {
    const control = new AbortController();
    control.abort(new Error('left'));
    await expect(createOverview(shades(10), undefined).take(0, 10, always, control.signal)).rejects.toThrow('left');
  });
});
