import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createDataset, type DataSource, type Dataset, type Part, parts } from '../core/dataset/dataset.ts';
import { FoveaError, invalid, mismatch } from '../core/errors.ts';
import { type IdxImages, idxImages, idxLabels, readIdx } from '../core/formats/idx.ts';
import { listFolder, quotePath, realFolder } from './files.ts';
import { fileError } from './storage.ts';

/** An IDX pair: file names in the folder. */
interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

const prefixes: Readonly<Record<string, Part>> = {
  train: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  t10k: 'test',
  test: 'test',
};
/** `train-images-idx3-ubyte`, `train-images.idx3-ubyte`, `t10k-labels-idx1-ubyte.gz`, … */
const pattern = /^(train|val|valid|validation|t10k|test)-(images|labels)[.-]idx[134](?:-ubyte)?(\.gz)?$/i;
const nameFiles = ['classes.txt', 'labels.txt', 'class-names.txt', 'class_names.txt'];

/** The pairs of IDX files in a folder by part; undefined when it holds none. @throws FoveaError when half a pair is missing. */
export async function findIdx(folder: string): Promise<ReadonlyMap<Part, IdxPair> | undefined> {
  const root = await realFolder(folder);
  const { files } = await listFolder(root, root);
  const found = new Map<Part, { images?: string; labels?: string }>();
  for (const { name } of files) {
    const match = pattern.exec(name);
    if (!match) continue;
    const part = prefixes[match[1].toLowerCase()];
    const what = match[2].toLowerCase() as 'images' | 'labels';
    const pair = found.get(part) ?? {};
    // Plain and packed side by side are the same content; natural order puts the plain file first.
    pair[what] ??= name;
    found.set(part, pair);
  }
  if (found.size === 0) return undefined;
  const pairs = new Map<Part, IdxPair>();
  for (const part of parts) {
    const pair = found.get(part);
    if (!pair) continue;
    const { images, labels } = pair;
    if (!images)
      throw mismatch(
        'a file of pictures',
        quotePath(join(folder, labels!)),
        'its labels only',
        `Put ${labels!.replace('labels', 'images').replace('idx1', 'idx3')} beside it`,
      );
    if (!labels)
      throw mismatch(
        'a file of labels',
        quotePath(join(folder, images)),
        'its pictures only',
        `Put ${images.replace('images', 'labels').replace('idx3', 'idx1')} beside it`,
      );
    pairs.set(part, { images, labels });
  }
  return pairs;
}

/** Reads a folder of IDX files. Class names come from `classes.txt`, `labels.txt` or `class-names.txt` beside them, or are `0`, `1`, … */
export async function readIdxFolder(folder: string, pairs: ReadonlyMap<Part, IdxPair>): Promise<DataSource> {
  const content = new Map<Part, { images: IdxImages; labels: Uint8Array }>();
  for (const [part, pair] of pairs) {
    const [imagesFile, labelsFile] = [join(folder, pair.images), join(folder, pair.labels)];
    const images = idxImages(await readIdx(await readBytes(imagesFile), quotePath(imagesFile)), quotePath(imagesFile));
    const labels = idxLabels(await readIdx(await readBytes(labelsFile), quotePath(labelsFile)), quotePath(labelsFile));
    if (labels.length !== images.count) {
      throw invalid(
        `${images.count} labels, one for each picture of ${pair.images},`,
        quotePath(labelsFile),
        labels.length,
        'The two files do not belong together: fetch both again',
      );
    }
    content.set(part, { images, labels });
  }
  const [first] = content.values();
  for (const [part, { images }] of content) {
    for (const side of ['height', 'width', 'channels'] as const) {
      if (images[side] !== first.images[side]) {
        throw invalid(
          `pictures of one ${side}, ${first.images[side]},`,
          quotePath(join(folder, pairs.get(part)!.images)),
          images[side],
          'All parts must have pictures of one size: bring them to it, or train and test on class folders',
        );
      }
    }
  }
  let highest = 0;
  for (const { labels } of content.values()) for (const label of labels) if (label > highest) highest = label;
  const named = await readClassNames(folder);
  const classNames = named?.names ?? Array.from({ length: highest + 1 }, (_, i) => String(i));
  if (classNames.length <= highest) {
    throw invalid(
      `at least ${highest + 1} class names, since label ${highest} occurs,`,
      quotePath(named!.file),
      classNames.length,
    );
  }
  const notes = [
    `IDX files: ${[...content].map(([part, { images }]) => `${images.count} ${part}`).join(', ')}.`,
    named
      ? `Class names from ${basename(named.file)}.`
      : 'No file of class names (classes.txt): classes are called by their numbers.',
  ];
  const datasets: Partial<Record<Part, Dataset>> = {};
  for (const [part, { images, labels }] of content) {
    const { height, width, channels, pixels } = images;
    datasets[part] = createDataset({
      name: `${basename(folder)}/${part}`,
      classNames,
      height,
      width,
      channels,
      pixels,
      labels: Int32Array.from(labels),
    });
  }
  return { name: basename(folder), ...datasets, notes, skipped: [] };
}

async function readClassNames(folder: string): Promise<{ file: string; names: string[] } | undefined> {
  for (const name of nameFiles) {
    const file = join(folder, name);
    let bytes: Uint8Array;
    try {
      bytes = await readFile(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw fileError('read', file, error);
    }
    const names = new TextDecoder()
      .decode(bytes)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const twice = names.find((line, i) => names.indexOf(line) !== i);
    if (twice !== undefined)
      throw new FoveaError(
        `Expected a different name on each line for ${quotePath(file)} but received ${quotePath(twice)} twice`,
      );
    return { file, names };
  }
  return undefined;
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError('read', path, error);
  }
}
