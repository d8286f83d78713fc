import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../formats/safetensors.ts';
import { RandomStream } from '../random.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { measure } from './measures.ts';
import { normalQuantile, normalShare } from './normal.ts';
import { probabilitiesOf } from './probabilities.ts';
import { averagePrecision, rocAuc } from './ranking.ts';
import { calibrationError, largestCalibrationError, reliabilityBins } from './reliability.ts';
import { fitTemperature } from './temperature.ts';

const folder = new URL('../../../tests/golden/data/', import.meta.url);
const { expected } = JSON.parse(readFileSync(new URL('metrics.json', folder), 'utf8'));
const { tensors } = readSafetensors(readFileSync(new URL('metrics.safetensors', folder)), 'metrics.safetensors');
const classes = 10;
const logits = tensors.get('logits')!.data as Float32Array;
const labels = Int32Array.from(tensors.get('labels')!.data as ArrayLike<number>, Number);
const probabilities = probabilitiesOf(logits, classes);
const answersOf = (p: Float64Array, of: ArrayLike<number>, k: number) => ({ labels: of, probabilities: p, classes: k });

describe('figures of a test, against scikit-learn', () => {
  const got = measure(answersOf(probabilities, labels, classes));

  it.each([
    ['accuracy', expected.accuracy],
    ['topAccuracy', expected.top5_accuracy],
    ['balancedAccuracy', expected.balanced_accuracy],
    ['macroPrecision', expected.macro.precision],
    ['macroF1', expected.macro.f1],
    ['weightedPrecision', expected.weighted.precision],
    ['weightedRecall', expected.weighted.recall],
    ['weightedF1', expected.weighted.f1],
    ['logLoss', expected.log_loss],
    ['brier', expected.brier_multiclass],
    ['ece', expected.ece_15],
    ['kappa', expected.cohen_kappa],
    ['matthews', expected.matthews],
    ['macroRocAuc', expected.roc_auc_ovr_macro],
    ['weightedRocAuc', expected.roc_auc_ovr_weighted],
    ['macroAveragePrecision', expected.average_precision_macro],
  ] as const)('%s', (name, wanted) => expect(Math.abs(got[name]! - wanted)).toBeLessThan(1e-6));

  it('one class against the others, ranked', () => {
    for (let c = 0; c < classes; c++) {
      const scores = Float64Array.from(labels, (_, i) => probabilities[i * classes + c]);
      const isPositive = (i: number) => labels[i] === c;
      expect(rocAuc({ scores, isPositive })).toBeCloseTo(expected.roc_auc_ovr_per_class[c], 9);
      expect(averagePrecision({ scores, isPositive })).toBeCloseTo(expected.average_precision_per_class[c], 9);
    }
  });

  it('tied scores', () => {
    const { true: truth, score, roc_auc, average_precision } = expected.edge_cases.auc_with_ties;
    const ranked = { scores: score, isPositive: (i: number) => truth[i] === 1 };
    expect(rocAuc(ranked)).toBeCloseTo(roc_auc, 12);
    expect(averagePrecision(ranked)).toBeCloseTo(average_precision, 12);
    expect(rocAuc({ ...ranked, isPositive: () => true })).toBeUndefined();
    expect(averagePrecision({ ...ranked, isPositive: () => false })).toBeUndefined();
  });

  it('reliability', () => {
    const top = labels.map((_, i) => {
      const row = [...probabilities.subarray(i * classes, (i + 1) * classes)];
      return row.indexOf(Math.max(...row));
    });
    const confidences = Float64Array.from(top, (c, i) => probabilities[i * classes + c]);
    const bins = reliabilityBins(
      confidences,
      top.map((c, i) => (c === labels[i] ? 1 : 0)),
    );
    expect(calibrationError(bins)).toBeCloseTo(expected.ece_15, 9);
    expect(largestCalibrationError(bins)).toBeCloseTo(expected.mce_15, 9);
    expected.reliability_bins.forEach((wanted: { count: number; accuracy: number | null }, i: number) => {
      expect(bins[i].count).toBe(wanted.count);
      if (wanted.accuracy !== null) expect(bins[i].accuracy).toBeCloseTo(wanted.accuracy, 9);
      else expect(bins[i].accuracy).toBeUndefined();
    });
  });

  it('temperature', () => {
    const wanted = expected.temperature_scaling;
    const fitted = fitTemperature(logits, labels, classes);
    expect(Math.abs(fitted.temperature - wanted.best_temperature)).toBeLessThan(1e-5);
    expect(fitted.lossBefore).toBeCloseTo(wanted.nll_before, 7);
    expect(fitted.lossAfter).toBeCloseTo(wanted.nll_after, 7);
    const cooled = measure(answersOf(probabilitiesOf(logits, classes, fitted.temperature), labels, classes));
    expect(Math.abs(cooled.ece! - wanted.ece_15_after)).toBeLessThan(1e-6);
    expect(cooled.accuracy).toBe(got.accuracy);
  });

  it('a temperature for pictures that say nothing stays in bounds', () => {
    const { temperature } = fitTemperature(Float32Array.of(5, 0, 0, 5), [0, 1], 2);
    expect(temperature).toBeGreaterThan(0.04);
    expect(fitTemperature(Float32Array.of(5, 0, 0, 5), [1, 0], 2).temperature).toBeLessThan(21);
  });
});

describe('the normal distribution', () => {
  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.01, -2.3263478740408408],
    [1e-6, -4.753424308822899],
  ])('has %f below %f', (share, x) => {
    expect(normalQuantile(share)).toBeCloseTo(x, 7);
    expect(normalShare(x)).toBeCloseTo(share, 9);
  });
});

describe('bootstrap intervals', () => {
  /** Pictures of a world in which the truth is known: a class, its logit raised, and how sure the answers are. */
  function world(seed: number, n: number): { labels: Int32Array; probabilities: Float64Array; classes: number } {
    const random = new RandomStream(seed, 'sample', n);
    const truth = Int32Array.from({ length: n }, () => (random.uniform() < 0.6 ? 0 : random.uniform() < 0.6 ? 1 : 2));
    const z = new Float32Array(n * 3);
    truth.forEach((label, i) => {
      for (let c = 0; c < 3; c++) {
        const noise = random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2;
        z[i * 3 + c] = 3 * noise + (c === label ? 1.5 : 0);
      }
    });
    return { labels: truth, probabilities: probabilitiesOf(z, 3), classes: 3 };
  }

  it('hold the truth about as often as they promise', () => {
    const truth = measure(world(999, 200_000));
    const held = new Map<string, number>();
    const worlds = 60;
    for (let w = 0; w < worlds; w++) {
      const { intervals } = bootstrapIntervals(world(w, 300), { resamples: 150 });
      for (const [name, [low, high]] of Object.entries(intervals)) {
        const value = truth[name as 'accuracy']!;
        if (low <= value && value <= high) held.set(name, (held.get(name) ?? 0) + 1);
      }
    }
    // 60 trials of 95 %: 1 in 3,000 falls below 0.85. The acceptance run counts 2,000 worlds.
    for (const name of ['accuracy', 'macroF1', 'logLoss', 'macroRocAuc', 'kappa'])
      expect((held.get(name) ?? 0) / worlds, name).toBeGreaterThan(0.85);
  });

  it('are the same for the same seed, and others for another', () => {
    const answers = world(5, 100);
    const a = bootstrapIntervals(answers, { resamples: 50 });
    expect(bootstrapIntervals(answers, { resamples: 50 })).toEqual(a);
    expect(bootstrapIntervals(answers, { resamples: 50, seed: 2 })).not.toEqual(a);
  });
});
