import { describe, expect, it } from 'vitest';
import { FoveaError } from '../../src/core/errors.ts';
import { RandomStream } from '../../src/core/random.ts';
import { memoryFiles, prepareMade } from '../memory-store.ts';
import {
  cifar10Files,
  cifarRecords,
  classFolderFiles,
  type Files,
  gzip,
  idxFiles,
  listFiles,
  npy,
  npz,
  ofType,
  parquetGolden,
  tar,
  text,
  zip,
} from './fixtures.ts';
import { mutate } from './mutate.ts';
import { readArchive, readFiles } from './read.ts';

/** Mutated inputs of each format: 300 in `npm test`, 10,000 in the acceptance runs. */
const mutations = Number(process.env.FOVEA_MUTATIONS ?? 300);
const mostMilliseconds = 1000;
const mostBytes = 200 * 2 ** 20;

/** One file that is mutated, and how it is read. */
interface Target {
  readonly content: Uint8Array;
  read(content: Uint8Array): ReturnType<typeof readFiles>;
}

const inFolder = (files: Files, name: string): Target => ({
  content: files[name],
  read: (content) => readFiles({ ...files, [name]: content }),
});
const archive = (content: Uint8Array, name: string): Target => ({
  content,
  read: (mutated) => readArchive(mutated, name),
});

const lines =
  'path,label,split,group\nimages/a.png,cat,train,1\n"images/b.png",dog,val,1\nimages/c.png,cat,test,2\nimages/d.png,dog,train,3\n';
const json = ['a', 'b', 'c', 'd']
  .map((name, i) => JSON.stringify({ file_name: `${name}.png`, label: i % 2 }))
  .join('\n');
const floats = ofType(Float32Array.from({ length: 24 }, (_, i) => i / 24));
const arrays: Files = {
  'x.npy': npy('<f4', [4, 3, 2], floats),
  'y.npy': npy('<U3', [4], ofType(Uint32Array.from([...'catdogcatdog'].map((c) => c.codePointAt(0)!)))),
};
const cifar10 = cifar10Files();
const cifar100: Files = {
  'train.bin': cifarRecords([3, 99], [1]),
  'fine_label_names.txt': text(Array.from({ length: 100 }, (_, i) => `name ${i}`).join('\n')),
};
const parquetFile = (name: Parameters<typeof parquetGolden>[0]): Target =>
  inFolder({ 'train.parquet': parquetGolden(name) }, 'train.parquet');

const store = memoryFiles();
await prepareMade(store.files, [
  { origin: 'a', text: 'one' },
  { origin: 'b', text: 'two', label: 1 },
]);
const preparedStore: Files = Object.fromEntries(store.content) as Files;
const [indexOfStore, shardOfStore] = [/^index/, /^shard/].map(
  (name) => [...store.content.keys()].find((one) => name.test(one))!,
);

const targets: Readonly<Record<string, readonly Target[]>> = {
  zip: [archive(zip(classFolderFiles), 'a.zip'), archive(zip(classFolderFiles, 0), 'a.zip')],
  tar: [archive(tar(classFolderFiles), 'a.tar')],
  'tar.gz': [archive(gzip(tar(classFolderFiles)), 'a.tar.gz'), archive(gzip(tar(cifar10)), 'a.tgz')],
  npy: [inFolder(arrays, 'x.npy'), inFolder(arrays, 'y.npy')],
  npz: [inFolder({ 'mnist.npz': npz() }, 'mnist.npz')],
  cifar: [
    inFolder(cifar10, 'cifar-10-batches-bin/data_batch_2.bin'),
    inFolder(cifar10, 'cifar-10-batches-bin/batches.meta.txt'),
    inFolder(cifar100, 'train.bin'),
  ],
  idx: [inFolder(idxFiles(), 'train-images-idx3-ubyte'), inFolder(idxFiles(), 'train-labels-idx1-ubyte.gz')],
  parquet: (['snappy', 'plain', 'gzip-v2', 'zstd'] as const).map(parquetFile),
  csv: [inFolder(listFiles('labels.csv', lines), 'labels.csv')],
  tsv: [inFolder(listFiles('labels.tsv', lines.replaceAll(',', '\t')), 'labels.tsv')],
  jsonl: [inFolder(listFiles('images/metadata.jsonl', json), 'images/metadata.jsonl')],
  store: ['store.json', indexOfStore, shardOfStore].map((name) => inFolder(preparedStore, name)),
};

/** Reads everything: labels, and the bytes of each picture. */
async function readAll(work: ReturnType<Target['read']>): Promise<void> {
  const { content } = await work;
  if ('arrays' in content) {
    for (const part of [content.arrays.train, content.arrays.val, content.arrays.test]) {
      if (part)
        expect(part.pixels.count * part.pixels.size).toBe(part.count * part.height * part.width * part.channels);
    }
    return;
  }
  const { pictures, classNames } = content.pictures;
  for (const picture of pictures) {
    expect(classNames[picture.label]).toBeTypeOf('string');
    expect(picture.origin.split('/')).not.toContain('..');
    await picture.bytes().catch(expectOurs);
  }
}

function expectOurs(error: unknown): void {
  if (!(error instanceof FoveaError)) throw error;
  expect(error.message).toMatch(/^(Expected|Two folders|Cannot) /);
}

describe.each(Object.entries(targets))('mutated %s', (format, list) => {
  it('the unmutated ones are read', async () => {
    for (const { content, read } of list) await readAll(read(content));
  });

  it(`${mutations} times: read or refused in our words, at once and within memory`, {
    timeout: 3_600_000,
  }, async () => {
    const random = new RandomStream(1, 'sample', Object.keys(targets).indexOf(format));
    let refused = 0;
    for (let i = 0; i < mutations; i++) {
      const { content, read } = list[i % list.length];
      const mutated = mutate(content, random);
      const before = process.memoryUsage();
      const start = performance.now();
      try {
        await readAll(read(mutated));
      } catch (error) {
        refused++;
        // What broke it is in the message, so that it can be tried again.
        if (!(error instanceof FoveaError)) throw new Error(`mutation ${i} of ${format}: ${error}`, { cause: error });
        expectOurs(error);
      }
      const milliseconds = performance.now() - start;
      const after = process.memoryUsage();
      expect(milliseconds, `mutation ${i} of ${format}`).toBeLessThan(mostMilliseconds);
      expect(after.arrayBuffers - before.arrayBuffers, `mutation ${i} of ${format}`).toBeLessThan(mostBytes);
      expect(after.heapUsed - before.heapUsed, `mutation ${i} of ${format}`).toBeLessThan(mostBytes);
    }
    // Most changes do harm; were none refused, nothing was tested.
    expect(refused).toBeGreaterThan(0);
  });
});
