import { confidencesOf, predictionsOf, rightOf } from './predictions.ts';
import { logOf, probabilitiesOf } from './probabilities.ts';

/** What a classifier said of each picture, in the order of the pictures. */
export interface PictureAnswers {
  /** n, each 0 … classes - 1. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** [n, classes], by the temperature. */
  readonly probabilities: Float64Array;
  /** n: the likeliest class, its probability, whether it is the label (1 or 0), and the surprise at the label. */
  readonly predictions: Int32Array;
  readonly confidences: Float64Array;
  readonly right: Uint8Array;
  readonly losses: Float64Array;
}

/** @param logits [n, classes]. @param temperature by which logits are divided. */
export function answersOf(
  logits: ArrayLike<number>,
  labels: Int32Array,
  classes: number,
  temperature = 1,
): PictureAnswers {
  const probabilities = probabilitiesOf(logits, classes, temperature);
  const predictions = predictionsOf(logits, classes);
  return {
    labels,
    classes,
    probabilities,
    predictions,
    confidences: confidencesOf(probabilities, predictions, classes),
    right: rightOf(predictions, labels),
    losses: Float64Array.from(labels, (label, i) => -logOf(probabilities[i * classes + label])),
  };
}
