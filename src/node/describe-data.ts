import { resolve } from 'node:path';
import { builtIns } from '../core/dataset/builtin/index.ts';
import { type ChosenSize, chooseSize, type PictureSizes, pictureSizes } from '../core/dataset/choose-size.ts';
import { classCounts, type DataSource, type Part, parts, type Skipped } from '../core/dataset/dataset.ts';
import type { PictureSet, SourceKind } from '../core/dataset/sources/content.ts';
import { readTree, type Understood } from '../core/dataset/sources/recognise.ts';
import { FoveaError, invalid, mismatch } from '../core/errors.ts';
import { applyDecisions } from './apply-fixes.ts';
import { type PictureInfo, pictureInfo } from './codec.ts';
import { diskSpool } from './file-source.ts';
import { fileTree, folderTree, quotePath, statPath } from './files.ts';
import { checkCount, type ReadLimits } from './limits.ts';
import { fetchedPath, fetchLine } from './named-data.ts';

/** Data found and understood. Pictures are listed only; pixels of arrays are in memory already. */
export type FoundData = { readonly limits?: ReadLimits } & (
  | { readonly kind: 'built-in' | SourceKind; readonly understood?: Understood; readonly source: DataSource }
  | { readonly kind: SourceKind; readonly understood: Understood; readonly pictures: PictureSet }
);

/** What `fovea data show` tells, and what training chooses its settings from. */
export interface DataDescription {
  readonly name: string;
  readonly kind: FoundData['kind'];
  /** What the data were taken for and why; absent for the built-in sets. */
  readonly understood?: Understood;
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

export interface FindOptions {
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** What the files of decisions about the data begin with; by default the data's own path. */
  readonly beside?: string;
  /** Reads a prepared store through and compares its hashes. */
  readonly verify?: boolean;
  /** What all that reads these data later keeps to. */
  readonly limits?: ReadLimits;
}

/** Pictures whose headers are read, spread evenly over all. */
const sampleCount = 64;

/**
 * Finds out what `nameOrPath` is. A bare `digits` or `shapes` is the built-in set; `./digits` is a folder, an archive or
 * a file of data.
 */
export async function findData(nameOrPath: string, options: FindOptions = {}): Promise<FoundData> {
  const builtIn = builtIns.get(nameOrPath);
  if (builtIn) return { kind: 'built-in', source: builtIn.generate({ seed: options.seed }) };
  if (!nameOrPath) throw mismatch(`a folder or one of ${[...builtIns.keys()].join(', ')}`, 'the data', 'nothing');
  const named = fetchedPath(nameOrPath) ?? nameOrPath;
  const path = resolve(named);
  const reading = { signal: options.signal, createSpool: diskSpool };
  const { tree, only } = (await isFolder(named, path))
    ? { tree: await folderTree(path, quotePath(named), options.signal), only: undefined }
    : await fileTree(named, path, reading);
  const { understood, content } = await readTree(tree, { ...reading, only, verify: options.verify });
  const { kind } = understood;
  const found: FoundData =
    'pictures' in content
      ? { kind, understood, pictures: content.pictures }
      : { kind, understood, source: content.arrays };
  const decided = await applyDecisions(found, options.beside ?? path, options.signal);
  const { limits } = options;
  if (!limits) return decided;
  if ('pictures' in decided) checkCount(decided.pictures.name, decided.pictures.pictures.length, limits);
  return { ...decided, limits };
}

async function isFolder(nameOrPath: string, path: string): Promise<boolean> {
  try {
    return (await statPath(path)).isDirectory();
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    const line = fetchLine(nameOrPath);
    if (line) throw invalid('a folder or a set that was fetched', 'the data', nameOrPath, `Fetch it: ${line}`);
    if (/[\\/.]/.test(nameOrPath)) throw error;
    throw invalid(
      `a folder or one of the built-in sets ${[...builtIns.keys()].join(', ')}`,
      'the data',
      nameOrPath,
      'Check the path',
    );
  }
}

/** Describes data without decoding all of it: counts, sizes and channels seen, the input size to choose, and why. */
export async function describeData(nameOrPath: string, options: FindOptions = {}): Promise<DataDescription> {
  return describeFound(await findData(nameOrPath, options), options.signal);
}

export async function describeFound(found: FoundData, signal?: AbortSignal): Promise<DataDescription> {
  return 'pictures' in found ? describePictures(found, signal) : describeSource(found);
}

function describeSource({ kind, understood, source }: FoundData & { source: DataSource }): DataDescription {
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
    understood,
    classNames: first.classNames,
    parts: counted,
    sizes,
    channels: first.channels,
    formats: [],
    chosen:
      kind === 'store'
        ? { height: first.height, width: first.width, why: storeSize(first) }
        : chooseSize(sizes, source.train?.count ?? first.count),
    notes: source.notes,
    skipped: source.skipped,
  };
}

const storeSize = ({ height, width }: { height: number; width: number }): string =>
  `Input size ${height}x${width}: the pictures were prepared at it.`;

async function describePictures(
  { kind, understood, pictures: set, limits }: FoundData & { pictures: PictureSet },
  signal?: AbortSignal,
): Promise<DataDescription> {
  const { name, classNames, pictures, notes, skipped } = set;
  const counted: Partial<Record<Part, { count: number; classCounts: number[] }>> = {};
  for (const part of parts) {
    const counts = new Array<number>(classNames.length).fill(0);
    let count = 0;
    for (const picture of pictures) {
      if (picture.part !== part) continue;
      counts[picture.label]++;
      count++;
    }
    if (count > 0) counted[part] = { count, classCounts: counts };
  }
  const infos: PictureInfo[] = [];
  const step = Math.max(1, pictures.length / sampleCount);
  let unread: unknown;
  for (let at = 0; at < pictures.length; at += step) {
    signal?.throwIfAborted();
    const picture = pictures[Math.floor(at)];
    try {
      const source = picture.file ?? (await picture.bytes(limits?.limitBytes));
      infos.push(await pictureInfo(source, { subject: picture.origin, ...limits }));
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      unread ??= error;
    }
  }
  if (infos.length === 0) throw unread;
  const sizes = pictureSizes(infos);
  return {
    name,
    kind,
    understood,
    classNames,
    parts: counted,
    sizes,
    channels: infos.every((info) => info.channels === 1) ? 1 : 3,
    formats: [...new Set(infos.map((info) => info.format))].sort(),
    chosen: chooseSize(sizes, counted.train?.count ?? pictures.length),
    notes,
    skipped,
  };
}
