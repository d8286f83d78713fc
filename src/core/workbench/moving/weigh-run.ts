import { builtIns } from '../../dataset/builtin/index.ts';
import type { Adapters } from '../adapters.ts';
import { openRunFolder, type RunDescription, runFiles } from '../run-folder.ts';

/** What taking a run away would take, told before it is done. */
export interface RunWeight {
  /** Of its own files. */
  readonly bytes: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** Of its pictures at the size that it trains on; undefined where every host makes them itself. */
  readonly pictures: { readonly bytes: number; readonly count: number; readonly size: readonly number[] } | undefined;
}

/** Looks at names and sizes alone: neither pictures nor weights are read. */
export async function weighRun(adapters: Adapters, run: string): Promise<RunWeight> {
  const files = await ownFiles(adapters, run);
  const description = await openRunFolder(adapters.storage, run).readDescription();
  return {
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files,
    pictures: builtIns.has(description.data.source) ? undefined : weighPictures(description),
  };
}

function weighPictures({ data, recipe }: RunDescription): NonNullable<RunWeight['pictures']> {
  const { input } = recipe.model;
  const count = data.images.train + data.images.val + data.images.test;
  return { count, bytes: count * input[0] * input[1] * input[2], size: input };
}

/** The files of a run that go along. What lies in folders below, pictures and the like, stays; its split is added anew. */
async function ownFiles({ storage, openFile }: Adapters, run: string): Promise<{ name: string; bytes: number }[]> {
  const files: { name: string; bytes: number }[] = [];
  for (const name of await storage.list(run)) {
    if (name === runFiles.lock || name === runFiles.split || name.endsWith('.partial')) continue;
    const path = storage.join(run, name);
    if ((await storage.kind(path)) === 'file') files.push({ name, bytes: (await openFile(path)).size });
  }
  return files;
}
