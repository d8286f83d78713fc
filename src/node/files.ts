import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Skipped } from '../core/dataset/dataset.ts';
import { naturalOrder } from '../core/dataset/natural-order.ts';
import {
  type ArchiveOptions,
  archiveTree,
  isOtherArchiveName,
  refuseOtherArchive,
} from '../core/dataset/sources/archives.ts';
import { type Entry, growFolder, isNeverData, type Tree } from '../core/dataset/sources/tree.ts';
import { mismatch } from '../core/errors.ts';
import { quotePath } from '../core/formats/quote.ts';
import { fileSource, syncFileSource } from './file-source.ts';
import { fileError } from './storage.ts';

export { quotePath };

export interface FolderEntry {
  readonly name: string;
  readonly path: string;
}

/** What one folder holds, names in natural order. */
export interface FolderContent {
  readonly folders: readonly FolderEntry[];
  readonly files: readonly FolderEntry[];
  /** Links that were not followed, with the reason. */
  readonly links: readonly Skipped[];
}

/** `stat` that says what is wrong in our words; `undefined` never. */
export async function statPath(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw mismatch('an existing file or folder', quotePath(path), 'nothing there', 'Check the path');
    }
    throw fileError('read', path, error);
  }
}

/** A folder's path with all links resolved. */
export async function realFolder(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw fileError('read the folder', path, error);
  }
}

/** How a file is named in notes: below `root`, with slashes on every system. */
export const originOf = (root: string, path: string): string => relative(root, path).split(sep).join('/');

/**
 * Lists a folder without what is never data. A link to a file counts as the file when that lies within `root`; links to
 * folders and out of `root` are not followed, so that no link can lead in circles or to files that were never meant.
 * @param root real path of the folder that everything must lie in.
 */
export async function listFolder(folder: string, root: string): Promise<FolderContent> {
  const folders: FolderEntry[] = [];
  const files: FolderEntry[] = [];
  const links: Skipped[] = [];
  for (const entry of await readFolder(folder)) {
    const { name } = entry;
    if (isNeverData(name)) continue;
    const path = join(folder, name);
    if (entry.isDirectory()) folders.push({ name, path });
    else if (entry.isFile()) files.push({ name, path });
    else if (entry.isSymbolicLink()) {
      const reason = await whyNotFollowed(path, root);
      if (reason === undefined) files.push({ name, path });
      else links.push({ origin: originOf(root, path), reason });
    }
  }
  const byName = (a: FolderEntry, b: FolderEntry): number => naturalOrder(a.name, b.name);
  return { folders: folders.sort(byName), files: files.sort(byName), links };
}

/**
 * A folder on disk as a tree, its files not yet opened. @param subject how the person named it, quoted.
 * @throws FoveaError when it holds more than 2 million files.
 */
export async function folderTree(folder: string, subject: string, signal?: AbortSignal): Promise<Tree> {
  const root = await realFolder(folder);
  const files: Omit<Entry, 'name'>[] = [];
  const folders: string[] = [];
  const skipped: Skipped[] = [];
  const visit = async (path: string): Promise<void> => {
    signal?.throwIfAborted();
    const content = await listFolder(path, root);
    skipped.push(...content.links);
    for (const file of content.files)
      files.push({
        path: originOf(root, file.path),
        file: file.path,
        open: () => fileSource(file.path),
        openSync: () => syncFileSource(file.path),
      });
    if (files.length > mostFiles) throw mismatch(`at most ${mostFiles} files`, subject, 'more than that');
    for (const inner of content.folders) {
      folders.push(originOf(root, inner.path));
      await visit(inner.path);
    }
  };
  await visit(root);
  return { name: basename(root), subject, root: growFolder(files, folders).root, skipped, notes: [] };
}

const mostFiles = 2e6;

/**
 * A file that was named as data: an archive as the tree of its members; any other file within the tree of its folder, with
 * its own path there, because a list or a file of labels means files beside it.
 */
export async function fileTree(
  named: string,
  path: string,
  options: ArchiveOptions,
): Promise<{ readonly tree: Tree; readonly only?: string }> {
  const [name, subject] = [basename(path), quotePath(named)];
  if (isOtherArchiveName(name)) throw refuseOtherArchive(name, subject);
  // An .npz is a zip file too, but one thing to look at.
  const isArray = /\.(npz|npy|parquet|csv|tsv|jsonl|ndjson|txt)$/i.test(name);
  const archive = isArray ? undefined : await archiveTree(await fileSource(path), name, subject, options);
  if (archive) return { tree: archive };
  if (/\.(npz|parquet)$/i.test(name)) {
    const entry = { path: name, file: path, open: () => fileSource(path) };
    const tree = {
      name: name.replace(/\.[^.]*$/, ''),
      subject,
      root: growFolder([entry]).root,
      skipped: [],
      notes: [],
    };
    return { tree, only: name };
  }
  const folder = await folderTree(dirname(path), quotePath(dirname(named)), options.signal);
  return { tree: { ...folder, subject: quotePath(dirname(named)) }, only: name };
}

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw fileError('read the folder', folder, error);
  }
}

/** Why a link is left out, or undefined when it leads to a file within `root`. */
async function whyNotFollowed(path: string, root: string): Promise<string | undefined> {
  try {
    const target = await realpath(path);
    const below = relative(root, target);
    if (below === '..' || below.startsWith(`..${sep}`) || below === target)
      return 'a link out of the folder, not followed';
    return (await stat(target)).isFile() ? undefined : 'a link to a folder, not followed';
  } catch (error) {
    const loop = (error as NodeJS.ErrnoException).code === 'ELOOP';
    return loop ? 'a link that leads to itself' : 'a link that leads nowhere';
  }
}
