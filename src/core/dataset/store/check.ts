import { FoveaError, mismatch } from '../../errors.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import { sha256Hex } from './files.ts';
import { inStore, type StoreHead, type StoreShard, storedSize } from './head.ts';
import { parseIndex, type StoreIndex } from './index-lines.ts';

const mend = 'Prepare the data again with --verify';

/**
 * Reads the index: its size and its hash must be those that the head tells, and every place of every shard be that of
 * exactly one picture. @param path of the store, for errors.
 */
export async function readIndex(head: StoreHead, source: ByteSource, path: string): Promise<StoreIndex> {
  const subject = inStore(path, head.index.name);
  if (source.size !== head.index.bytes) throw mismatch(`${head.index.bytes} bytes`, subject, String(source.size), anew);
  const bytes = await source.read(0, source.size);
  if ((await sha256Hex(bytes)) !== head.index.sha256)
    throw mismatch(`the SHA-256 ${head.index.sha256.slice(0, 16)}…`, subject, 'another one', anew);
  const index = parseIndex(bytes, head.classNames.length, subject);
  if (index.pictures.length !== head.pictures || index.skipped.length !== head.skipped) {
    const received = `${index.pictures.length} and ${index.skipped.length}`;
    throw mismatch(`${head.pictures} pictures and ${head.skipped} left out`, subject, received, anew);
  }
  checkPlaces(head, index, subject);
  return index;
}

const anew = 'The store is damaged: prepare the data anew, in a new folder';

/** @throws FoveaError when pictures share a place, one lies nowhere, or a place is nobody's. */
function checkPlaces({ shards, pictures }: StoreHead, index: StoreIndex, subject: string): void {
  const all = shards.reduce((sum, shard) => sum + shard.pictures, 0);
  if (all !== pictures) throw mismatch(`shards of ${pictures} pictures`, subject, `of ${all}`, anew);
  const begins = new Float64Array(shards.length);
  for (let i = 1; i < shards.length; i++) begins[i] = begins[i - 1] + shards[i - 1].pictures;
  const taken = new Uint8Array(pictures);
  index.pictures.forEach(({ shard, place }, i) => {
    const there = shard < shards.length && place < shards[shard].pictures;
    if (there && taken[begins[shard] + place]++ === 0) return;
    throw mismatch(
      'a place of its own in a shard',
      `picture ${i} of ${subject}`,
      there ? "another picture's" : 'none',
      anew,
    );
  });
}

/** The cheap check of a shard: that it has the size that its pictures take. */
export function checkShardSize(head: StoreHead, shard: StoreShard, size: number | undefined, path: string): void {
  const wanted = shard.pictures * storedSize(head.settings);
  if (size === wanted) return;
  const received = size === undefined ? 'no such file' : `${size} bytes`;
  throw mismatch(`${wanted} bytes`, inStore(path, shard.name), received, mend);
}

/** The full check of a shard. @returns what is wrong with it, a sentence; undefined when nothing is. */
export async function shardProblem(
  head: StoreHead,
  shard: StoreShard,
  open: (name: string) => Promise<ByteSource>,
  path: string,
): Promise<string | undefined> {
  try {
    const source = await open(shard.name);
    checkShardSize(head, shard, source.size, path);
    if ((await sha256Hex(await source.read(0, source.size))) === shard.sha256) return undefined;
    return `${inStore(path, shard.name)} has another SHA-256 than it was written with: its content changed`;
  } catch (error) {
    if (error instanceof FoveaError) return error.message;
    throw error;
  }
}
