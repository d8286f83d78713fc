import { mismatch } from '../../errors.ts';
import { contentHash } from '../content-hash.ts';
import type { Skipped } from '../dataset.ts';
import { type Before, lookBefore } from './before.ts';
import type { StoreFiles } from './files.ts';
import { inStore, journalFile, type StoreHead, type StoreSettings, shardCapacity, storedSize } from './head.ts';
import { openJournal } from './journal.ts';
import { knownLine } from './known-lines.ts';
import type { SourceFacts } from './line-fields.ts';
import {
  type FileHint,
  type FoundPicture,
  hasPixels,
  type Known,
  type KnownPixels,
  knownPictures,
  shardsToKeep,
} from './plan.ts';
import { createShardWriter } from './shard-writer.ts';
import { type Result, writeStore } from './write-store.ts';

/** A picture of the data and the ways to it. */
export interface StoreInput extends FoundPicture {
  /** Size and time of its file, where it has one of its own and they can be relied on. */
  hint?(): FileHint | undefined;
  /** Reads its bytes. A reason, the end of a sentence, where they cannot be read. @throws what stops everything. */
  load(): Promise<LoadedInput | { readonly reason: string }>;
}

export interface LoadedInput {
  readonly source: SourceFacts;
  /** Its pixels at the store's size, and its own size. @throws what stops everything. */
  decode(): Promise<DecodedInput | { readonly reason: string }>;
}

export interface DecodedInput {
  /** height x width x channels of the store's settings. */
  readonly data: Uint8Array;
  /** Of the picture itself, upright. */
  readonly height: number;
  readonly width: number;
}

