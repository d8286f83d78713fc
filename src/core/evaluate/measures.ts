import { classMetrics, macroAverage } from './confusion.ts';
import { predictionsOf, rightOf } from './predictions.ts';
import { logOf } from './probabilities.ts';
import { averagePrecision, descending, type Ranked, rocAuc } from './ranking.ts';
import { calibrationError, reliabilityBins } from './reliability.ts';

/** What a classifier said of labelled pictures. */
export interface Answers {
  /** n, each 0 … classes - 1. */
  readonly labels: ArrayLike<number>;
  /** [n, classes]. */
  readonly probabilities: Float64Array;
  readonly classes: number;
}

/** Figures that are one number each, by name; a figure that these pictures cannot give is left out. */
export type Measures = Readonly<Partial<Record<MeasureName, number>>>;

export const measureNames = [
  'accuracy',
  'topAccuracy',
  'balancedAccuracy',
  'macroPrecision',
  'macroRecall',
  'macroF1',
  'weightedPrecision',
  'weightedRecall',
  'weightedF1',
  'logLoss',
  'brier',
  'ece',
  'kappa',
  'matthews',
  'macroRocAuc',
  'weightedRocAuc',
  'macroAveragePrecision',
] as const;
export type MeasureName = (typeof measureNames)[number];

/** How many of the likeliest classes `topAccuracy` looks at; undefined where it would say nothing beside accuracy. */
export const topOf = (classes: number): number | undefined => (classes > 5 ? 5 : classes > 3 ? 2 : undefined);

/** Every class against the others, by its probability; sorted once for all figures that need it. */
export function rankClasses({ labels, probabilities, classes }: Answers): Ranked[] {
  const n = labels.length;
  return Array.from({ length: classes }, (_, c) => {
    const scores = new Float64Array(n);
    for (let i = 0; i < n; i++) scores[i] = probabilities[i * classes + c];
    return { scores, order: descending(scores), isPositive: (i: number) => labels[i] === c };
  });
}

/**
 * Prepares what does not depend on weights, once, and gives the figures for each way to weigh the pictures.
 * @param ranked what `rankClasses` gives.
 */
export function createMeasure(
  answers: Answers,
  ranked: readonly Ranked[] = rankClasses(answers),
): (weights?: ArrayLike<number>) => Measures {
  const { labels, probabilities, classes } = answers;
  const n = labels.length;
  const predictions = predictionsOf(probabilities, classes);
  const right = rightOf(predictions, labels);
  const confidences = Float64Array.from({ length: n }, (_, i) => probabilities[i * classes + predictions[i]]);
  const losses = Float64Array.from({ length: n }, (_, i) => -logOf(probabilities[i * classes + labels[i]]));
  const briers = Float64Array.from({ length: n }, (_, i) => brierOf(probabilities, i * classes, classes, labels[i]));
  const top = topOf(classes);
  const inTop = top === undefined ? undefined : Uint8Array.from(labels, (_, i) => (isInTop(answers, i, top) ? 1 : 0));

  return (weights) => {
    const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    for (let i = 0; i < n; i++) matrix[labels[i]][predictions[i]] += weights ? weights[i] : 1;
    const byClass = classMetrics(matrix);
    const supports = byClass.map(({ support }) => support);
    const all = supports.reduce((a, b) => a + b, 0);
    const mean = (values: ArrayLike<number>): number => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += weights ? weights[i] * values[i] : values[i];
      return sum / all;
    };
    const weighted = (of: 'precision' | 'recall' | 'f1') =>
      byClass.reduce((sum, metrics) => sum + metrics[of] * metrics.support, 0) / all;
    const aucs = ranked.map((one) => rocAuc({ ...one, weights }));
    const precisions = ranked.map((one) => averagePrecision({ ...one, weights }));
    const macroRecall = macroAverage(byClass, 'recall');
    return defined({
      accuracy: mean(right),
      topAccuracy: inTop && mean(inTop),
      balancedAccuracy: macroRecall,
      macroPrecision: macroAverage(byClass, 'precision'),
      macroRecall,
      macroF1: macroAverage(byClass, 'f1'),
      weightedPrecision: weighted('precision'),
      weightedRecall: weighted('recall'),
      weightedF1: weighted('f1'),
      logLoss: mean(losses),
      brier: mean(briers),
      ece: calibrationError(reliabilityBins(confidences, right, weights)),
      ...agreement(matrix, all),
      macroRocAuc: average(aucs),
      weightedRocAuc: average(aucs, supports),
      macroAveragePrecision: average(precisions),
    });
  };
}

/** All figures of a set of answers, each picture counting once. */
export const measure = (answers: Answers, ranked?: readonly Ranked[]): Measures => createMeasure(answers, ranked)();

/** Squared distance of the probabilities from the truth, summed over the classes: 0 (sure and right) … 2 (sure and wrong). */
function brierOf(probabilities: Float64Array, start: number, classes: number, label: number): number {
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    const gap = probabilities[start + c] - (c === label ? 1 : 0);
    sum += gap * gap;
  }
  return sum;
}

/** Whether fewer than `top` classes are likelier than the true one; of equals, the first are. */
function isInTop({ labels, probabilities, classes }: Answers, picture: number, top: number): boolean {
  const start = picture * classes;
  const own = probabilities[start + labels[picture]];
  let above = 0;
  for (let c = 0; c < classes; c++) {
    const other = probabilities[start + c];
    if (other > own || (other === own && c < labels[picture])) above++;
  }
  return above < top;
}

/**
 * Agreement beyond chance: Cohen's kappa (1960) and Matthews' correlation in its form for several classes (Gorodkin 2004).
 * Undefined where truth or answers know only one class.
 */
function agreement(matrix: readonly (readonly number[])[], all: number): { kappa?: number; matthews?: number } {
  const truths = matrix.map((row) => row.reduce((a, b) => a + b, 0));
  const answers = matrix.map((_, c) => matrix.reduce((sum, row) => sum + row[c], 0));
  const hits = matrix.reduce((sum, row, c) => sum + row[c], 0);
  const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
  const chance = product(truths, answers);
  const square = all * all;
  const spread = (square - product(answers, answers)) * (square - product(truths, truths));
  return {
    kappa: square > chance ? (hits * all - chance) / (square - chance) : undefined,
    matthews: spread > 0 ? (hits * all - chance) / Math.sqrt(spread) : undefined,
  };
}

/** Mean over those that are there. */
function average(values: readonly (number | undefined)[], weights?: readonly number[]): number | undefined {
  let [sum, all] = [0, 0];
  values.forEach((value, i) => {
    if (value === undefined) return;
    const weight = weights ? weights[i] : 1;
    sum += value * weight;
    all += weight;
  });
  return all > 0 ? sum / all : undefined;
}

const defined = (values: Partial<Record<MeasureName, number | undefined>>): Measures =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
