/** Steps from the root are asked of the browser's process one by one, about 0.2 ms each: ways that are known are kept. */
export interface FolderHandles {
  /** @throws DOMException where there is no such folder and none is made. */
  get(path: string, create?: boolean): Promise<FileSystemDirectoryHandle>;
  /** A folder and those in it are taken away: what was known of them no longer holds. */
  forget(path: string): void;
}

/** The most folders that are kept: all of them for a data set of as many classes. */
const mostKept = 4096;

/** Handles of folders below a root that nobody else changes meanwhile. */
export function createFolderHandles(root: FileSystemDirectoryHandle): FolderHandles {
  const known = new Map<string, FileSystemDirectoryHandle>();
  const get = async (path: string, create = false): Promise<FileSystemDirectoryHandle> => {
    if (path === '') return root;
    const kept = known.get(path);
    if (kept) return kept;
    const slash = path.lastIndexOf('/');
    const above = await get(path.slice(0, Math.max(0, slash)), create);
    const handle = await above.getDirectoryHandle(path.slice(slash + 1), { create });
    if (known.size >= mostKept) known.clear();
    known.set(path, handle);
    return handle;
  };
  return {
    get,
    forget(path) {
      for (const one of known.keys()) if (one === path || one.startsWith(`${path}/`)) known.delete(one);
    },
  };
}
