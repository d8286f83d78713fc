import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Cache } from '../core/workbench/adapters.ts';

/** The newest so many results stay, none of more bytes than this, and all together of no more than that. */
const mostFiles = 256;
const mostBytes = 2 ** 24;
const mostTogether = 2 ** 29;

/** Nothing else in the folder is touched, whatever folder was named. */
const ours = /^(near-copies-[0-9a-f]{32}\.json|overview-[0-9a-f]{32}\.bin)(\.\d+\.partial)?$/;

/**
 * Where the user's results lie: `FOVEA_CACHE`, else where the system keeps such things. Undefined: nowhere (an empty
 * `FOVEA_CACHE`).
 */
function cacheFolder(): string | undefined {
  const { FOVEA_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (FOVEA_CACHE !== undefined) return FOVEA_CACHE || undefined;
  if (process.platform === 'win32') return LOCALAPPDATA && join(LOCALAPPDATA, 'fovea', 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'fovea');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'fovea');
}

/** A folder of the user's, which may be removed at any time. */
export const fileCache: Cache = {
  async read(name) {
    const folder = cacheFolder();
    if (folder === undefined) return undefined;
    try {
      const path = join(folder, name);
      const { size } = await stat(path);
      return size <= mostBytes ? await readFile(path) : undefined;
    } catch {
      return undefined;
    }
  },

  async write(name, bytes) {
    const folder = cacheFolder();
    if (folder === undefined || bytes.length > mostBytes) return;
    const beside = join(folder, `${name}.${process.pid}.partial`);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(beside, bytes);
      await rename(beside, join(folder, name));
      await removeOldest(folder);
    } catch {
      await rm(beside, { force: true }).catch(() => undefined);
    }
  },
};

async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => ours.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const { mtimeMs, size } = await stat(join(folder, name));
      return { name, time: mtimeMs, size };
    }),
  );
  found.sort((a, b) => b.time - a.time);
  let together = 0;
  for (const [i, { name, size }] of found.entries()) {
    together += size;
    if (i >= mostFiles || together > mostTogether) await rm(join(folder, name), { force: true });
  }
}
