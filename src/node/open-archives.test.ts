import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cifar10Files,
  classFolderFiles,
  type Files,
  gzip,
  idxFiles,
  listFiles,
  npz,
  parquetGolden,
  tar,
  zip,
} from '../../tests/hostile/fixtures.ts';
import { describeWithData, temporaryFolder } from '../../tests/test-data.ts';
import { classCounts } from '../core/dataset/dataset.ts';
import { hashDataset } from '../core/dataset/hash.ts';
import { FoveaError } from '../core/errors.ts';
import { diskSpool, fileSource } from './file-source.ts';
import { describeData, openData, openPictures } from './open-data.ts';

function write(files: Files): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FoveaError);
  return (error as Error).message;
}

describe('openData on archives and files of data', () => {
  const folder = write({
    ...Object.fromEntries(Object.entries(classFolderFiles).map(([path, content]) => [`set/${path}`, content])),
    'set.zip': zip(classFolderFiles),
    'set.tar': tar(classFolderFiles),
    'set.tar.gz': gzip(tar(classFolderFiles)),
    'mnist.npz': npz(),
    'train-00000.parquet': parquetGolden('snappy'),
    'cifar.tar.gz': gzip(tar(cifar10Files())),
    'idx.zip': zip(idxFiles()),
    'photos.7z': Uint8Array.of(1, 2, 3),
    'cut.tar.gz': gzip(tar(classFolderFiles)).slice(0, 300),
    ...Object.fromEntries(
      Object.entries(listFiles('labels.csv', 'path,label\nimages/a.png,x\nimages/b.png,y\n')).map(([path, content]) => [
        `listed/${path}`,
        content,
      ]),
    ),
  });
  const at = (name: string): string => join(folder, name);

  it('an archive gives what the folder gives that it was packed from', async () => {
    const unpacked = await openData(at('set'));
    for (const name of ['set.zip', 'set.tar', 'set.tar.gz']) {
      const packed = await openData(at(name));
      expect([await hashDataset(packed.train!), await hashDataset(packed.test!)], name).toEqual([
        await hashDataset(unpacked.train!),
        await hashDataset(unpacked.test!),
      ]);
      expect([packed.name, packed.train!.origins]).toEqual(['set', unpacked.train!.origins]);
    }
  });

  it.each([
    ['mnist.npz', 'numpy', { train: 5, test: 2 }],
    ['train-00000.parquet', 'parquet', { train: 8 }],
    ['cifar.tar.gz', 'cifar', { train: 5, test: 1 }],
    ['idx.zip', 'idx', { train: 4 }],
    ['listed', 'list', { train: 2 }],
    ['listed/labels.csv', 'list', { train: 2 }],
  ])('%s is %s', async (name, kind, counts) => {
    const shown = await describeData(at(name));
    expect([shown.kind, shown.understood!.kind]).toEqual([kind, kind]);
    expect(shown.understood!.why).toMatch(/\.$/);
    const source = await openData(at(name));
    const found = Object.fromEntries(
      (['train', 'test'] as const).flatMap((part) => (source[part] ? [[part, source[part].count]] : [])),
    );
    expect(found).toEqual(counts);
    expect(shown.parts.train!.classCounts).toEqual(classCounts(source.train!));
  });

  it('refuses what it does not unpack, and what is cut short, naming the file', async () => {
    expect(await failure(openData(at('photos.7z')))).toMatch(
      /^Expected a folder, \.zip, \.tar or \.tar\.gz for '.*photos\.7z' but received a \.7z file\. Unpack it and name the folder/,
    );
    expect(await failure(openData(at('cut.tar.gz')))).toMatch(
      /^Expected a whole gzip stream for '.*cut\.tar\.gz' but received one that is cut short/,
    );
  });

  it('pictures to classify come from all of them', async () => {
    const read = async (name: string) => {
      const { files } = await openPictures([at(name)]);
      const pictures = await Promise.all(files.map((file) => file.read(3)));
      for (const { data, width, height } of pictures) expect(data.length).toBe(3 * width * height);
      return files.map((file) => file.name.slice(at(name).length));
    };
    expect((await read('set.tar.gz')).slice(0, 2)).toEqual(['/test/cat/4.png', '/test/dog/4.png']);
    expect(await read('set.zip')).toHaveLength(8);
    expect((await read('mnist.npz')).slice(4, 6)).toEqual([': train 4', ': test 0']);
    expect(await read('train-00000.parquet')).toHaveLength(8);
    expect(await read('cifar.tar.gz')).toHaveLength(6);
    expect(await failure(openPictures([at('photos.7z')]))).toMatch(/Unpack it/);
  });
});

describe('sources on disk', () => {
  it('a spool moves to a nameless file when it grows, and gives all back', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('fovea-')).length;
    const spool = diskSpool();
    const piece = Uint8Array.from({ length: 1 << 20 }, (_, i) => i * 31);
    for (let i = 0; i < 70; i++) await spool.write(piece.slice().fill(i, 0, 1));
    const source = await spool.finish();
    expect(source.size).toBe(70 << 20);
    for (const i of [0, 63, 64, 69]) expect([...(await source.read(i << 20, 3))]).toEqual([i, 31, 62]);
    expect(
      readdirSync(tmpdir()).filter((name) => name.startsWith('fovea-') && name.endsWith('.tmp')).length,
    ).toBeLessThanOrEqual(before);
  });

  it('a file that shrinks while it is read is named', async () => {
    const folder = write({ 'a.bin': new Uint8Array(100) });
    const source = await fileSource(join(folder, 'a.bin'));
    writeFileSync(join(folder, 'a.bin'), new Uint8Array(10));
    expect(await failure(source.read(50, 50))).toMatch(
      /^Expected 100 bytes, as when it was opened, for '.*a\.bin' but received fewer/,
    );
  });
});

describeWithData('cifar10/cifar10-small-png.tar.gz', 'CIFAR-10 in a .tar.gz', (archive) => {
  it('opens without being unpacked by hand', async () => {
    const { parts, classNames } = await describeData(archive);
    expect([parts.train!.count, parts.test!.count, classNames.length]).toEqual([10000, 2000, 10]);
    expect(parts.train!.classCounts).toEqual(Array(10).fill(1000));
  });
});

describeWithData('photos/trashnet150.tar', "TrashNet with its authors' lists", (archive) => {
  it('has the split and the names of its authors', async () => {
    const { parts, classNames, understood } = await describeData(archive);
    expect([parts.train!.count, parts.val!.count, parts.test!.count]).toEqual([1768, 328, 431]);
    expect(classNames).toEqual(['cardboard', 'glass', 'metal', 'paper', 'plastic', 'trash']);
    expect(understood!.kind).toBe('list');
  });
});

describeWithData('nasty', 'hard layouts within their archive', (folder) => {
  it('is many things at once, and refused with a reason', async () => {
    expect(await failure(openData(join(folder, 'nasty.tar.gz')))).toMatch(/^(Expected|Two folders)/);
  });
});
