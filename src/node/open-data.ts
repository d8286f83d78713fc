import { resolve } from 'node:path';
import { type DataSource, type Dataset, type Part, parts, resized, type Skipped } from '../core/dataset/dataset.ts';
import { FoveaError, invalid, mismatch } from '../core/errors.ts';
import type { FitMode } from '../core/image/fit.ts';
import { checkSize, decodeAll } from './decode-all.ts';
import { type DataDescription, describeFound, type FoundData, findData } from './describe-data.ts';
import { findPictures, originOf, quotePath, realFolder, statPath } from './files.ts';

export interface OpenDataOptions {
  /** Input size: a side, or height and width. By default chosen from the pictures, with a note that says why. */
  readonly size?: number | { readonly height: number; readonly width: number };
  /** 1 grey, 3 colour. By default grey only if all pictures are. */
  readonly channels?: 1 | 3;
  /** How a picture of another shape becomes the size. Default `stretch`. */
  readonly fit?: FitMode;
  /** The first picture that cannot be read stops everything; without it such pictures are skipped and named. */
  readonly strict?: boolean;
  /** What the built-in sets are drawn from. Default 1. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called while pictures are decoded. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * Opens labelled pictures: a built-in set (`digits`, `shapes`), a folder of IDX files, or class folders.
 * @throws FoveaError when there is nothing to train or test on, saying what was expected and how to mend it.
 */
export async function openData(nameOrPath: string, options: OpenDataOptions = {}): Promise<DataSource> {
  const found = await findData(nameOrPath, options);
  return openFound(found, await describeFound(found, options.signal), options);
}

/** Opens what `findData` found and `describeFound` described, for a caller that needs the description too. */
export async function openFound(
  found: FoundData,
  description: DataDescription,
  options: OpenDataOptions = {},
): Promise<DataSource> {
  const { size = description.chosen, channels = description.channels, fit } = options;
  const { height, width } = typeof size === 'number' ? { height: size, width: size } : size;
  checkSize(height, width);
  if (channels !== 1 && channels !== 3) throw invalid('1 or 3', "option 'channels'", channels);
  const notes = [...description.notes];
  if (options.size === undefined) notes.push(description.chosen.why);
  noteFit(description, { height, width, fit }, notes);
  if (found.kind === 'class-folders') return decodeFolders(found, { ...options, height, width, channels }, notes);
  const { source } = found;
  const datasets: Partial<Record<Part, Dataset>> = {};
  for (const part of parts) {
    const dataset = source[part];
    if (dataset) datasets[part] = resized(dataset, { height, width, channels, fit });
  }
  return { ...source, ...datasets, notes };
}

async function decodeFolders(
  { folders }: FoundData & { kind: 'class-folders' },
  options: OpenDataOptions & { height: number; width: number; channels: 1 | 3 },
  notes: string[],
): Promise<DataSource> {
  const { name, classNames, files } = folders;
  const skipped: Skipped[] = [...folders.skipped];
  const total = parts.reduce((sum, part) => sum + (files[part]?.length ?? 0), 0);
  const datasets: Partial<Record<Part, Dataset>> = {};
  let before = 0;
  let unreadable = 0;
  for (const part of parts) {
    const list = files[part];
    if (!list) continue;
    const decoded = await decodeAll(`${name}/${part}`, list, classNames, {
      ...options,
      onProgress: (done) => options.onProgress?.({ done: before + done, total }),
    });
    before += list.length;
    if (decoded.dataset) datasets[part] = decoded.dataset;
    skipped.push(...decoded.skipped);
    unreadable += decoded.skipped.length;
  }
  checkReadable(folders.root, classNames, datasets);
  if (unreadable > 0) {
    notes.push(`Skipped ${unreadable} of ${total} pictures that cannot be read.`);
  }
  return { name, ...datasets, notes, skipped };
}

function checkReadable(root: string, classNames: readonly string[], datasets: Partial<Record<Part, Dataset>>): void {
  const seen = new Set<number>();
  for (const part of parts) for (const label of datasets[part]?.labels ?? []) seen.add(label);
  const lost = classNames.filter((_, label) => !seen.has(label));
  if (lost.length === 0) return;
  throw new FoveaError(
    `Expected pictures that can be read in every class folder of ${quotePath(root)} but received none in ${lost.map(quotePath).join(', ')}`,
    'Delete the folder or add pictures',
  );
}

const fitNotes: Readonly<Record<FitMode, (size: string) => string>> = {
  stretch: (size) => `stretched to ${size}, the aspect ratio is not kept`,
  crop: (size) => `cropped around the centre to the aspect ratio of ${size}`,
  pad: (size) => `brought to ${size} whole, with black around them`,
};

function noteFit(
  { sizes, kind }: DataDescription,
  wanted: { height: number; width: number; fit?: FitMode },
  notes: string[],
): void {
  const { uniform } = sizes;
  // A product of whole numbers instead of a quotient: exact.
  if (uniform && uniform.height * wanted.width === uniform.width * wanted.height) return;
  const which = uniform || kind !== 'class-folders' ? 'Pictures are' : 'Pictures of another shape are';
  notes.push(`${which} ${fitNotes[wanted.fit ?? 'stretch'](`${wanted.height}x${wanted.width}`)}.`);
}

/** A picture file to classify. */
export interface PictureFile {
  readonly path: string;
  /** As the person named it, and what lies below a named folder with slashes. */
  readonly name: string;
}

/**
 * The picture files that paths mean: a file is itself, whatever it holds; a folder is all picture files below it, in
 * natural order. @throws FoveaError when a path is not there or a folder holds no picture.
 */
export async function openPictures(
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly files: readonly PictureFile[]; readonly skipped: readonly Skipped[] }> {
  const files: PictureFile[] = [];
  const skipped: Skipped[] = [];
  if (paths.length === 0) throw mismatch('at least one picture or folder', 'the pictures', 'none');
  for (const given of paths) {
    const path = resolve(given);
    if (!(await statPath(path)).isDirectory()) {
      files.push({ path, name: given });
      continue;
    }
    const root = await realFolder(path);
    const found = await findPictures(root, root, signal);
    skipped.push(...found.links);
    if (found.files.length === 0) throw mismatch('pictures', `the folder ${quotePath(given)}`, 'none');
    const folder = given.replace(/[\\/]+$/, '') || given;
    for (const file of found.files) files.push({ path: file.path, name: `${folder}/${originOf(root, file.path)}` });
  }
  return { files, skipped };
}

export { type DataDescription, describeData, describeFound, type FoundData, findData } from './describe-data.ts';
