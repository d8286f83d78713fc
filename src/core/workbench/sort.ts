import type { Prediction } from '../classifier/classify.ts';
import { FoveaError, mismatch } from '../errors.ts';
import { quotePath } from '../formats/quote.ts';
import { distinctNames, safeName, withWord } from '../formats/safe-name.ts';
import { sha256 } from '../formats/sha256.ts';
import type { Adapters, PictureSource } from './adapters.ts';
import { type ClassifyRequest, checkSomeRead, classifyEach } from './classify.ts';
import { loadClassifier } from './load-classifier.ts';
import type { Storage } from './storage.ts';
import type { VerbOptions } from './verb.ts';

export interface SortRequest extends ClassifyRequest {
  /** The folder that gets a folder for each class. Made where there is none; what lies in it stays. */
  readonly into: string;
  /** Pictures whose most likely class is less probable than this go to the folder `_uncertain`. 0 … 1, default 0. */
  readonly minProbability?: number;
}

/** What came of one picture. */
export type SortedFile =
  | {
      readonly file: string;
      readonly top: readonly Prediction[];
      /** Where its copy lies. */
      readonly to: string;
      /** False: an equal copy lay there before. */
      readonly copied: boolean;
    }
  /** `top` where it was classified and could not be copied. */
  | { readonly file: string; readonly error: string; readonly top?: readonly Prediction[] };

export interface SortOutcome {
  readonly files: readonly SortedFile[];
  readonly into: string;
  /** The folder of each class, and what went there, in the order of the classes, `_uncertain` last. */
  readonly folders: readonly {
    readonly folder: string;
    /** Undefined for `_uncertain`. */
    readonly class: string | undefined;
    readonly copied: number;
    readonly there: number;
  }[];
  /** Stopped before the end; the same again goes on. */
  readonly interrupted: boolean;
}

/** Where pictures go that no class is sure of. */
export const uncertainFolder = '_uncertain';

/**
 * Copies pictures into a folder for each predicted class. Nothing is moved and nothing overwritten: of two pictures of one
 * name both are kept, and a picture whose equal copy is there is not copied again, so that a second run goes on where the
 * first was stopped. Pictures that lie in the folder already are passed over. @throws FoveaError when no picture can be read, or the folder cannot be written.
 */
export async function sortPictures(
  adapters: Adapters,
  request: SortRequest,
  options: VerbOptions = {},
): Promise<SortOutcome> {
  const { storage } = adapters;
  const { into } = request;
  if ((await storage.kind(into)) === 'file') {
    throw mismatch('a folder', "option 'sort-into'", `the file ${quotePath(into)}`, 'Choose another name');
  }
  await storage.checkWritable(into);
  const { classNames, calibration } = await loadClassifier(adapters, request.run);
  const minProbability = request.minProbability ?? calibration?.rejection?.threshold ?? 0;
  const folders = distinctNames(classNames, [uncertainFolder]);
  const folderOf = ([first]: readonly Prediction[]): string =>
    first.probability < minProbability ? uncertainFolder : folders[classNames.indexOf(first.class)];
  const files: SortedFile[] = [];
  const counts = new Map<string, { copied: number; there: number }>();
  let interrupted = false;
  try {
    for await (const one of classifyEach(adapters, request, options)) {
      options.signal?.throwIfAborted();
      if (storage.relative(into, one.file)?.startsWith('./')) continue;
      if ('error' in one) {
        files.push(one);
        continue;
      }
      const { file, top, source } = one;
      const folder = folderOf(top);
      const bytes = await bytesOf(source);
      if (typeof bytes === 'string') {
        files.push({ file, error: bytes, top });
        continue;
      }
      if (!counts.has(folder)) await storage.makeFolder(storage.join(into, folder));
      const copy = await placeCopy(storage, storage.join(into, folder), nameOf(file), bytes);
      const count = counts.get(folder) ?? { copied: 0, there: 0 };
      counts.set(folder, count);
      count[copy.copied ? 'copied' : 'there']++;
      files.push({ file, top, ...copy });
    }
  } catch (error) {
    if (!options.signal?.aborted || error instanceof FoveaError) throw error;
    interrupted = true;
  }
  if (!interrupted) checkSomeRead(files);
  const used = [...folders.map((folder, i) => ({ folder, class: classNames[i] })), { folder: uncertainFolder }];
  return {
    files,
    into,
    folders: used.flatMap(({ folder, class: name }: { folder: string; class?: string }) => {
      const count = counts.get(folder);
      return count ? [{ folder: storage.join(into, folder), class: name, ...count }] : [];
    }),
    interrupted,
  };
}

/** Encoded bytes, or why there are none. */
async function bytesOf(source: PictureSource): Promise<Uint8Array | string> {
  if (!source.bytes) return 'pixels of an array, which are no file that could be copied';
  try {
    return await source.bytes();
  } catch (error) {
    if (error instanceof FoveaError) return error.message;
    throw error;
  }
}

/** The last part of a path or of a place in an archive, made safe; rows of tables keep their whole name. */
function nameOf(file: string): string {
  const last = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return safeName(last === '' ? file : last);
}

/**
 * Writes under the name, or, where another picture has it, under one with the begin of the content's hash: so a picture
 * finds its copy again whatever the order. One that is there already is not written.
 */
async function placeCopy(
  storage: Storage,
  folder: string,
  name: string,
  bytes: Uint8Array,
): Promise<{ to: string; copied: boolean }> {
  const hash = await sha256(bytes);
  const names = [name, withWord(name, hash.slice(0, 8)), withWord(name, hash)];
  for (const candidate of names) {
    const to = storage.join(folder, candidate);
    if ((await storage.kind(to)) === undefined && (await storage.create(to, bytes))) return { to, copied: true };
    if ((await storage.kind(to)) === 'file' && sameBytes(await storage.read(to), bytes)) return { to, copied: false };
  }
  throw mismatch('a free name', `a copy of ${quotePath(name)} in ${quotePath(folder)}`, 'other files of all its names');
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
