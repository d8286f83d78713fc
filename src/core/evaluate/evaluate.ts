import type { Engine } from '../backend/backend.ts';
import type { Calibration, Rejection } from '../classifier/calibration.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { originOf } from '../dataset/leak-gate.ts';
import { answersOf, type PictureAnswers } from './answers.ts';
import { bootstrapIntervals, type Interval } from './bootstrap.ts';

import { type ClassMetrics, type ConfusionMatrix, classMetrics, confusionMatrix, macroAverage } from './confusion.ts';
import { areaUnderRisk, atThreshold, type CoveragePoint, coverageCurve } from './coverage.ts';
import { type ErrorList, listErrors } from './errors.ts';
import { wilsonInterval } from './interval.ts';
import { type EvaluateOptions, type Logits, readLogits } from './logits.ts';
import { type MeasureName, type Measures, measure } from './measures.ts';
import { averagePrecision, descending, rocAuc } from './ranking.ts';
import { calibrationError, type ReliabilityBin, reliabilityBins } from './reliability.ts';

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
  /** Mean softmax cross-entropy of the bare logits, as in training; `measures.logLoss` is by the temperature. */
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
  /** What the temperature does on these pictures; 1 where the classifier was not calibrated. */
  readonly calibration: TestedCalibration;
  /** Accuracy where only the surest answers are given; and its mean risk, 0 at best. */
  readonly coverage: readonly CoveragePoint[];
  readonly areaUnderRisk: number;
  /** What the classifier's threshold gives on these pictures; undefined where none was chosen. */
  readonly rejection: TestedRejection | undefined;
  readonly errors: ErrorList;
}

export interface TestedCalibration {
  readonly temperature: number;
  /** With bare logits, and with the temperature. */
  readonly loss: { readonly before: number; readonly after: number };
  readonly ece: { readonly before: number; readonly after: number };
  readonly reliabilityBefore: readonly ReliabilityBin[];
}

/** A threshold that was chosen on validation pictures, tried on others. */
export type TestedRejection = Pick<Rejection, 'rule'> & CoveragePoint;

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
  const read = await readLogits(engine, classifier, dataset, options);
  const { classNames, calibration } = classifier;
  return assess(read, classNames, { resamples, calibration, nameOf: (i) => originOf(dataset, 'test', i) }).evaluation;
}

export interface AssessOptions extends Pick<EvaluationOptions, 'resamples'> {
  readonly calibration?: Calibration;
  /** Where a picture came from, for the list of errors; default its place. */
  readonly nameOf?: (picture: number) => string;
}

/** All figures of what a classifier said, and the answers picture by picture. */
export function assess(
  { logits, labels, loss }: Logits,
  classNames: readonly string[],
  { resamples = 1000, calibration, nameOf }: AssessOptions = {},
): { readonly evaluation: Evaluation; readonly answered: PictureAnswers } {
  const classes = classNames.length;
  const images = labels.length;
  const temperature = calibration?.temperature ?? 1;
  const answered = answersOf(logits, labels, classes, temperature);
  const { probabilities, predictions, right, confidences } = answered;
  const confusion = confusionMatrix(labels, predictions, classes);
  const metrics = classMetrics(confusion);
  const hits = right.reduce((sum, one) => sum + one, 0);
  const answers = { labels, probabilities, classes };
  const { measures, intervals } =
    resamples > 0 ? bootstrapIntervals(answers, { resamples }) : { measures: measure(answers), intervals: {} };
  const bare = temperature === 1 ? answered : answersOf(logits, labels, classes);
  const { rejection } = calibration ?? {};
  const evaluation: Evaluation = {
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
    calibration: {
      temperature,
      loss: { before: mean(bare.losses), after: mean(answered.losses) },
      ece: { before: eceOf(bare), after: eceOf(answered) },
      reliabilityBefore: reliabilityBins(bare.confidences, right),
    },
    coverage: coverageCurve(confidences, right),
    areaUnderRisk: areaUnderRisk(confidences, right),
    rejection: rejection && { rule: rejection.rule, ...atThreshold(confidences, right, rejection.threshold) },
    errors: listErrors(answered, nameOf),
  };
  return { evaluation, answered };
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const eceOf = ({ confidences, right }: PictureAnswers): number => calibrationError(reliabilityBins(confidences, right));
