import type { Dirent, Stats } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Skipped } from '../core/dataset/dataset.ts';
import { naturalOrder } from '../core/dataset/natural-order.ts';
import { mismatch } from '../core/errors.ts';
import { kindBytes, kindOf, pictureEndings } from '../core/image/kind.ts';
import { fileError } from './storage.ts';

/** What a system or an archiver leaves behind; never data. Dot files are left out as well. */
const neverData = new Set(['__macosx', 'thumbs.db', 'ehthumbs.db', 'desktop.ini', '@eadir', '$recycle.bin']);

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

/** Picture files below a folder. */
export interface FoundPictures {
  /** Depth first: a folder's own files, then its folders. */
  readonly files: readonly FolderEntry[];
  readonly links: readonly Skipped[];
  /** Files that are no pictures by name: how many of each ending. */
  readonly others: ReadonlyMap<string, number>;
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

/** A path as a sentence shows it: in quotes, whole, with control characters escaped so that no name can break a line. */
export function quotePath(path: string): string {
  const escaped = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return `'${path.replace(/[\x00-\x1f\x7f-\x9f]/g, escaped)}'`;
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
    if (name.startsWith('.') || neverData.has(name.toLowerCase())) continue;
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

/** All picture files below a folder, at any depth. */
export async function findPictures(folder: string, root: string, signal?: AbortSignal): Promise<FoundPictures> {
  const files: FolderEntry[] = [];
  const links: Skipped[] = [];
  const others = new Map<string, number>();
  const visit = async (path: string): Promise<void> => {
    signal?.throwIfAborted();
    const content = await listFolder(path, root);
    links.push(...content.links);
    for (const file of content.files) {
      if (await looksLikePicture(file)) files.push(file);
      else {
        const ending = endingOf(file.name);
        others.set(ending, (others.get(ending) ?? 0) + 1);
      }
    }
    for (const inner of content.folders) await visit(inner.path);
  };
  await visit(folder);
  return { files, links, others };
}

/** By its ending; a file without one by its first bytes. What is in it is checked when it is decoded. */
export async function looksLikePicture({ name, path }: FolderEntry): Promise<boolean> {
  const ending = endingOf(name);
  if (ending !== '') return pictureEndings.has(ending.slice(1));
  return kindOf(await readHead(path, kindBytes)).picture;
}

/** The first bytes of a file; none when it cannot be read. */
export async function readHead(path: string, length: number): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return new Uint8Array(0);
  }
}

/** `.jpg` in lower case; empty when there is none. */
function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot).toLowerCase();
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
