import { readWeights } from '../classifier/read-weights.ts';
import { FoveaError, mismatch } from '../errors.ts';
import { parseHubModel, presetOfHubModel, readHubConfig } from '../model/known-weights.ts';
import type { OpenedWeights } from '../model/opened-weights.ts';
import { presets } from '../model/presets/index.ts';
import type { Adapters } from './adapters.ts';
import { openRunFolder, runFiles } from './run-folder.ts';

/** Weights that lie on the disk now. */
export interface FetchedWeights {
  /** Of the .safetensors file. */
  readonly path: string;
  /** The text of `config.json`; undefined where the model has none. */
  readonly config: string | undefined;
}

export interface FetchWeightsOptions {
  /** Addresses that stand in the stead of the hub's, in order. */
  readonly mirrors?: readonly string[];
  readonly signal?: AbortSignal;
  /** @param total undefined while unknown. */
  readonly onProgress?: (file: string, done: number, total: number | undefined) => void;
}

/**
 * Opens weights to begin with: a .safetensors file, the folder of a run (its best epoch), or `hf:owner/name`, which is
 * fetched unless it is there already.
 * @throws FoveaError when they are not there, are no safetensors, or their names are not known here.
 */
export async function openWeights(
  adapters: Pick<Adapters, 'storage' | 'fetchWeights'>,
  source: string,
  options: FetchWeightsOptions = {},
): Promise<OpenedWeights> {
  const { storage } = adapters;
  const kind = await storage.kind(source);
  if (kind === 'file') return readWeights(await storage.read(source), source);
  if (kind === 'folder') {
    const path = await weightsOfRun(adapters, source);
    return { ...(await readWeights(await storage.read(path), path)), source: path };
  }
  if (source.startsWith('hf:')) return openHubModel(adapters, source, options);
  throw mismatch(
    'a .safetensors file, the folder of a run, or hf:OWNER/NAME',
    "option 'weights'",
    `'${source}', which is not there`,
    '`fovea runs` lists the runs',
  );
}

async function weightsOfRun({ storage }: Pick<Adapters, 'storage'>, folder: string): Promise<string> {
  for (const name of [runFiles.best, runFiles.last]) {
    const path = storage.join(folder, name);
    if ((await storage.kind(path)) === 'file') return path;
  }
  const run = openRunFolder(storage, folder);
  await run.readDescription();
  await run.readClassifier();
  throw mismatch('a checkpoint', `the run '${folder}'`, 'none');
}

async function openHubModel(
  { storage, fetchWeights }: Pick<Adapters, 'storage' | 'fetchWeights'>,
  source: string,
  options: FetchWeightsOptions,
): Promise<OpenedWeights> {
  const named = parseHubModel(source);
  if (!fetchWeights) throw new FoveaError('Weights cannot be fetched by name here', 'Use the command line');
  // Before anything is fetched, as far as the name tells.
  presetOfHubModel(named, undefined);
  const { path, config: text } = await fetchWeights(source, options);
  const config = text === undefined ? undefined : readHubConfig(text);
  const preset = presetOfHubModel(named, config);
  const opened = await readWeights(await storage.read(path), path);
  return {
    ...opened,
    source,
    ...(presets.some(({ name }) => name === preset) ? { preset } : {}),
    ...(config?.normalisation && !opened.normalisation ? { normalisation: config.normalisation } : {}),
  };
}
