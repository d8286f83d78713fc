import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FoveaError, invalid } from '../core/errors.ts';
import { parseHubModel } from '../core/model/known-weights.ts';
import { sourceFile } from '../core/workbench/fetch-plan.ts';
import type { FetchedWeights, FetchWeightsOptions } from '../core/workbench/start-weights.ts';
import { type Download, download, heldOf } from './download.ts';
import { asBase, hub } from './fetch-data.ts';
import { AddressError, httpText } from './http-get.ts';
import { fileStorage } from './storage.ts';

/** Below the current folder: where models that were fetched by name lie. */
const modelFolder = 'models';
const weightsFile = 'model.safetensors';
const configFile = 'config.json';
/** What the engine could not hold anyway. */
const weightsLimit = 4e9;
const configLimit = 1e6;

/**
 * Fetches a model's weights from Hugging Face into `models/hf/OWNER/NAME`, unless they are there already: by the same
 * downloader as data, so it goes on where it was interrupted and compares the checksum that the hub tells. What lies there
 * is compared with the checksum of when it was fetched, and nothing is asked of the network.
 */
export async function fetchWeights(text: string, options: FetchWeightsOptions = {}): Promise<FetchedWeights> {
  const { owner, name } = parseHubModel(text);
  const folder = join(modelFolder, 'hf', owner, name);
  const path = join(folder, weightsFile);
  const bases = (options.mirrors ?? [hub]).map(asBase);
  const before = await readRecord(folder);
  await fileStorage.makeFolder(folder);
  let fetched: Download;
  try {
    fetched = await download({
      addresses: bases.map((base) => new URL(`${owner}/${name}/resolve/main/${weightsFile}`, base).href),
      path,
      sha256: before?.sha256,
      limit: weightsLimit,
      signal: options.signal,
      onProgress: (done, total) => options.onProgress?.(weightsFile, done, total),
      mend: `The model must be public and have a ${weightsFile}; without a connection put it into '${folder}' and run the command again`,
    });
  } catch (error) {
    if (!options.signal?.aborted) throw error;
    throw new FoveaError(
      `Interrupted while fetching ${text}; ${await heldOf(path)} bytes of it are kept`,
      'The same command goes on from there',
    );
  }
  const config = before ? await readText(join(folder, configFile)) : await fetchConfig(bases, owner, name, options);
  if (!before) {
    if (config !== undefined) await fileStorage.write(join(folder, configFile), config);
    const { sha256, size, verified, address } = fetched;
    const record = {
      name: text,
      fetched: new Date().toISOString(),
      file: weightsFile,
      size,
      sha256,
      verified,
      address,
    };
    await fileStorage.write(join(folder, sourceFile), `${JSON.stringify(record, undefined, 2)}\n`);
  }
  return { path, config };
}

/** The checksum of when the weights were fetched; undefined before. @throws FoveaError when the record was damaged. */
async function readRecord(folder: string): Promise<{ readonly sha256: string } | undefined> {
  const text = await readText(join(folder, sourceFile));
  if (text === undefined) return undefined;
  const path = join(folder, sourceFile);
  try {
    const { sha256 } = JSON.parse(text);
    if (typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)) return { sha256 };
  } catch {
    // Told below.
  }
  throw invalid('a record of what was fetched', `'${path}'`, 'another text', `Remove the folder '${folder}'`);
}

/** Text of a model's configuration; undefined where it has none, which is no failure. */
async function fetchConfig(
  bases: readonly URL[],
  owner: string,
  name: string,
  { signal }: FetchWeightsOptions,
): Promise<string | undefined> {
  for (const base of bases) {
    try {
      return await httpText(new URL(`${owner}/${name}/resolve/main/${configFile}`, base).href, configLimit, { signal });
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
    }
  }
  return undefined;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
