import { invalid, mismatch } from '../../errors.ts';
import { safeName } from '../../formats/safe-name.ts';
import { openRunFolder, plainName, runFiles } from '../run-folder.ts';
import type { StudioContext } from './context.ts';
import { nameOfRun } from './places.ts';

/** A file of a run's folder. */
export interface RunFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** All files of a run, to take it to another machine or browser. What lies in folders below, pictures and the like, stays. */
export async function takeRun({ host: { storage } }: StudioContext, path: string): Promise<RunFile[]> {
  const files: RunFile[] = [];
  for (const name of await storage.list(path)) {
    const file = storage.join(path, name);
    const isOwn = name !== runFiles.lock && !name.endsWith('.partial');
    if (isOwn && (await storage.kind(file)) === 'file') files.push({ name, bytes: await storage.read(file) });
  }
  return files;
}

/**
 * Makes a run of files that were taken elsewhere. It goes on here with the same bits where its data are the same.
 * @returns its name. @throws FoveaError when they are no run: nothing stays then.
 */
export async function bringRun(
  { host, places }: StudioContext,
  name: string,
  files: readonly RunFile[],
): Promise<string> {
  const { storage } = host;
  for (const { name: file } of files) {
    if (file !== safeName(file) || file === runFiles.lock) throw invalid("the names of a run's files", 'the run', file);
  }
  if (!files.some(({ name: file }) => file === runFiles.description)) {
    throw mismatch(`a ${runFiles.description} among the files`, 'the run', `${files.length} others`);
  }
  await storage.makeFolder(places.runs);
  const stem = plainName(name);
  let path = storage.join(places.runs, stem);
  for (let n = 2; !(await storage.makeFolder(path, { fresh: true })); n++)
    path = storage.join(places.runs, `${stem}-${n}`);
  try {
    for (const { name: file, bytes } of files) await storage.write(storage.join(path, file), bytes);
    const folder = openRunFolder(storage, path);
    await folder.readDescription();
    await folder.readSnapshot();
  } catch (error) {
    await storage.remove(path);
    throw error;
  }
  return nameOfRun(path);
}
