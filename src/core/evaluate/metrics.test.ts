import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accuracyOf, classMetrics, confusionMatrix, largestConfusions, macroAverage } from './confusion.ts';
import { wilsonInterval } from './interval.ts';

const golden = new URL('../../../tests/golden/data/metrics.json', import.meta.url);

describe('confusion matrix and what follows from it', () => {
  it('has rows of true classes and columns of predicted ones', () => {
    const matrix = confusionMatrix([0, 0, 1, 2, 2, 2], [0, 1, 1, 0, 0, 2], 3);
    expect(matrix).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [2, 0, 1],
    ]);
    expect(accuracyOf(matrix)).toBe(0.5);
    expect(largestConfusions(matrix, 1)).toEqual([{ label: 2, predicted: 0, count: 2 }]);
  });

  it('gives 0, not NaN, for a class never seen and never predicted', () => {
    const metrics = classMetrics(confusionMatrix([0, 1], [0, 1], 3));
    expect(metrics[2]).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
    expect(macroAverage(metrics, 'f1')).toBe(1);
    expect(accuracyOf([])).toBe(0);
  });

  it('agrees with scikit-learn', () => {
    const { expected } = JSON.parse(readFileSync(golden, 'utf8'));
    const metrics = classMetrics(expected.confusion_matrix);
    expect(accuracyOf(expected.confusion_matrix)).toBeCloseTo(expected.accuracy, 12);
    expected.per_class.forEach(
      (wanted: { precision: number; recall: number; f1: number; support: number }, i: number) => {
        expect(metrics[i].precision).toBeCloseTo(wanted.precision, 12);
        expect(metrics[i].recall).toBeCloseTo(wanted.recall, 12);
        expect(metrics[i].f1).toBeCloseTo(wanted.f1, 12);
        expect(metrics[i].support).toBe(wanted.support);
      },
    );
    for (const of of ['precision', 'recall', 'f1'] as const) {
      expect(macroAverage(metrics, of)).toBeCloseTo(expected.macro[of], 12);
    }
  });
});

describe('Wilson interval', () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
  ])('of %i in %i', (hits, trials, low, high) => {
    const interval = wilsonInterval(hits, trials);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  it('knows nothing from no trials', () => expect(wilsonInterval(0, 0)).toEqual([0, 1]));
});
