import { isUnknown } from '../../core/classifier/calibration.ts';
import type { Classifier } from '../../core/classifier/classifier.ts';
import { type Prediction, rank, softmax } from '../../core/classifier/classify.ts';
import type { HeatmapAnswer } from './heatmaps.ts';

/** What is said of one picture. */
export interface Answer {
  readonly name: string;
  readonly top: readonly Prediction[];
  /** Where the model's file has a threshold: whether the likeliest class is too unlikely to be an answer. */
  readonly unknown?: boolean;
  /** Where it was asked for. */
  readonly heatmap?: HeatmapAnswer;
}

/** The same where there is nothing to say. */
export interface Refusal {
  readonly name: string;
  readonly error: string;
}

/** Of a picture's logits, by the temperature in the model's file. */
export const probabilitiesOf = ({ calibration }: Classifier, logits: Float32Array): Float64Array =>
  softmax(logits, calibration?.temperature);

/** The k most likely classes by a picture's logits. */
export function answerOf(name: string, by: Classifier, logits: Float32Array, top: number): Answer {
  const ranked = rank(probabilitiesOf(by, logits), by.classNames, top);
  const { calibration } = by;
  return {
    name,
    top: ranked,
    ...(calibration?.rejection ? { unknown: isUnknown(calibration, ranked[0].probability) } : {}),
  };
}
