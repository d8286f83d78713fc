import { FoveaError } from '../errors.ts';
import type { Adapters } from './adapters.ts';
import { openRunFolder, type RunDescription, runFiles } from './run-folder.ts';

/** A run as a list shows it; `error` where its description cannot be read. */
export type ListedRun =
  | { readonly run: string; readonly description: RunDescription }
  | { readonly run: string; readonly error: string };

/** The runs in a folder, by name as a person counts (run 2 before run 10). */
export async function listRuns({ storage }: Adapters, folder = 'runs'): Promise<ListedRun[]> {
  const listed: ListedRun[] = [];
  for (const name of await storage.list(folder)) {
    const path = storage.join(folder, name);
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
