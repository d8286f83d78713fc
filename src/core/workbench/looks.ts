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
 * too. @param run a run's folder or a model's file. @returns the look, and why it could not be written down, if so.
 */
export async function recordLook(
  storage: Storage,
  look: Omit<Look, 'number'>,
): Promise<{ readonly look: Look; readonly problem?: string }> {
  const { run, test } = look;
  const isRun = async (path: string): Promise<boolean> =>
    (await storage.kind(storage.join(path, runFiles.description))) === 'file';
  const folder = (await storage.kind(run)) === 'folder' ? run : storage.join(run, '..');
  const own = (await isRun(folder)) ? folder : undefined;
  const files = [
    ...(own === undefined ? [] : [storage.join(own, looksFile)]),
    storage.join(own === undefined ? folder : storage.join(own, '..'), looksFile),
  ];
  const known = await Promise.all(files.map((path) => readLooks(storage, path)));
  // The higher of both: a run's folder may have moved from among others, or the others may have been removed.
  const number =
    1 +
    Math.max(
      ...known.map((looks) => Math.max(0, ...looks.filter((one) => one.test === test).map((one) => one.number))),
    );
  const numbered: Look = { number, ...look };
  try {
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
