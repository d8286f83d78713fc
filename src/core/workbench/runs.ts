import { FoveaError, mismatch } from '../errors.ts';
import type { Adapters } from './adapters.ts';
import { defaultRuns, openRunFolder, type RunDescription, runFiles } from './run-folder.ts';

/** A run as a list shows it; `error` where its description cannot be read. */
export type ListedRun =
  | { readonly run: string; readonly description: RunDescription }
  | { readonly run: string; readonly error: string };

/** The runs in a folder (without one: the `usual`, which need not be there). @throws FoveaError when a named folder is none. */
export async function listRuns({ storage }: Adapters, folder?: string, usual = defaultRuns): Promise<ListedRun[]> {
  const listed: ListedRun[] = [];
  if (folder !== undefined && (await storage.kind(folder)) !== 'folder') {
    const received = (await storage.kind(folder)) === undefined ? 'nothing there' : 'a file';
    throw mismatch('a folder of runs', `'${folder}'`, received, 'Check the path');
  }
  const where = folder ?? usual;
  // A run's own folder means that run.
  const own = (await storage.kind(storage.join(where, runFiles.description))) === 'file';
  for (const path of own ? [where] : (await storage.list(where)).map((name) => storage.join(where, name))) {
    if ((await storage.kind(storage.join(path, runFiles.description))) !== 'file') continue;
    try {
      listed.push({ run: path, description: await openRunFolder(storage, path).readDescription() });
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      listed.push({ run: path, error: error.message });
    }
  }
  return listed;
}
