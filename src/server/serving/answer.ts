import type { Classifier } from '../../core/classifier/classifier.ts';
import { type Prediction, rank, softmax } from '../../core/classifier/classify.ts';

/** What is said of one picture. */
export interface Answer {
  readonly name: string;
  readonly top: readonly Prediction[];
}

/** The same where there is nothing to say. */
export interface Refusal {
  readonly name: string;
  readonly error: string;
}

/** The k most likely classes by a picture's logits. */
export function answerOf(name: string, by: Classifier, logits: Float32Array, top: number): Answer {
  return { name, top: rank(softmax(logits), by.classNames, top) };
}
