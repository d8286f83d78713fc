import { describe, expect, it } from 'vitest';
import {
  cifar10Files,
  cifarRecords,
  classFolderFiles,
  type Files,
  gzip,
  idx,
  idxFiles,
  listFiles,
  npy,
  npz,
  ofType,
  parquetGolden,
  png,
  tar,
  text,
  zip,
} from '../../../../tests/hostile/fixtures.ts';

import { readArchive, readFiles, summary } from '../../../../tests/hostile/read.ts';
import { FoveaError } from '../../errors.ts';
import { copyPixels } from '../pixels.ts';

const understood = async (files: Files, only?: string) => summary(await readFiles(files, only));

async function refusal(files: Files, only?: string): Promise<string> {
  const error = await readFiles(files, only).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FoveaError);
  expect((error as Error).message).not.toMatch(/\n/);
  return (error as Error).message;
}

describe('class folders', () => {
  it.each([
    ['train', 'val', 'test'],
    ['Training', 'validation', 'Testing'],
    ['train', 'dev', 'eval'],
    ['TRAIN', 'valid', 'evaluation'],
  ])('in %s, %s and %s', async (train, val, test) => {
    const files = Object.fromEntries(
      [train, val, test].flatMap((part) => ['a', 'b'].map((name) => [`set/${part}/${name}/1.png`, png(1, 2, 3)])),
    );
    const { kind, pictures, notes } = await understood(files);
    expect(kind).toBe('class-folders');
    expect(pictures).toEqual(
      ['train', 'val', 'test'].flatMap((part, i) =>
        ['a', 'b'].map((name) => `${part} ${name} ${[train, val, test][i]}/${name}/1.png`),
      ),
    );
    expect(notes.join(' ')).toMatch(/Looked into 'set', the only folder there/);
  });

  it('says what was left out and why', async () => {
    const { notes, pictures } = await understood({
      'readme.md': text('x'),
      'a/1.png': png(1, 2, 3),
      'b/1.png': png(1, 2, 3),
      'b/notes.txt': text('x'),
      'loose.png': png(1, 2, 3),
      'docs/licence.txt': text('x'),
      '.git/1.png': png(1, 2, 3),
    });
    expect(pictures).toEqual(['train a a/1.png', 'train b b/1.png']);
    expect(notes).toEqual([
      'Class folders: 2 folders hold pictures, each named after its class.',
      "Left out the folder 'docs': it holds no pictures.",
      'No train and test folders: all pictures are for training, unless a split sets some aside.',
      'Left out 1 picture beside the class folders.',
      "Not needed: 'readme.md' beside the class folders.",
      'Left out files that are no pictures: 1 .txt.',
    ]);
  });
});

describe('folders that bear the numbers of a known set', () => {
  it('are called by its names, and only if all are', async () => {
    const numbers = { 'train/n01440764/a.png': png(1, 2, 3), 'train/n03028079/b.png': png(1, 2, 3) };
    const { classNames, pictures, notes } = await understood(numbers);
    expect(classNames).toEqual(['tench', 'church']);
    expect(pictures).toContain('train church train/n03028079/b.png');
    expect(notes).toContain('Class names of imagenette: n01440764 is tench, and so on.');
    const mixed = await understood({ ...numbers, 'train/dog/c.png': png(1, 2, 3) });
    expect(mixed.classNames).toContain('n01440764');
  });
});

