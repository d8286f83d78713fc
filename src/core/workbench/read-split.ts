import { parseSplitFile, type SplitFile } from '../dataset/split-file.ts';
import { FoveaError } from '../errors.ts';
import { readText, type Storage } from './storage.ts';

/**
 * Reads a recorded split. @param wanted the hash that a run was trained by.
 * @throws FoveaError when it is not there, is none, was changed, or is not the wanted one.
 */
export async function readSplit(storage: Storage, file: string, wanted?: string): Promise<SplitFile> {
  const split = await parseSplitFile(await readText(storage, file), file);
  if (wanted !== undefined && split.hash !== wanted) {
    throw new FoveaError(
      `The split '${file}' is not the one that the run was trained by (${wanted.slice(0, 19)}…)`,
      'Put the old one back, or train anew',
    );
  }
  return split;
}
