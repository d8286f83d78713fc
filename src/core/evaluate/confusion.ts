/** counts[true class][predicted class]; the sum is the number of images. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** Counts pairs of true and predicted classes, each 0 … classes - 1. */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) counts[labels[i]][predictions[i]]++;
  return counts;
}

/** How well one class is told from the others. Precision, recall and F1 are 0 where their divisor is. */
export interface ClassMetrics {
  /** Of the images called this class, the share that are. */
  readonly precision: number;
  /** Of the images of this class, the share that were called so. */
  readonly recall: number;
  /** The harmonic mean of the two. */
  readonly f1: number;
  /** Images of this class. */
  readonly support: number;
}

export function classMetrics(matrix: ConfusionMatrix): ClassMetrics[] {
  return matrix.map((row, c) => {
    const support = row.reduce((sum, count) => sum + count, 0);
    const predicted = matrix.reduce((sum, other) => sum + other[c], 0);
    const hits = row[c];
    return {
      precision: predicted === 0 ? 0 : hits / predicted,
      recall: support === 0 ? 0 : hits / support,
      f1: support + predicted === 0 ? 0 : (2 * hits) / (support + predicted),
      support,
    };
  });
}

/** Share of images on the diagonal; 0 for an empty matrix. */
export function accuracyOf(matrix: ConfusionMatrix): number {
  let hits = 0;
  let all = 0;
  matrix.forEach((row, c) => {
    hits += row[c];
    for (const count of row) all += count;
  });
  return all === 0 ? 0 : hits / all;
}

/** The mean of a number over the classes that are there (support > 0), each class counting alike. */
export function macroAverage(metrics: readonly ClassMetrics[], of: 'precision' | 'recall' | 'f1'): number {
  const present = metrics.filter((m) => m.support > 0);
  return present.length === 0 ? 0 : present.reduce((sum, m) => sum + m[of], 0) / present.length;
}

/** The pairs of classes taken for each other most often, largest count first; only pairs that occurred. */
export function largestConfusions(
  matrix: ConfusionMatrix,
  limit: number,
): { label: number; predicted: number; count: number }[] {
  const pairs: { label: number; predicted: number; count: number }[] = [];
  matrix.forEach((row, label) => {
    row.forEach((count, predicted) => {
      if (label !== predicted && count > 0) pairs.push({ label, predicted, count });
    });
  });
  return pairs.sort((a, b) => b.count - a.count || a.label - b.label || a.predicted - b.predicted).slice(0, limit);
}
