import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { applySplit } from '../dataset/split-file.ts';
import { FoveaError, mismatch } from '../errors.ts';
import type { Adapters } from './adapters.ts';
import { readSplit } from './read-split.ts';
import type { RunData } from './run-folder.ts';
import type { VerbOptions } from './train.ts';

/**
 * Pictures of a part that a classifier was trained or validated on (or of other data), at its size. Test pictures are
 * never among them: an explanation is no test, and each look at them counts.
 * @throws FoveaError when nobody knows the data, or they have no such part.
 */
export async function openExplainedData(
  adapters: Adapters,
  classifier: Classifier,
  request: { readonly run: string; readonly data?: string },
  part: 'train' | 'val',
  { signal, onEvent }: VerbOptions = {},
): Promise<Dataset> {
  const trainedOn = classifier.origin.data as Partial<RunData> | undefined;
  const data = request.data ?? (trainedOn?.source && adapters.locate(trainedOn.source));
  if (data === undefined)
    throw new FoveaError(`'${request.run}' does not say which data it was trained on`, 'Name them with --data');
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
  const source = split && recorded ? applySplit(opened, split, recorded.file).source : opened;
  const dataset = source[part];
  if (!dataset) throw mismatch(`pictures of the ${part} part`, `data '${data}'`, 'none');
  return dataset;
}
