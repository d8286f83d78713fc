import { builtIns } from '../../core/dataset/builtin/index.ts';
import { archiveTree, isOtherArchiveName, refuseOtherArchive } from '../../core/dataset/sources/archives.ts';
import { readTree } from '../../core/dataset/sources/recognise.ts';
import { type Entry, growFolder, isNeverData, type Tree } from '../../core/dataset/sources/tree.ts';
import { mismatch } from '../../core/errors.ts';
import { type ByteSource, blobSource } from '../../core/formats/byte-source.ts';
import { quotePath } from '../../core/formats/quote.ts';
import { memorySpool } from '../../core/formats/spool.ts';
import { applyFixesTo, readFixes } from '../../core/workbench/pictures/fixed-data.ts';
import type { FoundData } from '../../core/workbench/pictures/found-data.ts';
import type { Storage } from '../../core/workbench/storage.ts';
import { type FileStore, folderOf, nameIn, tidy } from './file-store.ts';

const mostFiles = 2e6;

export interface FindOptions {
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly beside?: string;
  /** Told how many bytes of an archive were looked through. */
  readonly onRead?: (done: number, total: number) => void;
}

/** Finds out what a name or a path in the page's files is, a person's decisions applied. */
export async function findData(
  files: FileStore,
  storage: Storage,
  nameOrPath: string,
  { seed, signal, beside, onRead }: FindOptions = {},
): Promise<FoundData> {
  const builtIn = builtIns.get(nameOrPath);
  if (builtIn) return { kind: 'built-in', source: builtIn.generate({ seed }) };
  const path = tidy(nameOrPath);
  const kind = await files.kind(path);
  if (kind === undefined) throw mismatch('data that are here', 'the data', quotePath(nameOrPath));
  const { tree, only } =
    kind === 'folder'
      ? { tree: await folderTree(files, path, signal) }
      : await fileTree(files, path, { signal, onRead });
  const { understood, content } = await readTree(tree, { signal, createSpool: memorySpool, only, onRead });
  const found: FoundData =
    'pictures' in content
      ? { kind: understood.kind, understood, pictures: content.pictures }
      : { kind: understood.kind, understood, source: content.arrays };
  return applyFixesTo(found, await readFixes(storage, beside ?? path));
}

/** A file of the page as a source. @throws FoveaError. */
export async function fileSource(files: FileStore, path: string): Promise<ByteSource> {
  const blob = await files.read(tidy(path));
  if (!blob) throw mismatch('an existing file', quotePath(path), 'none');
  return blobSource(blob);
}

export async function folderTree(files: FileStore, folder: string, signal?: AbortSignal): Promise<Tree> {
  const found: Omit<Entry, 'name'>[] = [];
  const folders: string[] = [];
  const visit = async (path: string, below: string): Promise<void> => {
    signal?.throwIfAborted();
    for (const { name, kind } of await files.list(path)) {
      if (isNeverData(name)) continue;
      const [inner, shown] = [`${path}/${name}`, below === '' ? name : `${below}/${name}`];
      if (kind === 'folder') {
        folders.push(shown);
        await visit(inner, shown);
      } else found.push({ path: shown, open: () => fileSource(files, inner) });
    }
    if (found.length > mostFiles) throw mismatch(`at most ${mostFiles} files`, quotePath(folder), 'more than that');
  };
  await visit(folder, '');
  return {
    name: nameIn(folder),
    subject: quotePath(folder),
    root: growFolder(found, folders).root,
    skipped: [],
    notes: [],
  };
}

/** An archive as the tree of its members; any other file within the tree of its folder, with its own name there. */
async function fileTree(
  files: FileStore,
  path: string,
  { signal, onRead }: Pick<FindOptions, 'signal' | 'onRead'>,
): Promise<{ tree: Tree; only?: string }> {
  const [name, subject] = [nameIn(path), quotePath(path)];
  if (isOtherArchiveName(name)) throw refuseOtherArchive(name, subject);
  const isArray = /\.(npz|npy|parquet|csv|tsv|jsonl|ndjson|txt)$/i.test(name);
  const reading = { createSpool: memorySpool, signal, onRead };
  const archive = isArray ? undefined : await archiveTree(await fileSource(files, path), name, subject, reading);
  if (archive) return { tree: archive };
  const entry = { path: name, open: () => fileSource(files, path) };
  if (/\.(npz|parquet)$/i.test(name)) {
    const tree = {
      name: name.replace(/\.[^.]*$/, ''),
      subject,
      root: growFolder([entry]).root,
      skipped: [],
      notes: [],
    };
    return { tree, only: name };
  }
  return { tree: { ...(await folderTree(files, folderOf(path), signal)), subject }, only: name };
}
