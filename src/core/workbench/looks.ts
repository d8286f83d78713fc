import { FoveaError } from '../errors.ts';
import { runFiles } from './run-folder.ts';
import { readText, type Storage } from './storage.ts';

/** One look at test pictures: a line of `looks.jsonl`. */
export interface Look {
  /** From 1, among all looks at these pictures that the folder of runs knows. */
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly run: string;
  /** What was looked at: the hash of the split, or where the data lie. */
  readonly test: string;
  readonly images: number;
  readonly accuracy: number;
}

/** The name of the list of looks, in a run's folder and in the folder of runs. */
export const looksFile = 'looks.jsonl';

/** Looks written down in a file, oldest first; none where there is no such file. Lines that cannot be read are passed over. */
export async function readLooks(storage: Storage, path: string): Promise<Look[]> {
  if ((await storage.kind(path)) !== 'file') return [];
  return (await readText(storage, path)).split('\n').flatMap((line) => {
    try {
      const look = JSON.parse(line) as Look;
      return typeof look.test === 'string' && Number.isInteger(look.number) ? [look] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Counts and dates a look, in the run's folder and in the folder that holds it, so that looks by way of other runs count
 * too. @param look `run` is a run's folder or a model's file. @param also a folder of runs whose looks count as well and
 * which keeps this one, too. @returns the look, and why it could not be written down, if so.
 */
export async function recordLook(
  storage: Storage,
  look: Omit<Look, 'number'>,
  also?: string,
): Promise<{ readonly look: Look; readonly problem?: string }> {
  const { run, test } = look;
  const isRun = async (path: string): Promise<boolean> =>
    (await storage.kind(storage.join(path, runFiles.description))) === 'file';
  const folder = (await storage.kind(run)) === 'folder' ? run : storage.join(run, '..');
  const own = (await isRun(folder)) ? folder : undefined;
  const above = own === undefined ? folder : storage.join(own, '..');
  const elsewhere = also !== undefined && storage.absolute(also) !== storage.absolute(above);
  const folders = [...(own === undefined ? [] : [own]), above, ...(elsewhere ? [also] : [])];
  const files = folders.map((one) => storage.join(one, looksFile));
  const known = await Promise.all(files.map((path) => readLooks(storage, path)));
  // The highest: a run's folder may have moved from among others, or the others may have been removed.
  const number =
    1 +
    Math.max(
      ...known.map((looks) => Math.max(0, ...looks.filter((one) => one.test === test).map((one) => one.number))),
    );
  const numbered: Look = { number, ...look };
  try {
    if (elsewhere) await storage.makeFolder(also);
    for (const [i, path] of files.entries()) {
      const lines = [...known[i], numbered].map((one) => `${JSON.stringify(one)}\n`);
      await storage.write(path, lines.join(''));
    }
    return { look: numbered };
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    return { look: numbered, problem: error.message };
  }
}
