import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { applySplit, type SplitFile } from '../dataset/split-file.ts';
import { FoveaError, mismatch } from '../errors.ts';
import type { Adapters } from './adapters.ts';
import { readSplit } from './read-split.ts';
import type { RunData } from './run-folder.ts';
import type { VerbOptions } from './train.ts';

export interface TestPictures {
  readonly dataset: Dataset;
  /** What opens them. */
  readonly data: string;
  readonly split: SplitFile | undefined;
}

/**
 * The test pictures of the data that a classifier was trained on, or of others, at its input size.
 * @param request.from the classifier whose data are meant; by default that for which they are opened.
 * @throws FoveaError where there are none.
 */
export async function openTestPictures(
  adapters: Adapters,
  request: { readonly run: string; readonly data?: string; readonly from?: Classifier },
  classifier: Classifier,
  { signal, onEvent }: VerbOptions,
): Promise<TestPictures> {
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
    // By a split, test pictures may lie anywhere in the data.
    only: split ? undefined : 'test',
    onProgress: ({ done, total }) => onEvent?.({ kind: 'reading', done, total }),
  });
  const source = split && recorded ? applySplit(opened, split, recorded.file).source : opened;
  signal?.throwIfAborted();
  for (const { origin, reason } of source.skipped) onEvent?.({ kind: 'skipped', origin, reason });
  if (!source.test) {
    throw new FoveaError(
      `Expected test pictures in '${data}' but received none`,
      'Set some aside and train again: fovea data split DATA, then fovea train DATA --split split.json. Pictures that training never saw may also lie elsewhere: --data FOLDER',
    );
  }
  return { dataset: source.test, data, split };
}

/**
 * Pictures of another kind, as a classifier would see them; their labels, if any, mean nothing here. Their test part, or
 * what they have. @throws FoveaError where there are none.
 */
export async function openForeign(
  adapters: Adapters,
  data: string,
  { model, classNames }: Classifier,
  { signal, onEvent }: VerbOptions,
): Promise<Dataset> {
  const [height, width, channels] = model.input;
  const source = await adapters.openData(data, {
    size: { height, width },
    channels: channels as 1 | 3,
    signal,
    only: 'test',
    onProgress: ({ done, total }) => onEvent?.({ kind: 'reading', done, total }),
  });
  signal?.throwIfAborted();
  const dataset = source.test ?? source.val ?? source.train;
  if (!dataset) throw mismatch('pictures', `'${data}'`, 'none');
  return { ...dataset, name: source.name, classNames, labels: new Int32Array(dataset.count) };
}
