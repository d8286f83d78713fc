import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { SplitFile } from '../dataset/split-file.ts';
import { FoveaError, mismatch } from '../errors.ts';
import type { Adapters } from './adapters.ts';
import { openPart } from './open-part.ts';
import type { VerbOptions } from './verb.ts';

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
  options: VerbOptions,
): Promise<TestPictures> {
  const { dataset, data, split } = await openPart(adapters, classifier, request, 'test', options);
  if (!dataset) {
    throw new FoveaError(
      `Expected test pictures in '${data}' but received none`,
      'Set some aside and train again: fovea data split DATA, then fovea train DATA --split split.json. Pictures that training never saw may also lie elsewhere: --data FOLDER',
    );
  }
  return { dataset, data, split };
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
