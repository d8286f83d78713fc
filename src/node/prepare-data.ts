import { hash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, relative, resolve, sep } from 'node:path';
import sharp from 'sharp';
import { builtIns } from '../core/dataset/builtin/index.ts';
import { fixesFile } from '../core/dataset/fixes.ts';
import { withoutArchiveEnding } from '../core/dataset/sources/archives.ts';
import { checkShardSize } from '../core/dataset/store/check.ts';
import { headFile, journalFile, type StoreHead, type StoreSettings, storedSize } from '../core/dataset/store/head.ts';
import { prepareStore } from '../core/dataset/store/prepare.ts';
import { readHead } from '../core/dataset/store/read-store.ts';
import { invalid } from '../core/errors.ts';
import type { PrepareOutcome, PrepareRequest, StoppedPreparation } from '../core/workbench/prepare-data.ts';
import type { VerbOptions } from '../core/workbench/verb.ts';
import { checkSize } from './decode-all.ts';
import { describeFound, type FoundData, findData } from './describe-data.ts';
import { inParallel } from './in-parallel.ts';
import type { ReadLimits } from './limits.ts';
import { fetchedPath } from './named-data.ts';
import { checkReadable, noteFit } from './open-data.ts';
import { fileStorage } from './storage.ts';
import { lockStore, storeFiles } from './store-files.ts';
import { inputsOf, isSettled } from './store-inputs.ts';

/** What decodes here: a store of another decoder is decoded anew. */
const decoder = `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`;

/** Prepares data as a store in a folder of this machine. See docs/store.md. */
export async function prepareData(
  request: PrepareRequest,
  options: VerbOptions = {},
  limits?: ReadLimits,
): Promise<PrepareOutcome | StoppedPreparation> {
  const begin = performance.now();
  const { data } = request;
  const path = builtIns.has(data) ? undefined : resolve(fetchedPath(data) ?? data);
  const out = request.out ?? defaultFolder(data, path);
  if (path !== undefined) checkOutside(path, out);
  const files = storeFiles(out);
  const there = await files.list();
  const head = there.has(headFile) ? await readHead(files) : undefined;
  const stamp = await stampOf(path);
  const finish = (store: StoreHead, rest: Partial<PrepareOutcome>): PrepareOutcome => ({
    ...outcomeOf(out, store),
    ...rest,
    seconds: (performance.now() - begin) / 1000,
  });
  // What was left out may be within other limits.
  const retry = limits !== undefined && (head?.skipped ?? 0) > 0;
  if (
    head &&
    stamp !== undefined &&
    head.stamp === stamp &&
    isWanted(head, request) &&
    !retry &&
    !there.has(journalFile)
  ) {
    for (const shard of head.shards) checkShardSize(head, shard, there.get(shard.name), out);
    return finish(head, {});
  }
  const found = await findData(data, { seed: request.seed, signal: options.signal, limits });
  const { settings, notes, why } = await chooseSettings(found, request, head, options.signal);
  await fileStorage.makeFolder(out);
  const unlock = await lockStore(out);
  const progress = { done: 0, total: 0 };
  try {
    const named = { name: nameOf(found), from: path ?? data, stamp, classNames: classesOf(found), notes };
    const skipped = 'pictures' in found ? found.pictures.skipped : found.source.skipped;
    const inputs = inputsOf(found, settings, request.strict);
    const prepared = await prepareStore({
      files,
      settings,
      content: { ...named, skipped, inputs },
      strict: request.strict,
      verify: request.verify,
      retry: limits !== undefined,
      inParallel,
      check: (pictures, unread) =>
        checkReadable({ ...named, pictures: inputs }, [pictures.map(({ label }) => label)], unread),
      now: () => new Date().toISOString(),
      signal: options.signal,
      onProgress({ done, total }) {
        Object.assign(progress, { done, total });
        options.onEvent?.({ kind: 'reading', done, total });
      },
    });
    const { head: written, decoded, kept, gone, damaged, unchanged } = prepared;
    const told = [...written.notes, ...why];
    return finish(written, { decoded, kept, gone, damaged, unchanged, skipped: prepared.skipped, notes: told });
  } catch (error) {
    if (options.signal?.aborted) return { store: out, stopped: progress };
    throw error;
  } finally {
    await unlock();
  }
}

