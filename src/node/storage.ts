import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { FoveaError, invalid, mismatch } from '../core/errors.ts';
import type { Storage } from '../core/workbench/storage.ts';

/** What the system's error codes mean to a person, as what was received, and the mend. */
const reasons: Readonly<Record<string, readonly [received: string, mend: string]>> = {
  ENOSPC: ['a full disk', 'Free some space and try again'],
  EDQUOT: ['a disk quota that is used up', 'Free some space and try again'],
  EFBIG: ['more bytes than this disk or user may hold in a file', 'Free some space or choose another folder'],
  EACCES: ['no permission', 'Choose a folder that you may write to, or change its permissions'],
  EPERM: ['no permission from the system', 'Choose another folder'],
  EROFS: ['a disk that is read-only', 'Choose a folder on a disk that can be written'],
  ENOENT: ['a path that is not there', 'Check the path'],
  ENOTDIR: ['a path in which a file stands where a folder should', 'Check the path'],
  EISDIR: ['a folder', 'Name a file'],
  EEXIST: ['something of that name that is there already', 'Choose another name'],
  ENAMETOOLONG: ['a name that is too long', 'Choose a shorter name'],
  EINVAL: ['a name that the system refuses', 'Choose another name'],
  EMFILE: ['too many open files', 'Close other programs and try again'],
  EIO: ['a failure of the disk', 'Check the disk'],
  ELOOP: ['symbolic links that run in a circle', 'Check the links'],
};

/** What can be done with files, and what is expected for it. */
const expectations = {
  read: 'a file that can be read',
  write: 'a file that can be written',
  make: 'a place where it can be made',
  rename: 'a file that can be renamed',
  remove: 'something that can be removed',
  'read the folder': 'a folder that can be read',
  'make the folder': 'a folder that can be made',
  'write in': 'a folder that can be written in',
  'unpack into': 'a folder that can be unpacked into',
} as const;

/** `Expected a file that can be written for 'runs/a/best.safetensors' but received a full disk. Free …` */
export function fileError(doing: keyof typeof expectations, path: string, error: unknown): FoveaError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [received, mend] = reasons[code] ?? [`a failure (${message ?? String(error)})`, ''];
  return mismatch(expectations[doing], `'${path}'`, received, mend);
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
    const beside = partial(path);
    try {
      await writeWhole(beside, content);
      await renameOver(beside, path);
    } catch (error) {
      await rm(beside, { force: true }).catch(() => undefined);
      throw fileError('write', path, error);
    }
  },

  async create(path, content) {
    const beside = partial(path);
    try {
      await writeWhole(beside, content);
      // A rename replaces what is there; a link does not.
      await link(beside, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') throw error;
        // Some disks (exFAT) know no links; there the name is claimed first and filled then.
        return writeFile(path, content, { flag: 'wx' });
      });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw fileError('write', path, error);
    } finally {
      await rm(beside, { force: true }).catch(() => undefined);
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
      await makeFolders(fresh ? dirname(path) : path);
      if (fresh) await mkdir(path);
      return true;
    } catch (error) {
      if (error instanceof FoveaError) throw error;
      if (fresh && (error as NodeJS.ErrnoException).code === 'EEXIST' && (await fileStorage.kind(path)) === 'folder')
        return false;
      throw fileError('make the folder', path, error);
    }
  },

  async remove(path) {
    try {
      await rm(path, { recursive: true, force: true });
    } catch (error) {
      throw fileError('remove', path, error);
    }
  },

  async rename(from, to) {
    try {
      // Windows replaces no folder, not even an empty one.
      if (process.platform === 'win32') await rmdir(to).catch(() => undefined);
      await renameOver(from, to);
    } catch (error) {
      throw fileError('make', to, error);
    }
  },

  async writeFrom(path, pieces) {
    const beside = partial(path);
    try {
      const file = await open(beside, 'wx');
      try {
        for await (const piece of pieces) await file.writeFile(piece);
        await file.sync();
      } finally {
        await file.close();
      }
      await renameOver(beside, path);
    } catch (error) {
      await rm(beside, { force: true }).catch(() => undefined);
      if (error instanceof FoveaError || (error as NodeJS.ErrnoException).code === undefined) throw error;
      throw fileError('write', path, error);
    }
  },

  async checkWritable(folder) {
    let there = resolve(folder);
    while ((await fileStorage.kind(there)) === undefined && dirname(there) !== there) there = dirname(there);
    const probe = partial(join(there, 'fovea'));
    try {
      await (await open(probe, 'wx')).close();
    } catch (error) {
      throw fileError(there === resolve(folder) ? 'write in' : 'make the folder', folder, error);
    } finally {
      await rm(probe, { force: true }).catch(() => undefined);
    }
  },

  absolute: (path) => resolve(path),

  relative(folder, path) {
    const way = relative(resolve(folder), resolve(path));
    if (isAbsolute(way)) return undefined;
    const steps = way.split(sep).join('/');
    if (steps === '') return '.';
    return steps === '..' || steps.startsWith('../') ? steps : `./${steps}`;
  },
};

/** A name in the same folder, because a rename is only whole within one file system. */
const partial = (path: string): string => `${path}.${randomBytes(4).toString('hex')}.partial`;

async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    // Without this a crash of the machine may leave the new name with no content behind it.
    await file.sync();
  } finally {
    await file.close();
  }
}

/** As `mkdir` with `recursive`, which never ends where a parent is there and yet nothing can be made in it (/proc). */
async function makeFolders(path: string, again = true): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Whether the folder above is there now says nothing: somebody else may have made it meanwhile.
    if (code === 'ENOENT' && path !== '' && again) {
      await makeFolders(dirname(resolve(path)));
      return makeFolders(path, false);
    }
    // Windows answers EPERM for the root of a disk.
    if ((code === 'EEXIST' || code === 'EPERM') && (await fileStorage.kind(path)) === 'folder') return;
    throw error;
  }
}

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
