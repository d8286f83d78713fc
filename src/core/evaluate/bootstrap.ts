import { RandomStream } from '../random.ts';
import { type Answers, createMeasure, type MeasureName, type Measures } from './measures.ts';
import { normalQuantile, normalShare } from './normal.ts';
import type { Ranked } from './ranking.ts';

export type Interval = readonly [low: number, high: number];

export interface BootstrapOptions {
  /** Default 1000. */
  readonly resamples?: number;
  /** Default 1. */
  readonly seed?: number;
  /** The share of intervals that hold the truth. Default 0.95. */
  readonly level?: number;
  /** What `rankClasses` gives, where it is known already. */
  readonly ranked?: readonly Ranked[];
}

/**
 * Confidence intervals of all figures by the bootstrap: the pictures are drawn again with replacement, and what the figures
 * then are tells how much they vary. Bias-corrected percentiles (Efron, "Nonparametric standard errors and confidence
 * intervals", Canadian Journal of Statistics 9, 1981), since figures such as the calibration error are larger on
 * resamples than on the pictures themselves. A function of answers, seed and resamples alone.
 */
export function bootstrapIntervals(
  answers: Answers,
  { resamples = 1000, seed = 1, level = 0.95, ranked }: BootstrapOptions = {},
): { readonly measures: Measures; readonly intervals: Readonly<Partial<Record<MeasureName, Interval>>> } {
  const measure = createMeasure(answers, ranked);
  const measures = measure();
  const n = answers.labels.length;
  const counts = new Float64Array(n);
  const drawn = new Map<string, number[]>(Object.keys(measures).map((name) => [name, []]));
  for (let resample = 0; resample < resamples; resample++) {
    const random = new RandomStream(seed, 'sample', resample, 0xb007);
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[random.below(n)]++;
    for (const [name, value] of Object.entries(measure(counts))) drawn.get(name)?.push(value);
  }
  const intervals: Partial<Record<MeasureName, Interval>> = {};
  for (const [name, value] of Object.entries(measures) as [MeasureName, number][]) {
    intervals[name] = correctedPercentiles(drawn.get(name)!, value, level);
  }
  return { measures, intervals };
}

/** @param values of the resamples, in any order. @param estimate on the pictures themselves. */
export function correctedPercentiles(values: readonly number[], estimate: number, level: number): Interval {
  if (values.length === 0) return [estimate, estimate];
  const sorted = Float64Array.from(values).sort();
  const below = sorted.filter((v) => v < estimate).length + sorted.filter((v) => v === estimate).length / 2;
  // Half a resample from the ends: with all on one side the correction would be infinite.
  const share = Math.min(1 - 0.5 / sorted.length, Math.max(0.5 / sorted.length, below / sorted.length));
  const shift = 2 * normalQuantile(share);
  const reach = normalQuantile((1 + level) / 2);
  const at = (quantile: number): number => {
    const place = Math.min(sorted.length - 1, Math.max(0, normalShare(quantile) * (sorted.length + 1) - 1));
    const lower = Math.floor(place);
    const upper = Math.min(sorted.length - 1, lower + 1);
    return sorted[lower] + (place - lower) * (sorted[upper] - sorted[lower]);
  };
  return [at(shift - reach), at(shift + reach)];
}
