import { createHash } from 'node:crypto';
import { closeSync, fsync, openSync, writeSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GrowingFile, StoreFiles } from '../core/dataset/store/files.ts';
import { FoveaError } from '../core/errors.ts';
import { fileSource } from './file-source.ts';
import { fileError, fileStorage } from './storage.ts';

/** The files of a folder of this machine. */
export function storeFiles(folder: string): StoreFiles {
  const at = (name: string): string => join(folder, name);
  return {
    path: folder,
    async list() {
      const found = new Map<string, number>();
      for (const name of await fileStorage.list(folder)) {
        const there = await stat(at(name)).catch(() => undefined);
        if (there && name !== lockFile) found.set(there.isDirectory() ? `${name}/` : name, there.size);
      }
      return found;
    },
    open: (name) => fileSource(at(name)),
    write: (name, content) => fileStorage.write(at(name), content),
    grow: (name, fresh) => growFile(at(name), fresh),
    async rename(from, to) {
      try {
        await rename(at(from), at(to));
      } catch (error) {
        throw fileError('rename', at(from), error);
      }
    },
    remove: (name) => rm(at(name), { force: true }).catch(() => undefined),
  };
}

function growFile(path: string, fresh: boolean): GrowingFile {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw fileError('write', path, error);
    }
  };
  const descriptor = attempt(() => openSync(path, fresh ? 'wx' : 'a'));
  const sha256 = createHash('sha256');
  return {
    append(bytes) {
      for (let done = 0; done < bytes.length; )
        done += attempt(() => writeSync(descriptor, bytes, done, bytes.length - done));
      sha256.update(bytes);
    },
    async finish() {
      try {
        // In the background: writing 64 MiB to a disk takes as long as decoding some hundred pictures.
        await new Promise<void>((resolve, reject) => {
          fsync(descriptor, (error) => (error ? reject(fileError('write', path, error)) : resolve()));
        });
      } finally {
        closeSync(descriptor);
      }
      return sha256.digest('hex');
    },
  };
}

const lockFile = '.lock';
/** Locks of this process. */
const held = new Set<string>();

/**
 * Keeps others from preparing the same store. A lock that a killed process left is taken over.
 * @returns what gives it back. @throws FoveaError when another process holds it.
 */
export async function lockStore(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockFile);
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(path, `${process.pid}`, { flag: 'wx' });
      held.add(path);
      return async () => {
        held.delete(path);
        await rm(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 2) throw fileError('write', path, error);
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    // A killed process may have had the number that this one has, as in a container.
    if (holder === process.pid ? held.has(path) : holder > 0 && isRunning(holder)) {
      const mend = `Wait until it is done; should it be another program, remove '${path}'`;
      throw new FoveaError(`Process ${holder} prepares '${folder}' already`, mend);
    }
    await rm(path, { force: true });
  }
}

function isRunning(holder: number): boolean {
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