describe('arrays', () => {
  it('CIFAR-10 and CIFAR-100 in their binary versions', async () => {
    const ten = await understood(cifar10Files());
    expect(ten).toMatchObject({ kind: 'cifar', size: [32, 32, 3], labels: [[3, 0, 9, 1, 2], undefined, [8]] });
    expect(ten.classNames).toHaveLength(10);
    expect(ten.notes).toContain("Not there: 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'.");
    const hundred = await understood({ 'train.bin': cifarRecords([99, 0], [4]), 'test.bin': cifarRecords([1], [4]) });
    expect(hundred).toMatchObject({ kind: 'cifar', labels: [[99, 0], undefined, [1]] });
    expect(hundred.classNames).toHaveLength(100);
  });

  it('refuses CIFAR in its Python version, with the way out', async () => {
    expect(await refusal({ 'cifar-10-batches-py/data_batch_1': new Uint8Array(50) })).toMatch(
      /^Expected CIFAR's binary version for 'data\/cifar-10-batches-py\/data_batch_1' but received its Python version, a pickle, which runs code when it is read\. Fetch the binary version \(cifar-10-binary\.tar\.gz/,
    );
  });

  it('.npz as Keras writes it', async () => {
    const { kind, size, labels, notes, train } = await understood({ 'mnist.npz': npz() });
    expect([kind, size, labels]).toEqual(['numpy', [3, 2, 1], [[0, 1, 2, 1, 0], undefined, [2, 0]]]);
    expect([...train!.pixels.at(0).subarray(0, 6)]).toEqual([0, 7, 14, 21, 28, 35]);
    expect(notes).toContain("NumPy arrays: train from 'x_train' with 'y_train', test from 'x_test' with 'y_test'.");
    expect(notes).toContain('Axes are pictures x height x width (5x3x2): pictures of 3x2, grey.');
  });

  const two = Uint8Array.of(0, 1);
  it.each([
    [
      'floats from 0 to 1',
      npy('<f4', [2, 1, 2], ofType(Float32Array.of(0, 0.5, 1, 0.2))),
      [0, 128, 255, 51],
      /from 0 to 1: taken as 0 black, 1 white/,
    ],
    [
      'floats from 0 to 255',
      npy('<f8', [2, 1, 2], ofType(Float64Array.of(0, 127.6, 255, 3))),
      [0, 128, 255, 3],
      /from 0 to 255: taken as grey levels 0 to 255, rounded/,
    ],
    [
      'floats from -1 to 1',
      npy('<f4', [2, 1, 2], ofType(Float32Array.of(-1, 0, 1, 0))),
      [0, 128, 255, 128],
      /taken as -1 black, 1 white/,
    ],
    [
      '16 bits',
      npy('<u2', [2, 1, 2], ofType(Uint16Array.of(0, 65535, 257, 0))),
      [0, 255, 1, 0],
      /16 bits, scaled to 8/,
    ],
    [
      'channels first',
      npy('|u1', [2, 3, 1, 2], Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)),
      [1, 3, 5, 2, 4, 6, 7, 9, 11, 8, 10, 12],
      /channels x height x width, as PyTorch/,
    ],
    [
      'flat rows',
      npy('|u1', [2, 4], Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
      [1, 2, 3, 4, 5, 6, 7, 8],
      /taken as 2 rows of 2/,
    ],
  ])('.npy of %s', async (_, images, pixels, said) => {
    const { train, notes } = await understood({ 'images.npy': images, 'labels.npy': npy('|u1', [2], two) });
    expect([...copyPixels(train!.pixels)]).toEqual(pixels);
    expect(notes.join(' ')).toMatch(said);
  });

  it('labels as one-hot rows, as a column, as text; names from an array; arrays without names', async () => {
    const images = npy('|u1', [3, 2, 2], new Uint8Array(12));
    const labels = async (array: Uint8Array, more: Files = {}) => {
      const { labels: found, classNames } = await understood({ 'images.npy': images, 'labels.npy': array, ...more });
      return [found![0], classNames];
    };
    expect(await labels(npy('<f4', [3, 3], ofType(Float32Array.of(0, 1, 0, 1, 0, 0, 0, 0, 1))))).toEqual([
      [1, 0, 2],
      ['0', '1', '2'],
    ]);
    expect(
      await labels(npy('<i4', [3, 1], ofType(Int32Array.of(1, 0, 1))), {
        'class_names.npy': npy('|S3', [2], text('no\0yes')),
      }),
    ).toEqual([
      [1, 0, 1],
      ['no', 'yes'],
    ]);
    expect(await labels(npy('|S3', [3], text('dogcatdog')))).toEqual([
      [1, 0, 1],
      ['cat', 'dog'],
    ]);
    expect(
      (
        await understood({
          'a.npz': zip({ 'arr_0.npy': images, 'arr_1.npy': npy('|u1', [3], Uint8Array.of(0, 1, 1)) }),
        })
      ).labels![0],
    ).toEqual([0, 1, 1]);
  });

  it.each([
    [
      'labels missing',
      { 'x_train.npy': npy('|u1', [2, 2, 2], new Uint8Array(8)) },
      /Expected an array of labels beside it for 'data\/x_train\.npy' but received none\. Save it as y_train/,
    ],
    [
      'counts that differ',
      { 'x.npy': npy('|u1', [2, 2, 2], new Uint8Array(8)), 'y.npy': npy('|u1', [3], new Uint8Array(3)) },
      /Expected 2 labels, one for each picture of 'data\/x\.npy', for 'data\/y\.npy' but received an array of 3/,
    ],
    [
      'standardised pictures',
      { 'x.npy': npy('<f4', [2, 1, 1], ofType(Float32Array.of(-2.1, 3))), 'y.npy': npy('|u1', [2], two) },
      /numbers from 0 to 1, -1 to 1, 0 to 255 or 0 to 65535 .* but received -2\.100 to 3\. Save the pictures before they are standardised/,
    ],
    [
      'not a number',
      { 'x.npy': npy('<f4', [2, 1, 1], ofType(Float32Array.of(Number.NaN, 1))), 'y.npy': npy('|u1', [2], two) },
      /pictures of finite numbers .* but received NaN at element 0/,
    ],
    [
      'pickled pictures',
      { 'x.npy': npy('|O', [2, 1, 1], new Uint8Array(16)), 'y.npy': npy('|u1', [2], two) },
      /array of Python objects/,
    ],
    ['a damaged .npz', { 'x.npz': text('hello') }, /'data\/x\.npz'/],
    [
      'four channels',
      { 'x.npy': npy('|u1', [2, 2, 2, 4], new Uint8Array(32)), 'y.npy': npy('|u1', [2], two) },
      /Leave the alpha channel out/,
    ],
  ])('refuses %s', async (_, files, message) => {
    expect(await refusal(files as Files)).toMatch(message);
  });

  it('IDX labels with gaps are told', async () => {
    const files = {
      'train-images-idx3-ubyte': idx([2, 1, 1], two),
      'train-labels-idx1-ubyte': idx([2], Uint8Array.of(0, 200)),
    };
    const { notes } = await understood(files);
    expect(notes).toContain(
      'Labels go up to 200, but only 2 of these 201 occur: 199 classes have no pictures. Is a label wrong?',
    );
  });

  it('IDX with other part names', async () => {
    const files = {
      'sub/dev-images-idx3-ubyte': idx([2, 1, 1], two),
      'sub/dev-labels-idx1-ubyte': idx([2], two),
      ...Object.fromEntries(Object.entries(idxFiles()).map(([name, data]) => [`sub/${name}`, data])),
    };
    expect(await refusal(files)).toMatch(
      /pictures of one height, 3, for 'data\/sub\/dev-images-idx3-ubyte' but received 1/,
    );
  });
});

