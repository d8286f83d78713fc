import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { bringRun } from '../../src/core/workbench/moving/bring-run.ts';
import { takeRun } from '../../src/core/workbench/moving/take-run.ts';
import { splitData } from '../../src/core/workbench/split.ts';
import { trainRun } from '../../src/core/workbench/train.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { twoColours } from '../studio/contract.ts';
import { temporaryFolder } from '../test-data.ts';

/** Pictures of a class. */
const each = 8;

describe('a run from elsewhere, with its pictures', () => {
  const folder = temporaryFolder();
  let good: Record<string, Uint8Array>;
  let others: Record<string, Uint8Array>;

  /** @param first 1: each file holds the picture of the next one. */
  const filesOf = async (first: 0 | 1): Promise<Record<string, Uint8Array>> => {
    const place = mkdtempSync(join(folder, 'there-'));
    const data = join(place, 'colours');
    const pictures = await twoColours(each + 1);
    pictures.forEach(({ path }, i) => {
      if (i % (each + 1) === each) return;
      mkdirSync(dirname(join(place, path)), { recursive: true });
      writeFileSync(join(place, path), pictures[i + first].bytes);
    });
    const split = `${data}.split.json`;
    await splitData(nodeAdapters, { data, val: 0.25, test: 0.25, out: split });
    const run = join(place, 'runs', 'mine');
    await trainRun(nodeAdapters, { data, split, model: 'flatten, linear', epochs: 1, seed: 2, threads: 1, out: run });
    const file = join(place, 'mine.zip');
    expect(await takeRun(nodeAdapters, { run, file, withPictures: true })).toMatchObject({ pictures: 2 * each });
    return unzipSync(readFileSync(file));
  };
  beforeAll(async () => {
    good = await filesOf(0);
    others = await filesOf(1);
  }, 60_000);

  const bring = async (packed: Uint8Array) => {
    const home = mkdtempSync(join(folder, 'here-'));
    const file = join(folder, 'from anybody.zip');
    writeFileSync(file, packed);
    const request = { file, fileName: 'from anybody.zip', runs: join(home, 'runs'), data: join(home, 'data') };
    const left = (): string[] =>
      (readdirSync(home, { recursive: true }) as string[]).filter((name) => !['runs', 'data'].includes(name)).sort();
    const outcome = await bringRun(nodeAdapters, { ...request, known: [] }).then(
      (brought) => ({ brought, error: undefined }),
      (error: Error) => ({ brought: undefined, error }),
    );
    return { ...outcome, left: left() };
  };
  const packed = (change: (files: Record<string, Uint8Array>) => Zippable, level: 0 | 6 = 0): Uint8Array =>
    zipSync(change({ ...good }), { level });
  const find = (files: Record<string, Uint8Array>, part: string): string =>
    Object.keys(files).find((name) => name.includes(part)) as string;
  const head = (files: Record<string, Uint8Array>) =>
    JSON.parse(new TextDecoder().decode(files[find(files, 'store.json')]));
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

  it('comes whole where it is whole, however it was packed again', async () => {
    for (const level of [0, 6] as const) {
      const { brought, left } = await bring(packed((files) => files, level));
      expect(brought?.pictures).toBe('along');
      expect(left).toEqual(
        expect.arrayContaining([join('runs', 'mine', 'run.json'), join('data', 'colours', 'store.json')]),
      );
      expect(left).toContain(join('data', 'colours.split.json'));
      expect(left.filter((name) => name.endsWith('.partial'))).toEqual([]);
    }
  });

  const changed: Readonly<Record<string, (files: Record<string, Uint8Array>) => Zippable>> = {
    'a changed pixel': (files) => {
      const shard = find(files, 'shard-');
      const bytes = files[shard].slice();
      bytes[1000] ^= 1;
      return { ...files, [shard]: bytes };
    },
    'a changed pixel with a hash that fits': (files) => {
      const shard = find(files, 'shard-');
      const bytes = files[shard].slice();
      bytes[1000] ^= 1;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const { shards, ...rest } = head(files);
      const name = `shard-${sha256.slice(0, 16)}.bin`;
      delete files[shard];
      return {
        ...files,
        [shard.replace(/shard-.*/, name)]: bytes,
        [find(files, 'store.json')]: text({ ...rest, shards: [{ ...shards[0], name, sha256 }] }),
      };
    },
    'pictures of other data': (files) => ({
      ...Object.fromEntries(Object.entries(files).filter(([name]) => !name.includes('/pictures/'))),
      ...Object.fromEntries(Object.entries(others).filter(([name]) => name.includes('/pictures/'))),
    }),
    'a shard that lies elsewhere': (files) => ({
      ...files,
      [find(files, 'store.json')]: text({
        ...head(files),
        shards: [{ ...head(files).shards[0], name: '../../../evil.bin' }],
      }),
    }),
    'more pictures than there are': (files) => ({
      ...files,
      [find(files, 'store.json')]: text({
        ...head(files),
        pictures: 1e6,
        shards: [{ ...head(files).shards[0], pictures: 1e6 }],
      }),
    }),
    'pictures of another size': (files) => ({
      ...files,
      [find(files, 'store.json')]: text({ ...head(files), settings: { ...head(files).settings, height: 4096 } }),
    }),
    'no index': (files) => {
      delete files[find(files, 'index-')];
      return files;
    },
    'no split': (files) => {
      delete files[find(files, 'split.json')];
      return files;
    },
    'a lock': (files) => ({ ...files, 'mine/run.lock': text({}) }),
    'two files that some systems take for one': (files) => ({ ...files, 'mine/RUN.JSON': text({}) }),
    'a name that some systems keep for themselves': (files) => ({ ...files, 'mine/nul.txt': text({}) }),
    'too many files': (files) => ({
      ...files,
      ...Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`mine/${i}.txt`, text(i)])),
    }),
    'no run': (files) => {
      delete files['mine/run.json'];
      return files;
    },
    'a run that cannot be read': (files) => ({ ...files, 'mine/run.json': text({ format: 'fovea-run', version: 1 }) }),
    'a shard that unpacks to far more': (files) => {
      const shard = find(files, 'shard-');
      return { ...files, [shard]: [new Uint8Array(2 ** 25), { level: 9 }] };
    },
  };
  it.each(Object.keys(changed))('with %s it is refused, and nothing stays', async (what) => {
    const { brought, error, left } = await bring(packed(changed[what]));
    expect(brought).toBeUndefined();
    expect(error?.name).toBe('FoveaError');
    expect(left).toEqual([]);
  });

  it('never writes outside, whatever its names are', async () => {
    const names = ['../evil', '/tmp/evil', 'mine/../../evil', 'mine\\..\\evil', 'mine/pictures/../../evil', 'C:/evil'];
    const { left } = await bring(
      packed((files) => ({ ...files, ...Object.fromEntries(names.map((name) => [name, text(1)])) })),
    );
    expect(left.filter((name) => name.includes('evil'))).toEqual([]);
    expect(readdirSync(folder)).not.toContain('evil');
  });

  it('bears being cut and changed anywhere', async () => {
    const whole = packed((files) => files);
    for (let i = 0; i < 24; i++) {
      const bytes = whole.slice(0, i % 2 ? whole.length : Math.floor((whole.length * i) / 24));
      // A number that is the same each time.
      if (i % 2) bytes[Math.floor(bytes.length * ((i * 0.618) % 1))] ^= 1 << (i % 8);
      const { brought, error, left } = await bring(bytes);
      if (error) expect([error.name, left]).toEqual(['FoveaError', []]);
      else expect(brought?.run).toContain('mine');
    }
  }, 60_000);
});
