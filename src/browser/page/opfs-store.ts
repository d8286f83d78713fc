import { type FileStore, folderOf, nameIn } from './file-store.ts';

/** The access handle of a file in a worker, which the types of pages leave out. */
interface AccessHandle {
  getSize(): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  flush(): void;
  close(): void;
}
type WorkerFileHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<AccessHandle> };
type Listed = FileSystemDirectoryHandle & { keys(): AsyncIterable<string> };

const isMissing = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError');

/** The origin-private file system, in a worker. Undefined where the browser has none. */
export async function openOpfsStore(): Promise<FileStore | undefined> {
  let root: FileSystemDirectoryHandle;
  try {
    root = await navigator.storage.getDirectory();
    // Private windows of some browsers give a folder in which nothing can be made.
    await root.getDirectoryHandle('.probe', { create: true });
  } catch {
    return undefined;
  }
  const folder = async (path: string, create = false): Promise<FileSystemDirectoryHandle> => {
    let at = root;
    for (const step of path === '' ? [] : path.split('/')) at = await at.getDirectoryHandle(step, { create });
    return at;
  };
  const file = async (path: string, create = false): Promise<FileSystemFileHandle> =>
    (await folder(folderOf(path))).getFileHandle(nameIn(path), { create });
  const orMissing = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  return {
    name: 'origin-private files',
    async kind(path) {
      if (path === '' || (await orMissing(folder(path)))) return 'folder';
      return (await orMissing(file(path))) && 'file';
    },
    read: async (path) => (await orMissing(file(path)))?.getFile(),
    async write(path, content) {
      // The browser writes beside and puts it into place when it is closed.
      const stream = await (await file(path, true)).createWritable();
      try {
        await stream.write(content);
        await stream.close();
      } catch (error) {
        await stream.abort().catch(() => undefined);
        throw error;
      }
    },
    async append(path, bytes) {
      const access = await ((await file(path, true)) as WorkerFileHandle).createSyncAccessHandle();
      try {
        const at = access.getSize();
        access.write(bytes, { at });
        access.flush();
        return at + bytes.length;
      } finally {
        access.close();
      }
    },
    async move(from, to) {
      const handle = (await file(from)) as FileSystemFileHandle & {
        move?(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
      };
      if (!handle.move) return false;
      await handle.move(await folder(folderOf(to)), nameIn(to));
      return true;
    },
    async list(path) {
      const found = (await orMissing(folder(path))) as Listed | undefined;
      const names: string[] = [];
      for await (const name of found?.keys() ?? []) if (name !== '.probe') names.push(name);
      return names;
    },
    makeFolder: async (path) => void (await folder(path, true)),
    async remove(path) {
      const above = await orMissing(folder(folderOf(path)));
      await orMissing(above?.removeEntry(nameIn(path), { recursive: true }) ?? Promise.resolve());
    },
  };
}