function outcomeOf(out: string, head: StoreHead): PrepareOutcome {
  const { name, from, settings, pictures, shards, notes } = head;
  const { height, width, channels, fit } = settings;
  return {
    store: out,
    hash: `sha256:${head.index.sha256}`,
    ...{ name, from, height, width, channels, fit, pictures, notes },
    ...{ decoded: 0, kept: pictures, gone: 0, skipped: [], damaged: [], unchanged: true, seconds: 0 },
    shards: shards.length,
    bytes: pictures * storedSize(settings),
  };
}

/** Below the current folder, called as the data are. */
function defaultFolder(data: string, path: string | undefined): string {
  const name = path === undefined || fetchedPath(data) !== undefined ? data.replace(/^.*[/:]/, '') : basename(path);
  return `${withoutArchiveEnding(name).replace(/\.(npz|parquet|csv|tsv|jsonl|ndjson)$/i, '') || 'data'}.store`;
}

/** A store within its data would be data the next time. */
function checkOutside(path: string, out: string): void {
  const below = relative(path, resolve(out));
  if (below !== '' && (below === '..' || below.startsWith(`..${sep}`) || resolve(below) === below)) return;
  const mend = 'Choose a folder elsewhere with --out';
  throw invalid('a folder outside the data', "option 'out'", out, mend);
}

/**
 * Size and time of data that are one file, and the fixes beside it: while they are the same, nothing has to be looked at.
 * Undefined for folders, and for a file that was changed so lately that it may change again within the clock's grain.
 */
async function stampOf(path: string | undefined): Promise<string | undefined> {
  if (path === undefined || !/\.(zip|tar|gz|tgz|npz|parquet)$/i.test(path)) return undefined;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || !isSettled(found.mtimeMs)) return undefined;
  const fixes = fixesFile(path);
  const kept =
    (await fileStorage.kind(fixes)) === 'file' ? hash('sha256', await fileStorage.read(fixes), 'hex') : 'none';
  return `${found.size} bytes of ${found.mtimeMs}, fixes ${kept}`;
}

function isWanted(head: StoreHead, { size, channels, fit, strict, verify }: PrepareRequest): boolean {
  const { settings } = head;
  const same = <T>(asked: T | undefined, is: T): boolean => asked === undefined || asked === is;
  return (
    !verify &&
    !(strict && head.skipped > 0) &&
    settings.decoder === decoder &&
    same(size?.height, settings.height) &&
    same(size?.width, settings.width) &&
    same(channels, settings.channels) &&
    same(fit, settings.fit)
  );
}

/** As asked, else as the store that is there, else as training would choose. */
async function chooseSettings(
  found: FoundData,
  { size, channels, fit }: PrepareRequest,
  head: StoreHead | undefined,
  signal?: AbortSignal,
): Promise<{ settings: StoreSettings; notes: readonly string[]; why: readonly string[] }> {
  const description = await describeFound(found, signal);
  const before = head?.settings;
  const { height, width } = size ?? before ?? description.chosen;
  checkSize(height, width);
  const settings: StoreSettings = {
    height,
    width,
    channels: channels ?? before?.channels ?? description.channels,
    fit: fit ?? before?.fit ?? 'stretch',
    decoder,
  };
  const notes = [...description.notes];
  noteFit(description, settings, notes);
  // Told now and not kept: whoever opens the store has no choice any more.
  return { settings, notes, why: size || before ? [] : [description.chosen.why] };
}

const nameOf = (found: FoundData): string => ('pictures' in found ? found.pictures.name : found.source.name);

function classesOf(found: FoundData): readonly string[] {
  if ('pictures' in found) return found.pictures.classNames;
  const { train, val, test } = found.source;
  return (train ?? val ?? test)!.classNames;
}
