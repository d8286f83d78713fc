import { basename } from 'node:path';
import { type Part, parts, type Skipped } from '../core/dataset/dataset.ts';
import { naturalOrder } from '../core/dataset/natural-order.ts';
import { FoveaError, mismatch } from '../core/errors.ts';
import type { LabelledFile } from './decode-all.ts';
import {
  type FolderContent,
  type FolderEntry,
  findPictures,
  listFolder,
  looksLikePicture,
  originOf,
  quotePath,
  realFolder,
} from './files.ts';

/** Class folders, listed and not yet decoded. */
export interface ClassFolders {
  readonly name: string;
  readonly root: string;
  /** In natural order; label i means `classNames[i]`. */
  readonly classNames: readonly string[];
  /** By class, then by name. A part that has no folder is not there. */
  readonly files: Readonly<Partial<Record<Part, readonly LabelledFile[]>>>;
  readonly notes: readonly string[];
  /** Links that were not followed. */
  readonly skipped: readonly Skipped[];
}

const partNames: Readonly<Record<Part, readonly string[]>> = {
  train: ['train', 'training'],
  val: ['val', 'valid', 'validation'],
  test: ['test', 'testing'],
};

/** From this ratio of the largest class to the smallest on, a person is told. */
const unequal = 5;

const mend = 'Put the pictures of each class into a folder of its own, named after the class';

/**
 * Understands a folder as classes: `train/CLASS/…` with `val`, `valid` or `validation` and `test` beside it, or flat
 * `CLASS/…`, which is all training. A single folder around either is looked through. Folders within a class count
 * into it.
 * @param folder its path. @throws FoveaError when there is no picture, one class only, or a class without any picture.
 */
export async function scanClassFolders(folder: string, signal?: AbortSignal): Promise<ClassFolders> {
  const root = await realFolder(folder);
  const notes: string[] = [];
  const skipped: Skipped[] = [];
  let place = root;
  let content = await listFolder(place, root);
  // An archive often unpacks to one folder around everything: look through it when that has folders of its own.
  for (
    let depth = 0;
    depth < 2 && content.folders.length === 1 && partOf(content.folders[0].name) === undefined;
    depth++
  ) {
    const inner = await listFolder(content.folders[0].path, root);
    if (inner.folders.length === 0 || (await countPictures(inner)) > 0) break;
    notes.push(`Looked into ${quotePath(content.folders[0].name)}, the only folder there.`);
    skipped.push(...content.links);
    [place, content] = [content.folders[0].path, inner];
  }
  skipped.push(...content.links);
  const loose = await countPictures(content);
  if (content.folders.length === 0 && loose > 0) {
    throw mismatch('a folder for each class', quotePath(folder), `${loose} pictures and no class folders`, mend);
  }

  const partFolders = await findParts(content, root);
  const found = new Map<Part, Map<string, readonly FolderEntry[]>>();
  const others = new Map<string, number>();
  const collect = async (part: Part, classes: readonly FolderEntry[]): Promise<void> => {
    const byClass = new Map<string, readonly FolderEntry[]>();
    for (const { name, path } of classes) {
      const pictures = await findPictures(path, root, signal);
      byClass.set(name, pictures.files);
      skipped.push(...pictures.links);
      for (const [ending, count] of pictures.others) others.set(ending, (others.get(ending) ?? 0) + count);
    }
    found.set(part, byClass);
  };
  if (partFolders) {
    const left = content.folders.filter(({ path }) => ![...partFolders.values()].some((part) => part.path === path));
    for (const { name } of left)
      notes.push(
        `Left out the folder ${quotePath(name)} beside ${[...partFolders.values()].map((p) => p.name).join(', ')}.`,
      );
    for (const [part, entry] of partFolders) {
      const inner = await listFolder(entry.path, root);
      skipped.push(...inner.links);
      const stray = await countPictures(inner);
      if (stray > 0)
        notes.push(`Left out ${pictureCount(stray)} in ${quotePath(entry.name)} outside the class folders.`);
      await collect(part, inner.folders);
    }
  } else {
    await collect('train', content.folders);
    notes.push(`No train and test folders: all pictures are for training.`);
  }
  if (loose > 0) notes.push(`Left out ${pictureCount(loose)} beside the ${partFolders ? 'folders' : 'class folders'}.`);
  if (others.size > 0) {
    const list = [...others]
      .sort(([a], [b]) => naturalOrder(a, b))
      .map(([ending, count]) => `${count} ${ending || 'without an ending'}`);
    notes.push(`Left out files that are no pictures: ${list.join(', ')}.`);
  }

  const classNames = [...new Set([...found.values()].flatMap((byClass) => [...byClass.keys()]))].sort(naturalOrder);
  checkClasses(folder, classNames, found, skipped);
  noteClasses(classNames, found, notes);
  const files: Partial<Record<Part, LabelledFile[]>> = {};
  for (const [part, byClass] of found) {
    const list = classNames.flatMap((name, label) =>
      (byClass.get(name) ?? []).map(({ path }) => ({ path, origin: originOf(place, path), label })),
    );
    if (list.length > 0) files[part] = list;
  }
  return { name: basename(root), root: place, classNames, files, notes, skipped };
}