export interface StoreRequest {
  readonly files: StoreFiles;
  readonly settings: StoreSettings;
  readonly content: {
    readonly name: string;
    readonly from: string;
    readonly stamp?: string;
    readonly classNames: readonly string[];
    /** By part, then by class or as they are listed. */
    readonly inputs: readonly StoreInput[];
    readonly skipped: readonly Skipped[];
    readonly notes: readonly string[];
  };
  /** A picture that cannot be read stops everything, even where it is known that it cannot. */
  readonly strict?: boolean;
  /** Pictures of which is known that they cannot be read are looked at again: they may be within other limits. */
  readonly retry?: boolean;
  /** Reads the shards that are there through; pictures of a damaged one are decoded again. */
  readonly verify?: boolean;
  readonly inParallel: (count: number, work: (i: number) => Promise<void>) => Promise<void>;
  /** Called when all pictures were looked at, before the store is written: to refuse what cannot be used. */
  readonly check?: (pictures: readonly FoundPicture[], skipped: readonly Skipped[]) => void;
  /** ISO 8601. */
  readonly now: () => string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface PreparedStore {
  readonly head: StoreHead;
  /** Pictures that were decoded now, that were in the store or in what an interruption left, and that are gone. */
  readonly decoded: number;
  readonly kept: number;
  readonly gone: number;
  readonly skipped: readonly Skipped[];
  /** Shards that were found damaged, a sentence each. */
  readonly damaged: readonly string[];
  /** The store was as it had to be already, and nothing was written. */
  readonly unchanged: boolean;
}

/**
 * Prepares a store, or brings one up to date: decodes what is new or changed, keeps what is known, leaves out what is
 * gone. Nothing of a store that is there changes before the last step, which puts a new head in its place; what was decoded
 * until a stop is found again the next time.
 * @throws FoveaError when the folder holds anything else, or what `check` and the host throw.
 */
export async function prepareStore(request: StoreRequest): Promise<PreparedStore> {
  const { files, settings, content, signal } = request;
  const size = storedSize(settings);
  const before = await lookBefore(request, size);
  if (!before.resumes) await files.remove(journalFile);
  const journal = openJournal(files, settings, !before.resumes);
  const writer = createShardWriter(files, size, journal, before.firstNumber);
  try {
    const { results, decoded } = await lookAtAll(request, before, writer);
    request.check?.(
      content.inputs.filter((_, i) => hasPixels(results[i])),
      results.flatMap((result) => (hasPixels(result) ? [] : [result])),
    );
    const placed = await moveWhatMoves(request, before, results, writer, size);
    const shards = new Map([...before.shards, ...(await writer.finish())]);
    signal?.throwIfAborted();
    await journal.finish();
    const written = await writeStore(request, before, placed, shards);
    const wanted = new Set(content.inputs.map(({ origin }) => origin));
    return {
      ...written,
      decoded,
      kept: written.head.pictures - decoded,
      gone: [...before.origins].filter((origin) => !wanted.has(origin)).length,
      damaged: before.damaged,
    };
  } catch (error) {
    await writer.leave().catch(() => undefined);
    await journal.finish().catch(() => undefined);
    throw error;
  }
}

type Writer = ReturnType<typeof createShardWriter>;

/** Finds, reads and decodes: afterwards every picture has pixels in some file, or a reason. */
async function lookAtAll(
  { content, strict, retry, signal, onProgress, inParallel }: StoreRequest,
  before: Before,
  writer: Writer,
): Promise<{ results: Result[]; decoded: number }> {
  const { inputs } = content;
  const known = knownPictures(strict || retry ? before.known.filter(hasPixels) : before.known);
  const results = new Array<Result>(inputs.length);
  const waiting: number[] = [];
  const reuse = (found: Known, origin: string, source: SourceFacts): Known => ({ ...found, origin, source });
  inputs.forEach((input, i) => {
    const found = known.byHint(input.origin, input.hint?.());
    if (found) results[i] = found;
    else waiting.push(i);
  });
  let done = inputs.length - waiting.length;
  let decoded = 0;
  const tell = (): void => onProgress?.({ done, total: inputs.length });
  tell();
  await inParallel(waiting.length, async (k) => {
    signal?.throwIfAborted();
    const { origin, load } = inputs[waiting[k]];
    const look = async (): Promise<Result> => {
      const loaded = await load();
      if ('reason' in loaded) return { origin, ...loaded };
      const { source } = loaded;
      const found = known.byHash(source.hash, origin);
      if (found) return reuse(found, origin, source);
      const picture = await loaded.decode();
      if ('reason' in picture) return { origin, source, ...picture };
      const { data, height, width } = picture;
      const pixels = contentHash(data);
      const fields = { origin, source, pixels, height, width };
      decoded++;
      return { ...fields, ...writer.add(data, (at) => knownLine({ ...fields, ...at })) };
    };
    results[waiting[k]] = await look();
    done++;
    tell();
  });
  return { results, decoded };
}

/**
 * Copies pixels that cannot stay where they are: of shards with holes, of files that a stopped preparation left, and of
 * pictures that share a place with another one.
 */
async function moveWhatMoves(
  { files }: StoreRequest,
  before: Before,
  results: readonly Result[],
  writer: Writer,
  size: number,
): Promise<Result[]> {
  const placed = [...results];
  const uses = new Map<string, Set<number>>();
  const copies: number[] = [];
  const old = new Set(before.files.map(({ name }) => name));
  results.forEach((result, i) => {
    if (!hasPixels(result) || !old.has(result.file)) return;
    const used = uses.get(result.file) ?? new Set();
    uses.set(result.file, used);
    if (used.has(result.place)) copies.push(i);
    used.add(result.place);
  });
  const more = writer.count() > 0 || copies.length > 0;
  const stay = shardsToKeep(before.files, uses, shardCapacity(size), more);
  const moving = new Map<string, number[]>();
  const shared = new Set(copies);
  results.forEach((result, i) => {
    if (!hasPixels(result) || !old.has(result.file) || (stay.has(result.file) && !shared.has(i))) return;
    const list = moving.get(result.file);
    if (list) list.push(i);
    else moving.set(result.file, [i]);
  });
  for (const [file, list] of moving) {
    const source = await files.open(file);
    const all = await source.read(0, source.size);
    for (const i of list) {
      const result = results[i] as KnownPixels;
      const data = all.subarray(result.place * size, (result.place + 1) * size);
      if (data.length !== size || contentHash(data) !== result.pixels) {
        const mend = 'Prepare the data again with --verify, which decodes it anew';
        throw mismatch('the pixels that the index tells', inStore(files.path, file), 'others', mend);
      }
      placed[i] = { ...result, ...writer.add(data, (at) => knownLine({ ...result, ...at })) };
    }
  }
  return placed;
}
