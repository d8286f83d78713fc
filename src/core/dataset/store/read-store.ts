import { mismatch } from '../../errors.ts';
import type { ByteSource, SyncSource } from '../../formats/byte-source.ts';
import { createDataset, type DataSource, type Dataset, type Part, parts } from '../dataset.ts';
import { checkShardSize, readIndex, shardProblem } from './check.ts';
import { headFile, inStore, parseHead, type StoreHead, storedSize, storeLimits } from './head.ts';
import type { StoreIndex } from './index-lines.ts';
import { shardPixels } from './shard-pixels.ts';

/** How a store's files are reached, wherever they lie. */
export interface StoreReader {
  /** How errors name the store. */
  readonly path: string;
  open(name: string): Promise<ByteSource>;
  /** For reading single pictures at once. */
  openSync(name: string): Promise<SyncSource>;
}

/** @throws FoveaError when it is no store, or is damaged. */
export async function readHead(reader: Pick<StoreReader, 'path' | 'open'>): Promise<StoreHead> {
  const source = await reader.open(headFile);
  const subject = inStore(reader.path, headFile);
  if (source.size > storeLimits.headBytes)
    throw mismatch(`at most ${storeLimits.headBytes} bytes`, subject, String(source.size));
  return parseHead(await source.read(0, source.size), subject);
}

/**
 * Opens a prepared store. Sizes and the hash of the index are always checked; pixels stay where they are and are read
 * picture by picture. @param verify reads all shards through and compares their hashes.
 */
export async function readStore(
  reader: StoreReader,
  { verify = false, signal }: { readonly verify?: boolean; readonly signal?: AbortSignal } = {},
): Promise<DataSource> {
  const { path } = reader;
  const head = await readHead(reader);
  const index = await readIndex(head, await reader.open(head.index.name), path);
  const shards: SyncSource[] = [];
  for (const shard of head.shards) {
    signal?.throwIfAborted();
    const source = await reader.openSync(shard.name);
    checkShardSize(head, shard, source.size, path);
    shards.push(source);
    const problem = verify ? await shardProblem(head, shard, reader.open, path) : undefined;
    if (problem !== undefined) throw mismatch('shards as they were written', `'${path}'`, problem, mend);
  }
  const datasets: Partial<Record<Part, Dataset>> = {};
  for (const part of parts) {
    const dataset = partOf(head, index, part, shards);
    if (dataset) datasets[part] = dataset;
  }
  const { name, pictures, settings, created, notes } = head;
  const { height, width, channels, fit } = settings;
  const made = `Prepared on ${created.slice(0, 10)} from '${head.from}': ${pictures} pictures of ${height}x${width}x${channels}, fit ${fit}.`;
  const checked = verify ? ['Every shard is as it was written.'] : [];
  return {
    name,
    ...datasets,
    notes: [made, ...checked, ...notes],
    skipped: index.skipped.map(({ origin, reason }) => ({ origin, reason })),
    store: { hash: `sha256:${head.index.sha256}`, from: head.from },
  };
}

const mend = 'Prepare the data again with --verify';

function partOf(head: StoreHead, index: StoreIndex, part: Part, shards: readonly SyncSource[]): Dataset | undefined {
  const pictures = index.pictures.filter((picture) => picture.part === part);
  if (pictures.length === 0) return undefined;
  const { height, width, channels } = head.settings;
  return createDataset({
    name: `${head.name}/${part}`,
    classNames: head.classNames,
    ...{ height, width, channels },
    pixels: shardPixels(shards, storedSize(head.settings), pictures),
    labels: Int32Array.from(pictures, ({ label }) => label),
    origins: pictures.map(({ origin }) => origin),
    ...(pictures.some(({ group }) => group !== undefined) ? { groups: pictures.map(({ group }) => group) } : {}),
  });
}
