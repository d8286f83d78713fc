import { mismatch } from '../../errors.ts';
import { type ByteSource, readAll, readHead, type SyncSource } from '../../formats/byte-source.ts';
import { isNeverData } from '../../formats/never-data.ts';
import { quotePath } from '../../formats/quote.ts';
import { kindBytes, kindOf, pictureEndings } from '../../image/kind.ts';
import type { Skipped } from '../dataset.ts';
import { naturalOrder } from '../natural-order.ts';

/** A file of a tree: on disk, within an archive, or given by a page. */
export interface Entry {
  /** Its last part. */
  readonly name: string;
  /** Below the tree's root, with slashes; never absolute, never with `..`. */
  readonly path: string;
  /** Bytes, where they are known without opening it. */
  readonly size?: number;
  /** Where it lies on this machine, for a host that decodes by path. */
  readonly file?: string;
  open(): Promise<ByteSource>;
  /** Where single pieces can be read at once. @throws FoveaError. */
  openSync?(): SyncSource;
}

/** A folder, names in natural order. */
export interface Folder {
  readonly name: string;
  /** Below the tree's root; empty for the root itself. */
  readonly path: string;
  readonly folders: readonly Folder[];
  readonly files: readonly Entry[];
}

/** Named bytes in folders, wherever they come from: the one shape that every recogniser looks at. */
export interface Tree {
  /** What the data set is called. */
  readonly name: string;
  /** How errors name the whole: quoted, as the person wrote it. */
  readonly subject: string;
  readonly root: Folder;
  /** What is there and is not followed or read, with the reason. */
  readonly skipped: readonly Skipped[];
  /** What was understood on the way to it, such as archives that were looked into. */
  readonly notes: readonly string[];
}

export { isNeverData };

/** A folder while it is built. */
interface Growing {
  readonly name: string;
  readonly path: string;
  readonly folders: Map<string, Growing>;
  readonly files: Entry[];
}

/** Files by path as they were found; `folders` names those that may hold nothing. */
export function growFolder(
  files: readonly Omit<Entry, 'name'>[],
  folders: readonly string[] = [],
): { root: Folder; skipped: Skipped[] } {
  const root: Growing = { name: '', path: '', folders: new Map(), files: [] };
  const skipped: Skipped[] = [];
  const folderAt = (steps: readonly string[]): Growing => {
    let at = root;
    for (const step of steps) {
      let inner = at.folders.get(step);
      if (!inner) {
        inner = { name: step, path: at.path ? `${at.path}/${step}` : step, folders: new Map(), files: [] };
        at.folders.set(step, inner);
      }
      at = inner;
    }
    return at;
  };
  for (const path of folders) {
    const steps = path.split('/');
    if (!steps.some(isNeverData)) folderAt(steps);
  }
  for (const entry of files) {
    const steps = entry.path.split('/');
    if (steps.some(isNeverData)) continue;
    const name = steps[steps.length - 1];
    const folder = folderAt(steps.slice(0, -1));
    folder.files.push({ ...entry, name });
  }
  return { root: finish(root, skipped), skipped };
}

function finish(folder: Growing, skipped: Skipped[]): Folder {
  const byName = (a: { name: string }, b: { name: string }): number => naturalOrder(a.name, b.name);
  const files = folder.files.filter((file) => {
    if (!folder.folders.has(file.name)) return true;
    skipped.push({ origin: file.path, reason: 'a file of the same name as a folder' });
    return false;
  });
  return {
    name: folder.name,
    path: folder.path,
    files: files.sort(byName),
    folders: [...folder.folders.values()].map((inner) => finish(inner, skipped)).sort(byName),
  };
}

/** All files below a folder, a folder's own first, then its folders. */
export function* filesBelow(folder: Folder): Generator<Entry> {
  yield* folder.files;
  for (const inner of folder.folders) yield* filesBelow(inner);
}

/** The folder and all below it. */
export function* foldersBelow(folder: Folder): Generator<Folder> {
  yield folder;
  for (const inner of folder.folders) yield* foldersBelow(inner);
}

/** `.jpg` in lower case; empty when there is none. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot).toLowerCase();
}

/** By its ending; a file without one by its first bytes. What is in it is checked when it is decoded. */
export async function looksLikePicture(entry: Entry): Promise<boolean> {
  const ending = endingOf(entry.name);
  if (ending !== '') return pictureEndings.has(ending.slice(1));
  return kindOf(await headOf(entry, kindBytes)).picture;
}

/** The first bytes of a file; none when it cannot be read. */
export async function headOf(entry: Entry, length: number): Promise<Uint8Array> {
  try {
    return await readHead(await entry.open(), length);
  } catch {
    return new Uint8Array(0);
  }
}

/** All bytes of a file, up to a limit. */
export async function bytesOf(entry: Entry, subject: string, limit = 2 ** 31): Promise<Uint8Array> {
  return readAll(await entry.open(), subject, limit);
}

/** How an error names a file: below the data, whose name it follows. */
export const entrySubject = (tree: Tree, entry: { readonly path: string }): string => {
  const whole = tree.subject.slice(1, -1).replace(/[\\/]+$/, '');
  return entry.path === whole || whole.endsWith(`/${entry.path}`) ? tree.subject : quotePath(`${whole}/${entry.path}`);
};

/** Text of a small file. @throws FoveaError past the limit. */
export async function textOf(tree: Tree, entry: Entry, limit = 2 ** 28): Promise<string> {
  const bytes = await bytesOf(entry, entrySubject(tree, entry), limit);
  return new TextDecoder().decode(bytes);
}

const nameFiles = new Set(['classes.txt', 'labels.txt', 'class-names.txt', 'class_names.txt']);

/** Class names from a file beside the data, a line each. @throws FoveaError when a name stands twice. */
export async function readClassNames(
  tree: Tree,
  folder: Folder,
  fileNames: ReadonlySet<string> = nameFiles,
): Promise<{ readonly entry: Entry; readonly names: readonly string[] } | undefined> {
  const entry = folder.files.find((file) => fileNames.has(file.name.toLowerCase()));
  if (!entry) return undefined;
  const names = (await textOf(tree, entry, 2 ** 24))
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      throw mismatch('a different name on each line', entrySubject(tree, entry), `${quotePath(name)} twice`);
    seen.add(name);
  }
  return { entry, names };
}