describe('Parquet', () => {
  it('parts from file names, classes from the metadata, rows without a label left out', async () => {
    const { kind, classNames, pictures, skipped, notes } = await understood({
      'data/train-00000-of-00001.parquet': parquetGolden('plain'),
      'data/test-00000-of-00001.parquet': parquetGolden('snappy'),
      'README.md': text('x'),
    });
    expect([kind, classNames, pictures!.length]).toEqual(['parquet', ['cat', 'dog', 'emu'], 15]);
    expect(pictures![0]).toBe('train cat data/train-00000-of-00001.parquet, row 0');
    expect(pictures![7]).toBe('test cat data/test-00000-of-00001.parquet, row 0');
    expect(skipped).toEqual([{ origin: 'data/train-00000-of-00001.parquet, row 6', reason: 'it has no label' }]);
    expect(notes).toContain("Class names from the file's Hugging Face metadata.");
  });

  it('gives the bytes of each picture; a missing one is named', async () => {
    const { content } = await readFiles({ 'train.parquet': parquetGolden('plain') });
    if (!('pictures' in content)) throw new Error('arrays');
    const all = await Promise.allSettled(content.pictures.pictures.map((picture) => picture.bytes()));
    expect(all.map(({ status }) => status)).toEqual([...Array(5).fill('fulfilled'), 'rejected', 'fulfilled']);
    expect(String((all[5] as PromiseRejectedResult).reason)).toMatch(
      /Expected a picture for 'train\.parquet, row 5' but received none/,
    );
  });
});

