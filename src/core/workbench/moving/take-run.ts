import { storeFilesOf } from '../../dataset/store/store-of.ts';
import { FoveaError } from '../../errors.ts';
import { lastName, quotePath } from '../../formats/quote.ts';
import { mostZipBytes, packZip, type ZipItem } from '../../formats/write-zip.ts';
import type { Adapters } from '../adapters.ts';
import { readSplit } from '../read-split.ts';
import { openRunFolder, type RunDescription, runFiles } from '../run-folder.ts';
import { openRunData } from '../training-data.ts';
import { noteTo, type VerbOptions } from '../verb.ts';
import { type RunWeight, weighRun } from './weigh-run.ts';

/** The folder of a run's file that holds its pictures: a prepared store. */
export const picturesFolder = 'pictures';

export interface TakeRequest {
  readonly run: string;
  /** The .zip file to write. */
  readonly file: string;
  /** With all pictures of its data, as it sees them: so it goes on anywhere, to the same bits. */
  readonly withPictures?: boolean;
}

export interface TakenRun {
  readonly file: string;
  /** Of the run's own files and of its pictures, before packing. */
  readonly bytes: number;
  /** How many went along. */
  readonly pictures: number;
}

/**
 * Writes a run as one .zip file, to go on with it on another machine or in a browser: its folder, the split that it was
 * trained by, and its pictures if that is wanted. Those are checked against the run's hashes before.
 * @throws FoveaError when its pictures are not there or are others, or the file would be larger than 4 GB.
 */
export async function takeRun(adapters: Adapters, request: TakeRequest, options: VerbOptions = {}): Promise<TakenRun> {
  const { run, file, withPictures = false } = request;
  const { signal, onEvent } = options;
  const weight = await weighRun(adapters, run);
  const total = weight.bytes + (withPictures ? (weight.pictures?.bytes ?? 0) : 0);
  checkWeight(weight, request);
  let bytes = 0;
  const pieces = packZip(itemsOf(adapters, request, weight, options), {
    subject: quotePath(run),
    mend: tooLarge,
    signal,
    onPacked(item) {
      bytes += item.bytes;
      onEvent?.({ kind: 'progress', doing: 'Packing', done: Math.min(bytes, total), total, unit: 'bytes' });
    },
  });
  await adapters.storage.writeFrom(file, pieces);
  return { file, bytes, pictures: withPictures ? (weight.pictures?.count ?? 0) : 0 };
}

const tooLarge = 'Take it without its pictures, and bring those as data of their own';

/** Told before anything is read. @throws FoveaError. */
export function checkWeight({ bytes, pictures }: RunWeight, { run, withPictures }: Omit<TakeRequest, 'file'>): void {
  if (bytes + (withPictures ? (pictures?.bytes ?? 0) : 0) <= mostZipBytes) return;
  throw new FoveaError(`Expected at most 4 GB for ${quotePath(run)} but received more`, tooLarge);
}

async function* itemsOf(
  adapters: Adapters,
  { run, withPictures }: TakeRequest,
  { files, pictures }: RunWeight,
  options: VerbOptions,
): AsyncGenerator<ZipItem> {
  const { storage } = adapters;
  const name = lastName(storage.absolute(run));
  for (const file of files)
    yield { path: `${name}/${file.name}`, read: () => storage.read(storage.join(run, file.name)) };
  const description = await openRunFolder(storage, run).readDescription();
  const split = await splitText(adapters, description, options);
  if (split !== undefined)
    yield { path: `${name}/${runFiles.split}`, read: async () => new TextEncoder().encode(split) };
  if (!withPictures || !pictures) return;
  const { opened } = await openRunData(adapters, description, run, options);
  const facts = {
    from: description.data.source,
    created: adapters.now(),
    settings: { fit: 'stretch', decoder: `as the run ${name} saw them` },
  } as const;
  for await (const file of storeFilesOf(opened, facts))
    yield { path: `${name}/${picturesFolder}/${file.name}`, read: async () => file.bytes };
}

/** As it was recorded, to the byte. Without it the run still shows its curves and classifies: that it is gone is told. */
async function splitText(
  { storage, locate }: Adapters,
  { data }: RunDescription,
  options: VerbOptions,
): Promise<string | undefined> {
  if (!data.split) return undefined;
  const file = locate(data.split.file);
  try {
    await readSplit(storage, file, data.split.hash);
    return new TextDecoder().decode(await storage.read(file));
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    noteTo(options)(error.message);
    return undefined;
  }
}
