import type { Storage } from './storage.ts';

/** Below the current folder: where data are put that are brought or fetched. */
export const defaultData = 'data';

/** Names of the data in such a folder. What begins with a dot, or tells of other data, is none itself. */
export async function dataNames(storage: Storage, folder: string): Promise<string[]> {
  const names = await storage.list(folder);
  return names.filter(
    (name) => !name.startsWith('.') && !/\.(fixes|added)\.jsonl$|\.split\.json$|\.partial$/.test(name),
  );
}

/** The split that belongs to data, where nobody says another one. */
export const splitBeside = (data: string): string => `${data}.split.json`;
