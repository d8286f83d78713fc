import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, folderOfSet, type NamedSet, parseSetName } from '../core/dataset/catalogue.ts';
import { FoveaError } from '../core/errors.ts';
import { dataFolder, sourceFile } from '../core/workbench/fetch-plan.ts';

export const defaultFolder = (named: NamedSet): string => join(dataFolder, ...folderOfSet(named).split('/'));

/**
 * The path of a set that was fetched into its default folder, or undefined: the name is none, the set is not (wholly)
 * there, or something in the current folder has the name; that is meant then.
 */
export function fetchedPath(nameOrPath: string): string | undefined {
  const named = namedSet(nameOrPath);
  if (!named || existsSync(nameOrPath)) return undefined;
  const folder = defaultFolder(named);
  if (named.kind === 'hub') return existsSync(join(folder, sourceFile)) ? folder : undefined;
  const { files, entry = '' } = named.set;
  return files.every(({ name, size }) => sizeOf(join(folder, name)) === size) ? join(folder, entry) : undefined;
}

/** The command that fetches a set of this name, for a sentence; undefined where it is none. */
export const fetchLine = (name: string): string | undefined =>
  namedSet(name) ? `npx fovea data get ${name}` : undefined;

function namedSet(name: string): NamedSet | undefined {
  if (!name.startsWith('hf:') && !catalogue.some((set) => set.name === name)) return undefined;
  try {
    return parseSetName(name);
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size;