describe('archives', () => {
  const kindOf = async (content: Uint8Array, name: string) => {
    const found = await summary(await readArchive(content, name));
    return [found.kind, found.pictures?.length ?? found.labels];
  };

  it('hold any of these: zip, tar, tar.gz', async () => {
    expect(await kindOf(zip(classFolderFiles), 'a.zip')).toEqual(['class-folders', 8]);
    expect(await kindOf(tar(classFolderFiles), 'a.tar')).toEqual(['class-folders', 8]);
    expect(await kindOf(gzip(tar(classFolderFiles)), 'a.tgz')).toEqual(['class-folders', 8]);
    expect((await kindOf(gzip(tar(cifar10Files())), 'cifar-10-binary.tar.gz'))[0]).toBe('cifar');
    expect((await kindOf(zip({ 'deep/er/mnist.npz': npz() }), 'a.zip'))[0]).toBe('numpy');
    expect((await kindOf(zip(idxFiles()), 'a.zip'))[0]).toBe('idx');
    expect((await kindOf(tar({ 'train.parquet': parquetGolden('snappy') }), 'a.tar'))[0]).toBe('parquet');
    expect((await kindOf(zip(listFiles('l.csv', 'path,label\nimages/a.png,1\nimages/b.png,2\n')), 'a.zip'))[0]).toBe(
      'list',
    );
  });

  it('within a folder: one a part, or one in another; left out beside what they were packed from', async () => {
    const classes = (part: string): Uint8Array =>
      zip({ [`${part}/a/1.png`]: png(1, 2, 3), [`${part}/b/1.png`]: png(1, 2, 3) });
    const flat = zip({ 'a/1.png': png(1, 2, 3), 'b/1.png': png(1, 2, 3) });
    const parts = await understood({ 'train.zip': flat, 'test.zip': flat });
    expect(parts.pictures).toEqual([
      'train a train/a/1.png',
      'train b train/b/1.png',
      'test a test/a/1.png',
      'test b test/b/1.png',
    ]);
    expect(parts.notes).toContain("Looked into 'train.zip': 2 files.");
    expect(
      (
        await understood({
          'outer.zip': zip({ 'inner.tar': tar({ 'a/1.png': png(1, 2, 3), 'b/1.png': png(1, 2, 3) }) }),
        })
      ).pictures,
    ).toHaveLength(2);
    const beside = await understood({ ...classFolderFiles, 'photos.zip': classes('train') });
    expect(beside.pictures).toHaveLength(8);
    expect(beside.notes).toContain('Left out an archive beside it.');
  });

  it('of which nothing can be read say why', async () => {
    const packed = zip(classFolderFiles);
    // The encryption flag of every entry of the directory.
    for (let at = 0; (at = Buffer.from(packed).indexOf('PK\x01\x02', at, 'latin1')) >= 0; at++) packed[at + 8] |= 1;
    await expect(readArchive(packed, 'a.zip')).rejects.toThrow(
      "Expected class folders with pictures for 'a.zip' but received no pictures (8 entries were left out, such as 'train/cat/1.png': an encrypted entry; unpack it with its password first)",
    );
  });

  it('tell of what they hold and is not followed', async () => {
    const { skipped, pictures } = await summary(
      await readArchive(zip({ ...classFolderFiles, '../evil.png': png(1, 2, 3) }), 'a.zip'),
    );
    expect([pictures!.length, skipped]).toEqual([
      8,
      [{ origin: '../evil.png', reason: 'a path that leads out of the archive, not followed' }],
    ]);
  });
});

describe('what is several things or nothing', () => {
  it('is refused with the reasons', async () => {
    expect(await refusal({ ...cifar10Files(), 'mnist.npz': npz() })).toBe(
      "Expected data of one kind for 'data' but received several (CIFAR-10 in its binary version: 'data_batch_1.bin', 'data_batch_2.bin', 'test_batch.bin'; NumPy arrays: 'mnist.npz'). Name the file or the folder of one of them",
    );
    expect(await refusal({ 'notes.txt': text('hello') })).toMatch(
      /class folders with pictures for 'data' but received no pictures/,
    );
    expect(await refusal({ 'notes.txt': text('hello there\n') }, 'notes.txt')).toMatch(
      /Expected data for 'data\/notes\.txt' but received a file of another kind\. Give a folder, an archive/,
    );
  });

  it('the file that was named decides', async () => {
    const files = { ...cifar10Files(), 'mnist.npz': npz() };
    expect((await understood(files, 'mnist.npz')).kind).toBe('numpy');
    expect((await understood(files, 'cifar-10-batches-bin/test_batch.bin')).kind).toBe('cifar');
  });

  it('says what else it could have been', async () => {
    const { notes, kind } = await understood({
      ...classFolderFiles,
      'labels.csv': text('path,label\ntrain/cat/1.png,x\ntrain/dog/1.png,y\n'),
    });
    expect(kind).toBe('list');
    expect(notes.join(' ')).toMatch(
      /It could also be read otherwise\. Class folders: 'train', 'test' hold a folder of pictures for each class\./,
    );
  });
});
