import { builtIns } from '../../dataset/builtin/index.ts';
import { readIndex } from '../../dataset/store/check.ts';
import { sha256Hex } from '../../dataset/store/files.ts';
import { formatHead, headFile, type StoreHead, storedSize } from '../../dataset/store/head.ts';
import { mismatch } from '../../errors.ts';
import { readAll } from '../../formats/byte-source.ts';
import { quotePath } from '../../formats/quote.ts';
import type { Adapters } from '../adapters.ts';
import { splitBeside } from '../data-folder.ts';
import { readSplit } from '../read-split.ts';
import { openRunFolder, plainName, type RunDescription, runFiles } from '../run-folder.ts';
import type { Storage } from '../storage.ts';
import { openRunData } from '../training-data.ts';
import type { VerbOptions } from '../verb.ts';
import { findRunData, type KnownData } from './find-data.ts';
import { type LinkedData, linkData, linked } from './link-data.ts';
import { type RunArchive, readRunArchive } from './run-archive.ts';

export interface BringRequest {
  /** What `takeRun` wrote, from whomever. */
  readonly file: string;
  /** What a person calls the file. */
  readonly fileName: string;
  /** The folders of runs and of data. */
  readonly runs: string;
  readonly data: string;
  /** Data that are here: where the run's are among them, they are not written a second time. */
  readonly known: readonly KnownData[];
}

export interface BroughtRun {
  /** Its folder. */
  readonly run: string;
  /** 'built-in': every host has them; 'here': they were here already; 'along': they came along; 'missing': it cannot go on. */
  readonly pictures: 'built-in' | 'here' | 'along' | 'missing';
  /** What opens them here; undefined where they are missing. */
  readonly data: string | undefined;
}

/**
 * Makes a run of a file that was taken elsewhere. With its pictures, or where they are here, it goes on with the same bits:
 * they are compared with the run's hashes first.
 * @throws FoveaError when it is no run, is damaged, or its pictures are not those that it was trained on: nothing stays then.
 */
export async function bringRun(
  adapters: Adapters,
  request: BringRequest,
  options: VerbOptions = {},
): Promise<BroughtRun> {
  const { storage } = adapters;
  const { signal } = options;
  const subject = quotePath(request.fileName);
  const archive = await readRunArchive(await adapters.openFile(request.file), subject, signal);
  const named = archive.name ?? request.fileName.replace(/\.zip$/i, '');
  const run = await firstFree(storage, request.runs, named, (path) => storage.makeFolder(path, { fresh: true }));
  let written: string | undefined;
  try {
    // The description last: until then it is no run to anybody.
    const last = ([name]: readonly [string, unknown]): number => (name === runFiles.description ? 1 : 0);
    for (const [name, member] of [...archive.files].sort((a, b) => last(a) - last(b))) {
      signal?.throwIfAborted();
      await storage.write(storage.join(run, name), await readAll(await member.open(), subject, member.size));
    }
    const folder = openRunFolder(storage, run);
    const description = await folder.readDescription();
    await folder.readSnapshot();
    const { source } = description.data;
    if (builtIns.has(source)) return { run, pictures: 'built-in', data: source };
    const here = await lookHere(adapters, request, { run, description, archive }, options);
    if (here) {
      await linkData(adapters, run, here);
      return { run, pictures: 'here', data: here.source };
    }
    if (!archive.store) return { run, pictures: 'missing', data: undefined };
    const { name } = archive.store.head;
    written = await firstFree(storage, request.data, name, (path) => takeForData(storage, path));
    const along = await writePictures(adapters, written, { run, description, store: archive.store, subject }, options);
    // Whoever goes on with it opens them so: what does not fit is found now.
    await openRunData(adapters, linked(description, along), run, { signal });
    await linkData(adapters, run, along);
    return { run, pictures: 'along', data: along.source };
  } catch (error) {
    await storage.remove(run);
    for (const path of written === undefined ? [] : [partial(written), written, splitBeside(written)])
      await storage.remove(path);
    throw error;
  }
}

/** While it is written: no data to anybody. */
const partial = (data: string): string => `${data}.partial`;

