import { readFile, rename, writeFile } from 'node:fs/promises';
import { mismatch } from '../core/errors.ts';
import {
  type CourseProgress,
  longestProgress,
  noProgress,
  readProgress,
  writeProgress,
} from '../core/workbench/course/progress.ts';
import { fileError } from '../node/storage.ts';

/** Where it lies unless a person says otherwise. */
export const progressFile = 'fovea-course.json';

/** What a learner has done so far; nothing yet where there is no file. @throws FoveaError for a file that is none. */
export async function loadProgress(file: string): Promise<CourseProgress> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return noProgress;
    throw fileError('read', file, error);
  }
  const progress = text.length <= longestProgress ? readProgress(text) : undefined;
  if (progress) return progress;
  const mend = 'Move it away, or name another file by --progress';
  throw mismatch('progress of the course', file, 'something else', mend);
}

/** Writes beside it first, so that what was kept is never half overwritten. */
export async function saveProgress(file: string, progress: CourseProgress): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    await writeFile(part, writeProgress(progress));
    await rename(part, file);
  } catch (error) {
    throw fileError('write', file, error);
  }
}
