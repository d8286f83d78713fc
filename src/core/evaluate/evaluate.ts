import type { Engine } from '../backend/backend.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { bootstrapIntervals, type Interval } from './bootstrap.ts';
import { type ClassMetrics, type ConfusionMatrix, classMetrics, confusionMatrix, macroAverage } from './confusion.ts';
import { wilsonInterval } from './interval.ts';
import { type EvaluateOptions, type Logits, readLogits } from './logits.ts';
import { type MeasureName, type Measures, measure } from './measures.ts';
import { predictionsOf, rightOf } from './predictions.ts';
import { probabilitiesOf } from './probabilities.ts';
import { averagePrecision, descending, rocAuc } from './ranking.ts';
import { type ReliabilityBin, reliabilityBins } from './reliability.ts';

/** How well one class is told from the others, with 95 % intervals (Wilson) of the shares that are counts. */
export interface ClassEvaluation extends ClassMetrics {
  readonly class: string;
  readonly precisionInterval: Interval;
  readonly recallInterval: Interval;
  /** Of this class against all others; undefined where there are no pictures of one of them. */
  readonly rocAuc: number | undefined;
  readonly averagePrecision: number | undefined;
}

/** How well a classifier does on labelled pictures. */
export interface Evaluation {
  readonly images: number;
  /** Mean softmax cross-entropy. */
  readonly loss: number;
  readonly accuracy: number;
  /** 95 % confidence interval of the accuracy (Wilson). */
  readonly interval: Interval;
  /** Mean over the classes of their F1, each class counting alike. */
  readonly macroF1: number;
  /** All figures that are one number. */
  readonly measures: Measures;
  /** Their 95 % intervals by the bootstrap; empty where none was asked for. */
  readonly intervals: Readonly<Partial<Record<MeasureName, Interval>>>;
  readonly classes: readonly ClassEvaluation[];
  /** [true class][predicted class], in the order of the classifier's class names. */
  readonly confusion: ConfusionMatrix;
  /** How often answers are right, by how sure they are. */
  readonly reliability: readonly ReliabilityBin[];
}

export interface EvaluationOptions extends EvaluateOptions {
  /** How often the pictures are drawn again for the intervals; 0: no intervals. Default 1000. */
  readonly resamples?: number;
}

/**
 * Classifies every picture of a data set and compares with its labels. Classes are matched by name.
 * @throws FoveaError when the data set has a class that the classifier does not know, or pictures of another size.
 * @throws the signal's reason when aborted.
 */
export async function evaluate(
  engine: Engine,
  classifier: Classifier,
  dataset: Dataset,
  { resamples, ...options }: EvaluationOptions = {},
): Promise<Evaluation> {
  const answers = await readLogits(engine, classifier, dataset, options);
  return assess(answers, classifier.classNames, resamples);
}

/** All figures of what a classifier said. */
export function assess({ logits, labels, loss }: Logits, classNames: readonly string[], resamples = 1000): Evaluation {
  const classes = classNames.length;
  const images = labels.length;
  const probabilities = probabilitiesOf(logits, classes);
  const predictions = predictionsOf(logits, classes);
  const right = rightOf(predictions, labels);
  const confidences = Float64Array.from(predictions, (c, i) => probabilities[i * classes + c]);
  const confusion = confusionMatrix(labels, predictions, classes);
  const metrics = classMetrics(confusion);
  const hits = right.reduce((sum, one) => sum + one, 0);
  const answers = { labels, probabilities, classes };
  const { measures, intervals } =
    resamples > 0 ? bootstrapIntervals(answers, { resamples }) : { measures: measure(answers), intervals: {} };
  return {
    images,
    loss,
    accuracy: hits / images,
    interval: wilsonInterval(hits, images),
    macroF1: macroAverage(metrics, 'f1'),
    measures,
    intervals,
    classes: metrics.map((one, c): ClassEvaluation => {
      const scores = Float64Array.from({ length: images }, (_, i) => probabilities[i * classes + c]);
      const ranked = { scores, order: descending(scores), isPositive: (i: number) => labels[i] === c };
      const predicted = confusion.reduce((sum, row) => sum + row[c], 0);
      return {
        class: classNames[c],
        ...one,
        precisionInterval: wilsonInterval(confusion[c][c], predicted),
        recallInterval: wilsonInterval(confusion[c][c], one.support),
        rocAuc: rocAuc(ranked),
        averagePrecision: averagePrecision(ranked),
      };
    }),
    confusion,
    reliability: reliabilityBins(confidences, right),
  };
}
