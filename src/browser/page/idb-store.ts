import { type FileStore, folderOf, nameIn } from './file-store.ts';

/** A file has a content, a folder none. */
interface Entry {
  readonly path: string;
  readonly folder: string;
  readonly content?: Blob;
}

const entryOf = (path: string, content?: Blob): Entry => ({
  path,
  folder: folderOf(path),
  ...(content ? { content } : {}),
});

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Files in IndexedDB, for browsers without an origin-private file system. */
export async function openIdbStore(name = 'fovea-files'): Promise<FileStore> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('entries', { keyPath: 'path' }).createIndex('folder', 'folder');
  };
  const database = await settled(opening);
  const entries = (mode: IDBTransactionMode): IDBObjectStore =>
    database.transaction('entries', mode).objectStore('entries');
  const get = async (path: string): Promise<Entry | undefined> =>
    settled(entries('readonly').get(path) as IDBRequest<Entry | undefined>);
  /** Done when it is safe on the disk, not when it was taken on. */
  const change = (work: (store: IDBObjectStore) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction('entries', 'readwrite');
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore('entries'));
    });
  const put = (path: string, content?: Blob): Promise<void> => change((store) => store.put(entryOf(path, content)));
  const inner = async (path: string): Promise<Entry[]> =>
    (await settled(entries('readonly').index('folder').getAll(path) as IDBRequest<Entry[]>)).filter(
      (one) => one.path !== '',
    );
  const allBelow = async (path: string): Promise<Entry[]> => {
    const itself = await get(path);
    const all = itself ? [itself] : [];
    for (const one of await inner(path)) all.push(...(one.content ? [one] : await allBelow(one.path)));
    return all;
  };
  return {
    name: 'IndexedDB',
    async kind(path) {
      if (path === '') return 'folder';
      const found = await get(path);
      return found && (found.content ? 'file' : 'folder');
    },
    read: async (path) => (await get(path))?.content,
    write: put,
    async append(path, bytes) {
      let size = 0;
      await change((store) => {
        const reading = store.get(path) as IDBRequest<Entry | undefined>;
        reading.onsuccess = () => {
          const before = reading.result?.content;
          const content = new Blob([...(before ? [before] : []), bytes as Uint8Array<ArrayBuffer>]);
          size = content.size;
          store.put(entryOf(path, content));
        };
      });
      return size;
    },
    async move(from, to, onMoved) {
      const moved = await allBelow(from);
      await change((store) => {
        for (const { path, content } of moved) {
          store.delete(path);
          store.put(entryOf(to + path.slice(from.length), content));
        }
      });
      for (const { content } of moved) if (content) onMoved?.();
    },
    list: async (path) =>
      (await inner(path)).map((one) => ({ name: nameIn(one.path), kind: one.content ? 'file' : 'folder' })),
    async makeFolder(path) {
      for (let at = path; at !== ''; at = folderOf(at)) if (!(await get(at))) await put(at);
    },
    async remove(path) {
      const gone = await allBelow(path);
      await change((store) => {
        for (const one of gone) store.delete(one.path);
      });
    },
  };
}
