import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset, subset } from '../dataset/dataset.ts';
import { nearCopies } from '../dataset/near-copies.ts';
import { RandomStream } from '../random.ts';
import type { Cache } from './adapters.ts';
import { knownCopies } from './known-copies.ts';

const [side, count] = [16, 2100];

/** Blocks of random grey; the last ten pictures are the first ten, a little lighter. */
function blocky(): Dataset {
  const random = new RandomStream(5, 'sample');
  const pixels = new Uint8Array(count * side * side);
  for (let i = 0; i < count - 10; i++) {
    const levels = Array.from({ length: 16 }, () => Math.floor(random.uniform() * 200));
    for (let at = 0; at < side * side; at++) {
      pixels[i * side * side + at] = levels[(at >> 6) * 4 + ((at % side) >> 2)];
    }
  }
  const from = (count - 10) * side * side;
  for (let at = 0; at < 10 * side * side; at++) pixels[from + at] = pixels[at] + 3;
  return createDataset({
    name: 'blocks',
    classNames: ['a', 'b'],
    ...{ height: side, width: side, channels: 1 },
    pixels,
    labels: Int32Array.from({ length: count }, (_, i) => i % 2),
  });
}

/** Keeps in memory, and counts. */
function memoryCache(): Cache & { readonly files: Map<string, Uint8Array>; written: number } {
  const files = new Map<string, Uint8Array>();
  const cache = {
    files,
    written: 0,
    read: async (name: string) => files.get(name),
    async write(name: string, bytes: Uint8Array) {
      cache.written++;
      files.set(name, bytes);
    },
  };
  return cache;
}

/** The same pictures whose pixels may not be looked at: only the hashes that their store knows. */
function unread(dataset: Dataset): Dataset {
  const { pixels } = dataset;
  const hashes = new Map<number, string>();
  const refuse = (): never => {
    throw new Error('a picture was read');
  };
  const source = subset(
    dataset,
    Array.from({ length: dataset.count }, (_, i) => i),
  );
  const hashAt = (index: number): string => hashes.get(index) ?? '';
  for (let i = 0; i < dataset.count; i++) hashes.set(i, hashOf(pixels.at(i)));
  return { ...source, pixels: { ...pixels, at: refuse, copy: refuse, hashAt } };
}

const hashOf = (bytes: Uint8Array): string => [...bytes.subarray(0, 256)].join(' ');

describe('knownCopies', () => {
  const dataset = blocky();

  it('finds what the search finds, with and without a cache', async () => {
    const expected = nearCopies([dataset]);
    expect(expected.groups).toHaveLength(10);
    expect(await knownCopies({}, [dataset])).toEqual(expected);
    const cache = memoryCache();
    expect(await knownCopies({ cache }, [dataset])).toEqual(expected);
    expect(await knownCopies({ cache }, [dataset])).toEqual(expected);
    expect(cache.written).toBe(1);
  });

  it('reads no picture the second time', async () => {
    const cache = memoryCache();
    const store = unread(dataset);
    await expect(knownCopies({ cache }, [store])).rejects.toThrow('a picture was read');
    const readable = { ...store, pixels: { ...store.pixels, at: dataset.pixels.at } };
    const found = await knownCopies({ cache }, [readable]);
    expect(await knownCopies({ cache }, [unread(dataset)])).toEqual(found);
  });

  it('searches again when a picture, its order or its size is another', async () => {
    const cache = memoryCache();
    await knownCopies({ cache }, [dataset]);
    const turned = subset(
      dataset,
      Array.from({ length: count }, (_, i) => count - 1 - i),
    );
    expect(await knownCopies({ cache }, [turned])).toEqual(nearCopies([turned]));
    await knownCopies({ cache }, [{ ...dataset, height: 8, width: 32 }]);
    expect(cache.files.size).toBe(3);
  });

  it.each([
    'no JSON',
    'null',
    '{}',
    '{"search":"near-copies 1","count":2100,"complete":true,"groups":[[1]]}',
    '{"search":"near-copies 1","count":2100,"complete":true,"groups":[[5,4]]}',
    '{"search":"near-copies 1","count":2100,"complete":true,"groups":[[5,2100]]}',
    '{"search":"near-copies 1","count":2100,"complete":true,"groups":[["a","b"]]}',
    '{"search":"near-copies 1","count":7,"complete":true,"groups":[]}',
  ])('does not believe a kept result that is damaged: %s', async (text) => {
    const cache = memoryCache();
    const expected = await knownCopies({ cache }, [dataset]);
    const [name] = cache.files.keys();
    cache.files.set(name, new TextEncoder().encode(text));
    expect(await knownCopies({ cache }, [dataset])).toEqual(expected);
    expect(cache.written).toBe(2);
  });
});
