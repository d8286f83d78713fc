import { resolve } from 'node:path';
import { builtIns } from '../core/dataset/builtin/index.ts';
import { type ChosenSize, chooseSize, type PictureSizes, pictureSizes } from '../core/dataset/choose-size.ts';
import { classCounts, type DataSource, type Part, parts, type Skipped } from '../core/dataset/dataset.ts';
import { FoveaError, invalid, mismatch } from '../core/errors.ts';
import { type ClassFolders, scanClassFolders } from './class-folders.ts';
import { type PictureInfo, pictureInfo } from './codec.ts';
import { listFolder, quotePath, realFolder, statPath } from './files.ts';
import { findIdx, readIdxFolder } from './idx-folder.ts';

/** Data found and understood. Class folders are listed only; the small kinds are in memory already. */
export type FoundData =
  | { readonly kind: 'built-in' | 'idx'; readonly source: DataSource }
  | { readonly kind: 'class-folders'; readonly folders: ClassFolders };

/** What `fovea data show` tells, and what training chooses its settings from. */
export interface DataDescription {
  readonly name: string;
  readonly kind: FoundData['kind'];
  readonly classNames: readonly string[];
  /** Pictures of each part, in all and by class (same order as `classNames`). */
  readonly parts: Readonly<Partial<Record<Part, { readonly count: number; readonly classCounts: readonly number[] }>>>;
  readonly sizes: PictureSizes;
  /** 1 when all pictures that were looked at are grey. */
  readonly channels: 1 | 3;
  /** File formats seen, such as `jpeg`; empty where pictures are no files. */
  readonly formats: readonly string[];
  /** The input size that fits the pictures, and why. */
  readonly chosen: ChosenSize;
  readonly notes: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** Pictures whose headers are read, spread evenly over all. */
const sampleCount = 64;

/** Finds out what `nameOrPath` is. A bare `digits` or `shapes` is the built-in set; `./digits` is a folder. */
export async function findData(
  nameOrPath: string,
  options: { seed?: number; signal?: AbortSignal } = {},
): Promise<FoundData> {
  const builtIn = builtIns.get(nameOrPath);
  if (builtIn) return { kind: 'built-in', source: builtIn.generate({ seed: options.seed }) };
  if (!nameOrPath) throw mismatch(`a folder or one of ${[...builtIns.keys()].join(', ')}`, 'the data', 'nothing');
  const path = resolve(nameOrPath);
  await checkFolder(nameOrPath, path);
  for (const folder of [path, ...(await onlyFolders(path))]) {
    const pairs = await findIdx(folder);
    if (pairs) return { kind: 'idx', source: await readIdxFolder(folder, pairs) };
  }
  return { kind: 'class-folders', folders: await scanClassFolders(path, options.signal) };
}

async function checkFolder(nameOrPath: string, path: string): Promise<void> {
  let stat: Awaited<ReturnType<typeof statPath>>;
  try {
    stat = await statPath(path);
  } catch (error) {
    if (!(error instanceof FoveaError) || /[\\/.]/.test(nameOrPath)) throw error;
    throw invalid(
      `a folder or one of the built-in sets ${[...builtIns.keys()].join(', ')}`,
      'the data',
      nameOrPath,
      'Check the path',
    );
  }
  if (stat.isDirectory()) return;
  const archive = /\.(zip|tar|tgz|tar\.gz|tar\.xz|7z|rar)$/i.test(path);
  const mend = archive ? 'Unpack it and name the folder' : 'Name the folder that holds it';
  throw mismatch('a folder of IDX files or of class folders', quotePath(nameOrPath), 'a file', mend);
}

/** The folder that is alone in `path`, and the one alone in that: torchvision writes MNIST/raw. */
async function onlyFolders(path: string): Promise<string[]> {
  const root = await realFolder(path);
  const inner: string[] = [];
  for (let at = root; inner.length < 2; at = inner[inner.length - 1]) {
    const { folders } = await listFolder(at, root);
    if (folders.length !== 1) break;
    inner.push(folders[0].path);
  }
  return inner;
}

/** Describes data without decoding all of it: counts, sizes and channels seen, the input size to choose, and why. */
export async function describeData(
  nameOrPath: string,
  options: { seed?: number; signal?: AbortSignal } = {},
): Promise<DataDescription> {
  return describeFound(await findData(nameOrPath, options), options.signal);
}

export async function describeFound(found: FoundData, signal?: AbortSignal): Promise<DataDescription> {
  return found.kind === 'class-folders'
    ? describeFolders(found.folders, signal)
    : describeSource(found.kind, found.source);
}

function describeSource(kind: 'built-in' | 'idx', source: DataSource): DataDescription {
  const first = source.train ?? source.val ?? source.test!;
  const counted: Partial<Record<Part, { count: number; classCounts: number[] }>> = {};
  for (const part of parts) {
    const dataset = source[part];
    if (dataset) counted[part] = { count: dataset.count, classCounts: classCounts(dataset) };
  }
  const sizes = { ...pictureSizes([first]), sampled: first.count };
  return {
    name: source.name,
    kind,
    classNames: first.classNames,
    parts: counted,
    sizes,
    channels: first.channels,
    formats: [],
    chosen: chooseSize(sizes, source.train?.count ?? first.count),
    notes: source.notes,
    skipped: source.skipped,
  };
}

async function describeFolders(folders: ClassFolders, signal?: AbortSignal): Promise<DataDescription> {
  const { name, classNames, files, notes, skipped } = folders;
  const counted: Partial<Record<Part, { count: number; classCounts: number[] }>> = {};
  for (const part of parts) {
    const list = files[part];
    if (!list) continue;
    const counts = new Array<number>(classNames.length).fill(0);
    for (const { label } of list) counts[label]++;
    counted[part] = { count: list.length, classCounts: counts };
  }
  const all = parts.flatMap((part) => files[part] ?? []);
  const infos: PictureInfo[] = [];
  const step = Math.max(1, all.length / sampleCount);
  let unread: unknown;
  for (let at = 0; at < all.length; at += step) {
    signal?.throwIfAborted();
    const { path, origin } = all[Math.floor(at)];
    try {
      infos.push(await pictureInfo(path, { subject: origin }));
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      unread ??= error;
    }
  }
  if (infos.length === 0) throw unread;
  const sizes = pictureSizes(infos);
  return {
    name,
    kind: 'class-folders',
    classNames,
    parts: counted,
    sizes,
    channels: infos.every((info) => info.channels === 1) ? 1 : 3,
    formats: [...new Set(infos.map((info) => info.format))].sort(),
    chosen: chooseSize(sizes, files.train?.length ?? all.length),
    notes,
    skipped,
  };
}
