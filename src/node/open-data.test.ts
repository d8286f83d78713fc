import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { describeWithData, temporaryFolder, unpack } from '../../tests/test-data.ts';
import { classCounts, type Dataset, pictureAt } from '../core/dataset/dataset.ts';
import { hashDataset } from '../core/dataset/hash.ts';
import { FoveaError } from '../core/errors.ts';
import { encodePng } from './codec.ts';
import { describeData, openData, openPictures } from './open-data.ts';

const counts = (dataset: Dataset | undefined): Record<string, number> =>
  Object.fromEntries(classCounts(dataset!).map((count, i) => [`${dataset!.classNames[i]}`, count]));

/** Writes pictures of one grey level each: `{ 'train/cat/1.png': 40 }`; a text is written as it is. */
async function folderOf(
  content: Record<string, number | string | Uint8Array>,
  size: [number, number] = [8, 8],
): Promise<string> {
  const folder = temporaryFolder();
  for (const [path, value] of Object.entries(content)) {
    const file = join(folder, ...path.split('/'));
    mkdirSync(join(file, '..'), { recursive: true });
    if (path.endsWith('/')) mkdirSync(file, { recursive: true });
    else if (typeof value === 'number') {
      const data = new Uint8Array(size[0] * size[1] * 3).fill(value);
      writeFileSync(file, await encodePng({ height: size[0], width: size[1], channels: 3, data }));
    } else writeFileSync(file, value);
  }
  return folder;
}

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FoveaError);
  expect((error as Error).message).not.toMatch(/\n/);
  return (error as Error).message;
}