const partOf = (name: string): Part | undefined => parts.find((part) => partNames[part].includes(name.toLowerCase()));

/**
 * The folders of the parts, or undefined when the folders are classes. A class may be called `train` too (beside `bus`
 * and `car`): a part's folder has folders and no pictures of its own, and `train` or nothing but parts must be there.
 */
async function findParts(content: FolderContent, root: string): Promise<Map<Part, FolderEntry> | undefined> {
  const found = new Map<Part, FolderEntry>();
  for (const entry of content.folders) {
    const part = partOf(entry.name);
    if (part === undefined) continue;
    const inner = await listFolder(entry.path, root);
    if (inner.folders.length === 0 && (await countPictures(inner)) > 0) return undefined;
    const other = found.get(part);
    if (other)
      throw new FoveaError(
        `Two folders mean the same part: ${quotePath(other.name)} and ${quotePath(entry.name)}`,
        'Rename one of them',
      );
    found.set(part, entry);
  }
  const onlyParts = found.size === content.folders.length;
  if (found.size === 0 || !(found.has('train') || onlyParts)) return undefined;
  return new Map(parts.filter((part) => found.has(part)).map((part) => [part, found.get(part)!]));
}

async function countPictures(content: FolderContent): Promise<number> {
  let count = 0;
  for (const file of content.files) if (await looksLikePicture(file)) count++;
  return count;
}

function checkClasses(
  folder: string,
  classNames: readonly string[],
  found: ReadonlyMap<Part, ReadonlyMap<string, readonly FolderEntry[]>>,
  skipped: readonly Skipped[],
): void {
  const countOf = (name: string): number =>
    [...found.values()].reduce((sum, byClass) => sum + (byClass.get(name)?.length ?? 0), 0);
  if (classNames.every((name) => countOf(name) === 0)) {
    const links = skipped.length > 0 ? ` (${skipped.length} links were not followed)` : '';
    throw mismatch('class folders with pictures', quotePath(folder), `no pictures${links}`, mend);
  }
  const empty = classNames.filter((name) => countOf(name) === 0);
  if (empty.length > 0) {
    throw mismatch(
      'pictures in every class folder',
      quotePath(folder),
      `none in ${empty.map((name) => quotePath(name)).join(', ')}`,
      'Delete the folder or add pictures',
    );
  }
  if (classNames.length < 2) {
    throw mismatch(
      'at least 2 class folders',
      quotePath(folder),
      `one, ${quotePath(classNames[0])}`,
      'With one class there is nothing to tell apart',
    );
  }
}

function noteClasses(
  classNames: readonly string[],
  found: ReadonlyMap<Part, ReadonlyMap<string, readonly FolderEntry[]>>,
  notes: string[],
): void {
  for (const [part, byClass] of found) {
    const without = classNames.filter((name) => !byClass.get(name)?.length);
    if (without.length > 0) notes.push(`No ${part} pictures of ${without.map((name) => quotePath(name)).join(', ')}.`);
  }
  const [first] = found.values();
  const counts = classNames
    .map((name) => ({ name, count: first.get(name)?.length ?? 0 }))
    .filter(({ count }) => count > 0);
  const most = counts.reduce((a, b) => (b.count > a.count ? b : a));
  const least = counts.reduce((a, b) => (b.count < a.count ? b : a));
  if (most.count >= unequal * least.count) {
    notes.push(
      `Classes are unequal: ${quotePath(most.name)} has ${most.count} pictures, ${quotePath(least.name)} ${least.count}. Accuracy alone misleads here.`,
    );
  }
  const folded = new Map<string, string>();
  for (const name of classNames) {
    const key = name.normalize('NFC').toLowerCase();
    const other = folded.get(key);
    if (other !== undefined)
      notes.push(`${quotePath(other)} and ${quotePath(name)} count as two classes although they look alike.`);
    else folded.set(key, name);
  }
}

const pictureCount = (count: number): string => (count === 1 ? '1 picture' : `${count} pictures`);
