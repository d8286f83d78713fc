import { mismatch } from '../../errors.ts';
import { bytesSyncSource, readHead as readFirst } from '../../formats/byte-source.ts';
import { headFile, journalFile } from '../store/head.ts';
import { readStore, type StoreReader } from '../store/read-store.ts';
import type { Recogniser } from './content.ts';
import { bytesOf, type Entry, entrySubject, type Folder, foldersBelow, type Tree } from './tree.ts';

/** Bytes of shards that are held where they cannot be read in place. */
const mostInMemory = 2 ** 32;

/** A folder that `fovea data prepare` wrote; within an archive its shards are read into memory. */
export const store: Recogniser = {
  kind: 'store',
  async recognise(tree, { only, verify, signal }) {
    const folder = await findStore(tree, only);
    if (!folder) return undefined;
    return {
      kind: 'store',
      certainty: 'certain',
      why: `A prepared store (${headFile}).`,
      read: async () => ({ arrays: await readStore(readerOf(tree, folder), { verify, signal }) }),
    };
  },
};

/** Only the folder itself, or that of the file that was named: what lies deeper is looked at by its own name. */
async function findStore(tree: Tree, only: string | undefined): Promise<Folder | undefined> {
  const folders = only === undefined ? [tree.root, ...tree.root.folders] : [...foldersBelow(tree.root)];
  for (const folder of folders) {
    const head = folder.files.find(({ name }) => name === headFile);
    if (head && (only === undefined || head.path === only) && (await begins(head, 'fovea-store'))) return folder;
    const journal = head ? undefined : folder.files.find(({ name }) => name === journalFile);
    if (journal && only === undefined && (await begins(journal, 'fovea-store-work'))) {
      const mend = 'Run the same fovea data prepare again: it goes on where it was';
      throw mismatch('a prepared store', tree.subject, 'one that is not finished', mend);
    }
  }
  return undefined;
}

async function begins(entry: Entry, format: string): Promise<boolean> {
  const text = new TextDecoder().decode(await readFirst(await entry.open(), 256));
  return /^\s*\{\s*"format"\s*:\s*"([^"]*)"/.exec(text)?.[1] === format;
}

function readerOf(tree: Tree, folder: Folder): StoreReader {
  const entryOf = (name: string): Entry => {
    const entry = folder.files.find((file) => file.name === name);
    if (entry) return entry;
    throw mismatch(
      `a file '${name}'`,
      tree.subject,
      'none',
      'The store is damaged: prepare the data anew, in a new folder',
    );
  };
  let inMemory = 0;
  return {
    path: tree.subject.slice(1, -1),
    open: (name) => entryOf(name).open(),
    async openSync(name) {
      const entry = entryOf(name);
      if (entry.openSync) return entry.openSync();
      const bytes = await bytesOf(entry, entrySubject(tree, entry), mostInMemory - inMemory);
      inMemory += bytes.length;
      return bytesSyncSource(bytes);
    },
  };
}
