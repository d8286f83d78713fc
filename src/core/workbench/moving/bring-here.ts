import { mismatch } from '../../errors.ts';
import { lastName, quotePath } from '../../formats/quote.ts';
import type { Adapters } from '../adapters.ts';
import { dataNames, defaultData, splitBeside } from '../data-folder.ts';
import { defaultRuns } from '../run-folder.ts';
import type { VerbOptions } from '../verb.ts';
import { type BroughtRun, bringRun } from './bring-run.ts';

export interface BringHereRequest {
  /** What `takeRun` wrote. */
  readonly file: string;
  /** The folder of runs. Default `runs`. */
  readonly runs?: string;
  /** Data that are the run's, whatever they are called. Default: what `data` holds under the name of its data. */
  readonly data?: string;
}

/** As `bringRun`, in the folders that commands work with. */
export async function bringRunHere(
  adapters: Adapters,
  { file, runs = defaultRuns, data }: BringHereRequest,
  options: VerbOptions = {},
): Promise<BroughtRun> {
  const { storage } = adapters;
  if ((await storage.kind(file)) !== 'file')
    throw mismatch('a run as one .zip file', quotePath(file), 'no file', 'Check the path');
  const named = data === undefined ? [] : [{ path: data, split: splitBeside(data) }];
  const beside = (await dataNames(storage, defaultData)).map((name) => {
    const path = storage.join(defaultData, name);
    return { name, path, split: splitBeside(path) };
  });
  const known = data === undefined ? beside : named;
  return bringRun(adapters, { file, fileName: lastName(file), runs, data: defaultData, known }, options);
}
