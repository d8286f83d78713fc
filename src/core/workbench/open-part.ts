import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset, Part } from '../dataset/dataset.ts';
import { applySplit, type SplitFile } from '../dataset/split-file.ts';
import { FoveaError } from '../errors.ts';
import type { Adapters } from './adapters.ts';
import { readSplit } from './read-split.ts';
import type { RunData } from './run-folder.ts';
import type { VerbOptions } from './verb.ts';

/** One part of the data that a classifier knows. */
export interface OpenedPart {
  /** Undefined where the data have no such part. */
  readonly dataset: Dataset | undefined;
  /** What opens the data. */
  readonly data: string;
  /** By which the pictures were dealt out; undefined for parts that the data have themselves. */
  readonly split: SplitFile | undefined;
}

/**
 * Opens a part of the data that a classifier was trained on, or of others that are named, at its input size.
 * @param request.from the classifier whose data are meant; by default that for which they are opened.
 * @throws FoveaError when nobody knows the data.
 */
export async function openPart(
  adapters: Adapters,
  classifier: Classifier,
  request: { readonly run: string; readonly data?: string; readonly from?: Classifier },
  part: Part,
  { signal, onEvent }: VerbOptions = {},
): Promise<OpenedPart> {
  const trainedOn = (request.from ?? classifier).origin.data as Partial<RunData> | undefined;
  const data = request.data ?? (trainedOn?.source && adapters.locate(trainedOn.source));
  if (data === undefined) {
    throw new FoveaError(`'${request.run}' does not say which data it was trained on`, 'Name them with --data');
  }
  const [height, width, channels] = classifier.model.input;
  const recorded = request.data === undefined ? trainedOn?.split : undefined;
  const split = recorded && (await readSplit(adapters.storage, adapters.locate(recorded.file), recorded.hash));
  const opened = await adapters.openData(data, {
    size: { height, width },
    channels: channels as 1 | 3,
    signal,
    // By a split, pictures of a part may lie anywhere in the data.
    only: split ? undefined : part,
    onProgress: ({ done, total }) => onEvent?.({ kind: 'reading', done, total }),
  });
  signal?.throwIfAborted();
  const source = split && recorded ? applySplit(opened, split, recorded.file).source : opened;
  for (const { origin, reason } of source.skipped) onEvent?.({ kind: 'skipped', origin, reason });
  return { dataset: source[part], data, split };
}
