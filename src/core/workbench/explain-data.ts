import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { mismatch } from '../errors.ts';
import type { Adapters } from './adapters.ts';
import { openPart } from './open-part.ts';
import type { VerbOptions } from './verb.ts';

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
  options: VerbOptions = {},
): Promise<Dataset> {
  const { dataset, data } = await openPart(adapters, classifier, request, part, options);
  if (!dataset) throw mismatch(`pictures of the ${part} part`, `data '${data}'`, 'none');
  return dataset;
}
