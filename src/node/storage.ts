import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FoveaError, invalid } from '../core/errors.ts';
import type { Storage } from '../core/workbench/storage.ts';

/** What the system's error codes mean to a person. */
const reasons: Readonly<Record<string, readonly [reason: string, mend: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space and try again'],
  EDQUOT: ['the disk quota is used up', 'Free some space and try again'],
  EFBIG: ['the file grew larger than this disk or user may hold', 'Free some space or choose another folder'],
  EACCES: ['permission was denied', 'Choose a folder that you may write to, or change its permissions'],
  EPERM: ['the system does not permit it', 'Choose another folder'],
  EROFS: ['the disk is read-only', 'Choose a folder on a disk that can be written'],
  ENOENT: ['it is not there', 'Check the path'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'Check the path'],
  EISDIR: ['it is a folder, not a file', 'Name a file'],
  EEXIST: ['something of that name is there already', 'Choose another name'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter name'],
  EINVAL: ['the system refuses such a name', 'Choose another name'],
  EMFILE: ['too many files are open', 'Close other programs and try again'],
  EIO: ['the disk failed', 'Check the disk'],
  ELOOP: ['its symbolic links run in a circle', 'Check the links'],
};

/** `Cannot write 'runs/a/best.safetensors': the disk is full. Free …` @param doing `read`, `write`, `make the folder` */
export function fileError(doing: string, path: string, error: unknown): FoveaError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [reason, mend] = reasons[code] ?? [message ?? String(error), ''];
  return new FoveaError(`Cannot ${doing} '${path}': ${reason}`, mend);
}

/** Files of this machine. */
export const fileStorage: Storage = {
  join,

  async read(path) {
    try {
      return await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw invalid('an existing file', `'${path}'`, 'none');
      throw fileError('read', path, error);
    }
  },

  async write(path, content) {
    // In the same folder, because a rename is only whole within one file system.
    const beside = `${path}.${randomBytes(4).toString('hex')}.partial`;
    try {
      const file = await open(beside, 'wx');
      try {
        await file.writeFile(content);
        // Without this a crash of the machine may leave the new name with no content behind it.
        await file.sync();
      } finally {
        await file.close();
      }
      await renameOver(beside, path);
    } catch (error) {
      await rm(beside, { force: true }).catch(() => undefined);
      throw fileError('write', path, error);
    }
  },

  async kind(path) {
    try {
      const found = await stat(path);
      return found.isDirectory() ? 'folder' : 'file';
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw fileError('read', path, error);
    }
  },

  async list(path) {
    try {
      return (await readdir(path)).sort();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return [];
      throw fileError('read the folder', path, error);
    }
  },

  async makeFolder(path, { fresh = false } = {}) {
    try {
      if (!fresh) {
        await mkdir(path, { recursive: true });
        return true;
      }
      await mkdir(dirname(path), { recursive: true });
      await mkdir(path);
      return true;
    } catch (error) {
      if (fresh && (error as NodeJS.ErrnoException).code === 'EEXIST' && (await fileStorage.kind(path)) === 'folder')
        return false;
      throw fileError('make the folder', path, error);
    }
  },
};

/** Windows refuses to replace a file that a virus scanner or viewer holds open for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (process.platform !== 'win32' || attempt >= 9 || (code !== 'EPERM' && code !== 'EACCES' && code !== 'EBUSY'))
        throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** attempt));
    }
  }
}
