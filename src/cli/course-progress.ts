import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { mismatch } from '../core/errors.ts';
import {
  type CourseProgress,
  longestProgress,
  noProgress,
  readProgress,
  writeProgress,
} from '../core/workbench/course/progress.ts';
import { fileError, fileStorage } from '../node/storage.ts';

/** Where it lies unless a person says otherwise. */
export const progressFile = 'fovea-course.json';

/** UTF-8 has at most four bytes for a character. */
const mostBytes = 4 * longestProgress;

/** What a learner has done so far; nothing yet where there is no file. @throws FoveaError for a file that is none. */
export async function loadProgress(file: string): Promise<CourseProgress> {
  let text: string | undefined;
  try {
    const there = await stat(file);
    // A device would be read for ever; a folder says by itself that it is one.
    text =
      (there.isFile() && there.size <= mostBytes) || there.isDirectory() ? await readFile(file, 'utf8') : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return noProgress;
    throw fileError('read', file, error);
  }
  const progress = text !== undefined && text.length <= longestProgress ? readProgress(text) : undefined;
  if (progress) return progress;
  const mend = 'Move it away, or name another file by --progress';
  throw mismatch('progress of the course', `'${file}'`, 'something else', mend);
}

/** The same, where it will be written anew: told before an answer is computed. @throws FoveaError as both. */
export async function loadProgressToKeep(file: string): Promise<CourseProgress> {
  const progress = await loadProgress(file);
  await fileStorage.checkWritable(dirname(file));
  return progress;
}

/** Writes it whole or not at all; its folder is made where there is none. @throws FoveaError as `Storage.write`. */
export async function saveProgress(file: string, progress: CourseProgress): Promise<void> {
  await fileStorage.makeFolder(dirname(file));
  await fileStorage.write(file, writeProgress(progress));
}