/** The first path in `above` that `take` gets: a name that every system takes, with a number where there is one of it. */
async function firstFree(
  storage: Storage,
  above: string,
  name: string,
  take: (path: string) => Promise<boolean>,
): Promise<string> {
  await storage.makeFolder(above);
  const stem = plainName(name);
  for (let n = 1; ; n++) {
    const path = storage.join(above, n === 1 ? stem : `${stem}-${n}`);
    if (await take(path)) return path;
  }
}

/** Takes the folder in which data are written before they get their name, if neither they nor their split are there. */
async function takeForData(storage: Storage, path: string): Promise<boolean> {
  for (const taken of [path, splitBeside(path)]) if ((await storage.kind(taken)) !== undefined) return false;
  return storage.makeFolder(partial(path), { fresh: true });
}

interface Coming {
  readonly run: string;
  readonly description: RunDescription;
}

async function lookHere(
  adapters: Adapters,
  { known }: BringRequest,
  { run, description, archive }: Coming & { readonly archive: RunArchive },
  options: VerbOptions,
): Promise<LinkedData | undefined> {
  const along = {
    split: archive.files.has(runFiles.split) ? adapters.storage.join(run, runFiles.split) : undefined,
    store: archive.store?.head.index.sha256,
  };
  return findRunData(adapters, description, known, along, options);
}

/** Writes the store, every shard compared with its hash first and the head last, and the split beside it. */
async function writePictures(
  adapters: Adapters,
  whole: string,
  {
    run,
    description,
    store,
    subject,
  }: Coming & { readonly store: NonNullable<RunArchive['store']>; readonly subject: string },
  { signal, onEvent }: VerbOptions,
): Promise<LinkedData> {
  const { storage, resolveData } = adapters;
  const path = partial(whole);
  const { head, files } = store;
  checkFits(head, description, subject);
  let done = 0;
  const total = head.pictures * storedSize(head.settings);
  const take = async (name: string, bytes: number): Promise<Uint8Array> => {
    signal?.throwIfAborted();
    const member = files.get(name);
    if (member?.size !== bytes) {
      throw mismatch(`${bytes} bytes for ${quotePath(name)}`, subject, `${member?.size}`, 'Take the run away anew');
    }
    return readAll(await member.open(), subject, bytes);
  };
  for (const { name, pictures, sha256 } of head.shards) {
    const content = await take(name, pictures * storedSize(head.settings));
    if ((await sha256Hex(content)) !== sha256) {
      throw mismatch(
        `the SHA-256 ${sha256.slice(0, 16)}… for ${quotePath(name)}`,
        subject,
        'another one',
        'Take the run away anew',
      );
    }
    await storage.write(storage.join(path, name), content);
    done += content.length;
    onEvent?.({ kind: 'progress', doing: 'Unpacking the pictures', done, total, unit: 'bytes' });
  }
  await storage.write(storage.join(path, head.index.name), await take(head.index.name, head.index.bytes));
  await readIndex(head, await adapters.openFile(storage.join(path, head.index.name)), path);
  await storage.write(storage.join(path, headFile), formatHead(head));
  await storage.rename(path, whole);
  const link = { source: resolveData(whole), store: { hash: `sha256:${head.index.sha256}`, from: head.from } };
  if (!description.data.split) return link;
  // Beside the data, where a new training looks for it, too.
  const { hash } = description.data.split;
  const own = storage.join(run, runFiles.split);
  await readSplit(storage, own, hash);
  await storage.write(splitBeside(whole), await storage.read(own));
  return { ...link, split: { file: resolveData(splitBeside(whole)), hash } };
}

/** @throws FoveaError where the pictures cannot be those of the run. */
function checkFits({ settings, classNames }: StoreHead, { recipe, data }: RunDescription, subject: string): void {
  const [height, width, channels] = recipe.model.input;
  const size = [settings.height, settings.width, settings.channels];
  const mend = 'Take the run away anew';
  if (`${size}` !== `${[height, width, channels]}`)
    throw mismatch(`pictures of ${height}x${width}x${channels}`, subject, size.join('x'), mend);
  if (JSON.stringify(classNames) !== JSON.stringify(data.classNames))
    throw mismatch("pictures of the run's classes", subject, 'of others', mend);
}
