import type { Engine } from '../backend/backend.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { firstLargest } from '../train/history.ts';
import { readLogits } from './logits.ts';

/** The predicted class of each picture: the first of the largest. @param values logits or probabilities, [n, classes]. */
export const predictionsOf = (values: ArrayLike<number>, classes: number): Int32Array =>
  Int32Array.from({ length: values.length / classes }, (_, i) => firstLargest(values, i * classes, classes));

/** 1 for each picture whose prediction is its label, else 0. */
export const rightOf = (predictions: Int32Array, labels: ArrayLike<number>): Uint8Array =>
  Uint8Array.from(predictions, (prediction, i) => (prediction === labels[i] ? 1 : 0));

/** The probability of each answer. @param probabilities [n, classes]. */
export const confidencesOf = (
  probabilities: ArrayLike<number>,
  predictions: Int32Array,
  classes: number,
): Float64Array => Float64Array.from(predictions, (c, i) => probabilities[i * classes + c]);

/**
 * Which pictures a classifier has right: 1 or 0 each, in the data set's order.
 * @throws FoveaError as `readLogits`; the signal's reason when aborted.
 */
export async function rightOnes(
  engine: Engine,
  classifier: Classifier,
  dataset: Dataset,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { logits, labels } = await readLogits(engine, classifier, dataset, { signal });
  return rightOf(predictionsOf(logits, classifier.classNames.length), labels);
}
