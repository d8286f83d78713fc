import { resolve } from 'node:path';
import { builtIns } from '../core/dataset/builtin/index.ts';
import { readTree } from '../core/dataset/sources/recognise.ts';
import { FoveaError, invalid, mismatch } from '../core/errors.ts';
import type { DataDescription } from '../core/workbench/adapters.ts';
import { describeFound as describeFoundBy } from '../core/workbench/pictures/describe-found.ts';
import type { FoundData } from '../core/workbench/pictures/found-data.ts';
import { applyDecisions } from './apply-fixes.ts';
import { nodeCodec } from './codec.ts';
import { diskSpool } from './file-source.ts';
import { fileTree, folderTree, quotePath, statPath } from './files.ts';
import { checkCount, type ReadLimits } from './limits.ts';
import { fetchedPath, fetchLine } from './named-data.ts';

export type { DataDescription, FoundData };

export interface FindOptions {
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** What the files of decisions about the data begin with; by default the data's own path. */
  readonly beside?: string;
  /** Reads a prepared store through and compares its hashes. */
  readonly verify?: boolean;
  /** What all that reads these data later keeps to. */
  readonly limits?: ReadLimits;
  /** Told how many bytes of an archive were looked through. */
  readonly onRead?: (done: number, total: number) => void;
}

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
  const reading = { signal: options.signal, createSpool: diskSpool, onRead: options.onRead };
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

/** As the core's, with this machine's codec. */
export const describeFound = describeFoundBy.bind(undefined, nodeCodec);