describe('openData on class folders', () => {
  it('reads train, valid and test with one list of classes, in natural order', async () => {
    const folder = await folderOf({
      'train/2/a.png': 10,
      'train/10/b.png': 20,
      'train/10/c.png': 30,
      'valid/2/d.png': 40,
      'valid/10/d.png': 41,
      'Test/2/e.png': 50,
      'Test/10/sub/f.png': 60,
      'notes/readme.txt': 'x',
      'train/.hidden/x.png': 1,
      '__MACOSX/train/x.png': 1,
      'Thumbs.db': 'x',
    });
    const { train, val, test, notes, skipped } = await openData(folder);
    expect(train!.classNames).toEqual(['2', '10']);
    expect([counts(train), counts(val), counts(test)]).toEqual([
      { 2: 1, 10: 2 },
      { 2: 1, 10: 1 },
      { 2: 1, 10: 1 },
    ]);
    expect(train!.origins).toEqual(['train/2/a.png', 'train/10/b.png', 'train/10/c.png']);
    expect(Array.from(train!.labels, (_, i) => pictureAt(train!, i).data[0])).toEqual([10, 20, 30]);
    expect([train!.height, train!.width, train!.channels]).toEqual([8, 8, 3]);
    expect(notes.join(' ')).toMatch(/Left out the folder 'notes'/);
    expect(skipped).toEqual([]);
  });

  it('looks through a single folder, and a class may be called train', async () => {
    const wrapped = await openData(await folderOf({ 'all/data/cat/1.png': 1, 'all/data/dog/1.png': 2 }));
    expect(counts(wrapped.train)).toEqual({ cat: 1, dog: 1 });
    const vehicles = await openData(await folderOf({ 'train/1.png': 1, 'bus/1.png': 2, 'car/1.png': 3 }));
    expect(vehicles.train!.classNames).toEqual(['bus', 'car', 'train']);
  });

  it('skips and names unreadable pictures, and stops at them when strict', async () => {
    const folder = await folderOf({ 'a/1.png': 1, 'a/2.png': 'no picture', 'b/1.png': 2, 'b/2.jpg': '' });
    const { train, skipped, notes } = await openData(folder);
    expect(train!.origins).toEqual(['a/1.png', 'b/1.png']);
    expect(skipped.map(({ origin, reason }) => [origin, reason.split(';')[0]])).toEqual([
      ['a/2.png', 'text'],
      ['b/2.jpg', 'an empty file'],
    ]);
    expect(notes).toContain('Skipped 2 of 4 pictures that cannot be read.');
    expect(await failure(openData(folder, { strict: true }))).toMatch(
      /for 'a\/2\.png' but received text; .*leave --strict out/,
    );
  });

  it.each([
    ['a missing path', {}, 'nowhere', /Expected an existing file or folder for '.*nowhere' but received nothing there/],
    [
      'a file',
      { 'x.png': 1 },
      'x.png',
      /Expected data for '.*x\.png' but received a file of another kind\. Give a folder, an archive/,
    ],
    [
      'an empty folder',
      { 'x/': '' },
      'x',
      /Expected class folders with pictures for .* but received no pictures\. Put/,
    ],
    [
      'pictures without class folders',
      { '1.png': 1, '2.png': 1 },
      '',
      /a folder for each class for .* but received 2 pictures and no class folders\. Put/,
    ],
    ['one class', { 'cat/1.png': 1 }, '', /at least 2 class folders for .* but received one, 'cat'/],
    [
      'an empty class',
      { 'cat/1.png': 1, 'dog/1.png': 1, 'emu/': '' },
      '',
      /pictures in every class folder for .* but received none in 'emu'\. Delete the folder or add pictures/,
    ],
    [
      'a class of unreadable pictures',
      { 'cat/1.png': 1, 'dog/1.png': 'x' },
      '',
      /that can be read in every class of .* but received none in 'dog' \('dog\/1\.png': text/,
    ],
    [
      'two folders for one part',
      { 'train/a/1.png': 1, 'val/a/1.png': 1, 'valid/a/1.png': 1 },
      '',
      /Two folders mean the same part: 'val' and 'valid'/,
    ],
  ] as const)('refuses %s', async (_, content, below, message) => {
    expect(await failure(openData(join(await folderOf(content as Record<string, number>), below)))).toMatch(message);
  });

  it('takes a class that only another part has, and says so', async () => {
    const { train, test, notes } = await openData(
      await folderOf({ 'train/a/1.png': 1, 'train/b/1.png': 2, 'train/c/': '', 'test/c/1.png': 3, 'test/a/2.png': 4 }),
    );
    expect([counts(train), counts(test)]).toEqual([
      { a: 1, b: 1, c: 0 },
      { a: 1, b: 0, c: 1 },
    ]);
    expect(notes).toContain("No train pictures of 'c'.");
    expect(notes).toContain("No test pictures of 'b'.");
  });

  it.skipIf(process.platform === 'win32')('follows no link out of the folder and none to a folder', async () => {
    const outside = await folderOf({ 'secret/1.png': 200 });
    const folder = await folderOf({ 'a/1.png': 1, 'b/1.png': 2 });
    symlinkSync(join(outside, 'secret', '1.png'), join(folder, 'a', 'out.png'));
    symlinkSync(join(outside, 'secret'), join(folder, 'a', 'dir'));
    symlinkSync('..', join(folder, 'b', 'loop'));
    symlinkSync(join('..', 'a', '1.png'), join(folder, 'b', 'inside.png'));
    const { train, skipped } = await openData(folder);
    expect(train!.origins).toEqual(['a/1.png', 'b/1.png', 'b/inside.png']);
    expect(skipped).toEqual([
      { origin: 'a/dir', reason: 'a link out of the folder, not followed' },
      { origin: 'a/out.png', reason: 'a link out of the folder, not followed' },
      { origin: 'b/loop', reason: 'a link to a folder, not followed' },
    ]);
  });

  it('keeps to size, channels and fit, reports progress, and can be stopped', async () => {
    const folder = await folderOf({ 'a/1.png': 1, 'a/2.png': 3, 'b/1.png': 2 }, [10, 20]);
    const seen: string[] = [];
    const { train, notes } = await openData(folder, {
      size: { height: 12, width: 12 },
      channels: 1,
      fit: 'pad',
      onProgress: ({ done, total }) => seen.push(`${done}/${total}`),
    });
    expect([
      train!.height,
      train!.width,
      train!.channels,
      pictureAt(train!, 0).data[0],
      pictureAt(train!, 0).data[6 * 12],
    ]).toEqual([12, 12, 1, 0, 1]);
    expect(seen).toEqual(['1/3', '2/3', '3/3']);
    expect(notes.join(' ')).toMatch(/brought to 12x12 whole, with black around/);
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(openData(folder, { signal: stop })).rejects.toThrow('stopped');
    expect(await failure(openData(folder, { size: 0 }))).toMatch(
      /a whole number from 1 to 4096 for option 'size' but received 0/,
    );
    expect(await failure(openData(folder, { channels: 2 as 1 }))).toMatch(
      /1 or 3 for option 'channels' but received 2/,
    );
  });

  it('describes without decoding all: counts, sizes, why', async () => {
    const folder = await folderOf(
      { 'train/a/1.png': 1, 'train/b/1.png': 2, 'test/a/1.png': 3, 'test/b/1.png': 3 },
      [100, 140],
    );
    expect(await describeData(folder)).toMatchObject({
      kind: 'class-folders',
      classNames: ['a', 'b'],
      channels: 3,
      formats: ['png'],
      parts: { train: { count: 2, classCounts: [1, 1] }, test: { count: 2, classCounts: [1, 1] } },
      sizes: { sampled: 4, uniform: { height: 100, width: 140 }, medianSide: 100 },
      chosen: { height: 96, width: 96, why: expect.stringMatching(/^Input size 96x96: all pictures are 100x140/) },
    });
  });
});

describe('openData on built-in sets', () => {
  it('knows digits and shapes by bare name only', async () => {
    const first = await openData('digits', { seed: 5 });
    expect([first.train!.count, first.test!.count, first.val]).toEqual([6000, 1000, undefined]);
    expect(await failure(openData('./digits-that-is-not-there'))).toMatch(/Expected an existing file or folder/);
    expect(await failure(openData('digit'))).toMatch(
      /a folder or one of the built-in sets digits, shapes for the data but received 'digit'/,
    );
  });
});

describe('openData on IDX', () => {
  function idx(dimensions: number[], data: number[]): Uint8Array {
    const bytes = Buffer.alloc(4 + 4 * dimensions.length + data.length);
    bytes.set([0, 0, 8, dimensions.length]);
    dimensions.forEach((size, i) => {
      bytes.writeUInt32BE(size, 4 + 4 * i);
    });
    bytes.set(data, 4 + 4 * dimensions.length);
    return bytes;
  }
  const images = idx([3, 2, 2], [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  const labels = idx([3], [1, 0, 2]);

  it('reads both spellings, plain and packed, names from a file, one folder down', async () => {
    const { train, test } = await openData(
      await folderOf({
        'raw/train-images.idx3-ubyte': images,
        'raw/train-labels-idx1-ubyte.gz': gzipSync(labels),
        'raw/t10k-images-idx3-ubyte': gzipSync(images),
        'raw/t10k-labels.idx1-ubyte': labels,
        'raw/classes.txt': 'zero\r\none\n<b>two</b>\n',
      }),
    );
    expect([train!.classNames, [...train!.labels], train!.pixels.at(1)[0]]).toEqual([
      ['zero', 'one', '<b>two</b>'],
      [1, 0, 2],
      2,
    ]);
    expect(await hashDataset(test!)).toBe(await hashDataset(train!));
  });

  it.each([
    [
      'labels missing',
      { 'train-images-idx3-ubyte': images },
      /Expected a file of labels for '.*train-images-idx3-ubyte' but received its pictures only\. Put train-labels-idx1-ubyte beside it/,
    ],
    [
      'counts that differ',
      { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': idx([2], [0, 1]) },
      /Expected 3 labels, one for each picture of train-images-idx3-ubyte, for '.*train-labels-idx1-ubyte' but received 2/,
    ],
    [
      'truncated',
      { 'train-images-idx3-ubyte': images.subarray(0, 20), 'train-labels-idx1-ubyte': labels },
      /Expected 28 bytes .* for '.*train-images-idx3-ubyte' but received 20, fewer/,
    ],
    [
      'no gzip',
      { 'train-images-idx3-ubyte.gz': 'hello there', 'train-labels-idx1-ubyte': labels },
      /an IDX file .*train-images-idx3-ubyte\.gz' but received magic number/,
    ],
    [
      'one class',
      { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': idx([3], [0, 0, 0]) },
      /at least 2 classes/,
    ],
    [
      'too few names',
      { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels, 'classes.txt': 'a\nb' },
      /at least 3 class names, since label 2 occurs, for '.*classes\.txt' but received 2/,
    ],
    [
      'parts of two sizes',
      {
        'train-images-idx3-ubyte': images,
        'train-labels-idx1-ubyte': labels,
        't10k-images-idx3-ubyte': idx([3, 1, 4], [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]),
        't10k-labels-idx1-ubyte': labels,
      },
      /pictures of one height, 2, for .* but received 1/,
    ],
  ] as const)('refuses %s', async (_, content, message) => {
    expect(await failure(openData(await folderOf(content as unknown as Record<string, Uint8Array>)))).toMatch(message);
  });
});

describe('openPictures', () => {
  it('expands folders to their pictures in order, keeps files as named', async () => {
    const folder = await folderOf({
      'in/b10.png': 1,
      'in/b9.png': 1,
      'in/sub/c.JPG': 'x',
      'in/notes.txt': 'x',
      'z.bin': 'x',
      'none/': '',
    });
    const { files } = await openPictures([join(folder, 'z.bin'), `${join(folder, 'in')}/`]);
    expect(files.map(({ name }) => name)).toEqual([
      join(folder, 'z.bin'),
      ...['b9.png', 'b10.png', 'sub/c.JPG'].map((name) => `${join(folder, 'in')}/${name}`),
    ]);
    expect(await failure(openPictures([join(folder, 'none')]))).toMatch(
      /Expected pictures for the folder '.*none' but received none/,
    );
    expect(await failure(openPictures([join(folder, 'nope.png')]))).toMatch(
      /Expected an existing file or folder for '.*nope\.png'/,
    );
  });
});

describeWithData('nasty', 'openData on hard layouts', (folder) => {
  const where = unpack(join(folder, 'nasty.tar.gz'), temporaryFolder());
  const layout = (name: string): string => join(where, 'layouts', name);
  const expected: Record<string, [Record<string, number>, number]> = {
    nested: [{ cat: 5, dog: 3 }, 0],
    loose_in_root: [{ cat: 3, dog: 3 }, 0],
    numeric_names: [{ 1: 2, 2: 2, 10: 2 }, 0],
    case_names: [{ Cat: 2, cat: 2 }, 0],
    symlink_loop: [{ cat: 2, dog: 2 }, 2],
    symlink_file: [{ cat: 2, dog: 3 }, 1],
    mixed_modes: [{ cat: 5, dog: 4 }, 0],
    mixed_sizes: [{ cat: 5, dog: 5 }, 0],
    imbalanced: [{ common: 100, rare: 2 }, 0],
    half_broken: [{ cat: 3, dog: 3 }, 4],
    single_image_class: [{ cat: 6, rare: 1 }, 0],
  };
  it.each(Object.entries(expected))('%s', async (name, [classes, skipped]) => {
    const source = await openData(layout(name));
    expect([counts(source.train), source.skipped.length]).toEqual([classes, skipped]);
  });

  it('class names that break plain objects, tables and shells are only names', async () => {
    const { train } = await openData(layout('class_names'));
    expect(train!.classNames).toEqual(['__proto__', 'a b', 'constructor', 'it"s,quoted', 'toString', '日本']);
    expect(classCounts(train!)).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it.each([
    ['one_class', /at least 2 class folders/],
    ['no_images', /class folders with pictures/],
    ['empty_class', /none in 'empty'/],
  ])('%s is refused', async (name, message) => {
    expect(await failure(openData(layout(name)))).toMatch(message);
  });

  it('lists awkward file names unchanged', async () => {
    const { files } = await openPictures([join(where, 'names')]);
    const names = files.map(({ name }) => name.slice(join(where, 'names').length + 1));
    expect(names).toEqual(
      expect.arrayContaining([
        'new\nline.png',
        '  leading and trailing  .png',
        '--help.png',
        'back\\slash.png',
        '日本語.png',
        '=1+1.png',
        'percent%20%00.png',
      ]),
    );
    expect(names).not.toContain('.hidden.png');
  });

  it('broken IDX files are refused, good ones read', async () => {
    const { readFile } = await import('node:fs/promises');
    const { idxImages, readIdx } = await import('../core/formats/idx.ts');
    const read = async (name: string) => idxImages(await readIdx(await readFile(join(where, name)), name), name);
    for (const name of ['good_images.idx3', 'good_images.idx3.gz', 'gz_without_gz_name']) {
      expect(await read(`idx/${name}`)).toMatchObject({ count: 5, height: 4, width: 3, channels: 1 });
    }
    expect(await read('idx/rgb_images.idx4')).toMatchObject({ count: 2, height: 4, width: 3, channels: 3 });
    for (const name of [
      'idx/bad_magic.idx3',
      'idx/truncated.idx3',
      'idx/trailing.idx3',
      'idx/truncated.gz',
      'idx/zero_images.idx3',
      'idx/huge_count.idx3',
      'idx/float_images.idx3',
      'bombs/gzip_idx_bomb.gz',
    ]) {
      expect(await failure(read(name))).toMatch(/^Expected .* but received/);
    }
  });
});
