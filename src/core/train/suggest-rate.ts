import { exp, log } from '../maths.ts';

/** A step of the ramp: its learning rate, and the loss of its batch before the update. */
export interface RatePoint {
  readonly learningRate: number;
  readonly loss: number;
}

export interface RateSuggestion {
  /** Losses of the points, smoothed. */
  readonly smoothed: readonly number[];
  /** Where the smoothed loss falls most steeply; undefined where it never falls. */
  readonly suggestion: number | undefined;
  /** Where it is lowest: here training is about to become unstable. */
  readonly lowest: number | undefined;
}

/** Share of the ramp that a mean reaches to either side (one deviation of its weights). */
const reach = 1 / 25;
/** A fall by less than this share of the first loss is noise. */
const leastFall = 0.02;

/**
 * The rule: the learning rate at which the smoothed loss falls most steeply, by the logarithm of the learning rate,
 * before its lowest point. Smoothing is by a Gaussian over neighbours to both sides, so that nothing is delayed.
 */
export function suggestRate(points: readonly RatePoint[]): RateSuggestion {
  const width = Math.max(1, points.length * reach);
  const smoothed = points.map((_, i) => gaussianMean(points, i, width));
  let lowest = 0;
  smoothed.forEach((value, i) => {
    if (value < smoothed[lowest]) lowest = i;
  });
  let steepest = -1;
  let slope = 0;
  for (let i = 1; i < lowest; i++) {
    const run = log(points[i + 1].learningRate / points[i - 1].learningRate);
    const here = (smoothed[i + 1] - smoothed[i - 1]) / run;
    if (here < slope) [steepest, slope] = [i, here];
  }
  const falls = points.length > 4 && smoothed[lowest] < smoothed[0] * (1 - leastFall);
  return {
    smoothed,
    suggestion: falls && steepest > 0 ? points[steepest].learningRate : undefined,
    lowest: falls ? points[lowest].learningRate : undefined,
  };
}

function gaussianMean(points: readonly RatePoint[], at: number, width: number): number {
  let [sum, weights] = [0, 0];
  const far = Math.ceil(3 * width);
  for (let i = Math.max(0, at - far); i <= Math.min(points.length - 1, at + far); i++) {
    const distance = (i - at) / width;
    const weight = exp(-0.5 * distance * distance);
    sum += weight * points[i].loss;
    weights += weight;
  }
  return sum / weights;
}
