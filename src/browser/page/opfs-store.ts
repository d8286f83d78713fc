import { inParallel } from '../../core/workbench/pictures/in-parallel.ts';
import { type FileStore, folderOf, type Listed, nameIn } from './file-store.ts';
import { createFolderHandles } from './folder-handles.ts';

/** The access handle of a file in a worker, which the types of pages leave out. */
interface AccessHandle {
  getSize(): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  close(): void;
}
type WorkerFileHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<AccessHandle> };
type MovableHandle = FileSystemFileHandle & { move?(folder: FileSystemDirectoryHandle, name: string): Promise<void> };
type ListedFolder = FileSystemDirectoryHandle & { entries(): AsyncIterable<[string, FileSystemHandle]> };

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
  const folders = createFolderHandles(root);
  const file = async (path: string, create = false): Promise<FileSystemFileHandle> =>
    (await folders.get(folderOf(path))).getFileHandle(nameIn(path), { create });
  const held = new Set<FileSystemHandle>();
  /**
   * Asks something of a file. Chromium collects a handle that nothing holds while it still works on what was asked of it,
   * and then nobody answers: of thousands of files that come at once, one hung.
   */
  const ofFile = async <T>(
    handle: FileSystemFileHandle,
    work: (handle: FileSystemFileHandle) => Promise<T>,
  ): Promise<T> => {
    held.add(handle);
    try {
      return await work(handle);
    } finally {
      held.delete(handle);
    }
  };
  const orMissing = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  const list = async (path: string): Promise<Listed[]> => {
    const found = (await orMissing(folders.get(path))) as ListedFolder | undefined;
    const listed: Listed[] = [];
    for await (const [name, { kind }] of found?.entries() ?? []) {
      if (name !== '.probe') listed.push({ name, kind: kind === 'directory' ? 'folder' : 'file' });
    }
    return listed;
  };
  const write = async (path: string, content: Blob): Promise<void> => {
    // The browser writes beside and puts it into place when it is closed.
    await ofFile(await file(path, true), async (handle) => {
      const stream = await handle.createWritable();
      try {
        await stream.write(content);
        await stream.close();
      } catch (error) {
        await stream.abort().catch(() => undefined);
        throw error;
      }
    });
  };
  const moveFile = async (from: string, to: string): Promise<void> => {
    const folder = await folders.get(folderOf(to));
    await ofFile(await file(from), async (handle: MovableHandle) => {
      if (handle.move) await handle.move(folder, nameIn(to));
      else await write(to, await handle.getFile());
    });
  };
  /** File by file, since no browser moves a folder with all in it. */
  const moveFolder = async (from: string, to: string, onMoved?: () => void): Promise<void> => {
    await folders.get(to, true);
    const inner = await list(from);
    await inParallel(inner.length, async (i) => {
      const { name, kind } = inner[i];
      if (kind === 'folder') await moveFolder(`${from}/${name}`, `${to}/${name}`, onMoved);
      else {
        await moveFile(`${from}/${name}`, `${to}/${name}`);
        onMoved?.();
      }
    });
  };
  const remove = async (path: string): Promise<void> => {
    const above = await orMissing(folders.get(folderOf(path)));
    folders.forget(path);
    await orMissing(above?.removeEntry(nameIn(path), { recursive: true }) ?? Promise.resolve());
  };
  const kindOf = async (path: string) => {
    if (path === '' || (await orMissing(folders.get(path)))) return 'folder';
    return (await orMissing(file(path))) && 'file';
  };
  return {
    name: 'origin-private files',
    kind: kindOf,
    async read(path) {
      const handle = await orMissing(file(path));
      return handle && ofFile(handle, (one) => one.getFile());
    },
    write,
    async append(path, bytes) {
      return ofFile(await file(path, true), async (handle) => {
        const access = await (handle as WorkerFileHandle).createSyncAccessHandle();
        try {
          const at = access.getSize();
          // What fitted on a disk that is full would stand before the piece when it is sent again.
          const written = access.write(bytes, { at });
          if (written < bytes.length) {
            access.truncate(at);
            throw new DOMException(`only ${written} of ${bytes.length} bytes fitted`, 'QuotaExceededError');
          }
          return at + bytes.length;
        } finally {
          access.close();
        }
      });
    },
    async move(from, to, onMoved) {
      if ((await kindOf(from)) === 'file') await moveFile(from, to);
      else await moveFolder(from, to, onMoved);
      await remove(from);
    },
    list,
    makeFolder: async (path) => void (await folders.get(path, true)),
    remove,
  };
}
