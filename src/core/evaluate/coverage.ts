import type { RejectionRule } from '../classifier/calibration.ts';
import { FoveaError, invalid } from '../errors.ts';
import type { Interval } from './bootstrap.ts';
import { wilsonInterval } from './interval.ts';
import { descending } from './ranking.ts';

/** What comes of answering only where the probability is at least `threshold`. */
export interface CoveragePoint {
  readonly threshold: number;
  /** Pictures that are answered, and their share. */
  readonly answered: number;
  readonly coverage: number;
  /** Share of the answers that is right. */
  readonly accuracy: number;
  /** 95 %, Wilson. */
  readonly interval: Interval;
}

/** Points that a curve keeps at most. */
const mostPoints = 100;

/**
 * Accuracy over coverage (El-Yaniv and Wiener, "On the foundations of noise-free selective classification", JMLR 11,
 * 2010): the surest answers first. Pictures of equal probability are answered together.
 * @param confidences probability of each answer. @param right 1 where it is right, else 0.
 */
export function coverageCurve(confidences: ArrayLike<number>, right: ArrayLike<number>): CoveragePoint[] {
  const points = walk(confidences, right);
  if (points.length <= mostPoints) return points;
  return Array.from({ length: mostPoints }, (_, i) => points[Math.round(((i + 1) * points.length) / mostPoints) - 1]);
}

/** The mean share of wrong answers over all coverages, the area under the risk-coverage curve: 0 is best. */
export function areaUnderRisk(confidences: ArrayLike<number>, right: ArrayLike<number>): number {
  const points = walk(confidences, right);
  let [area, before] = [0, 0];
  for (const { answered, accuracy } of points) {
    area += (answered - before) * (1 - accuracy);
    before = answered;
  }
  return before === 0 ? 0 : area / before;
}

/** What a threshold gives on these pictures. */
export function atThreshold(
  confidences: ArrayLike<number>,
  right: ArrayLike<number>,
  threshold: number,
): CoveragePoint {
  let [answered, hits] = [0, 0];
  for (let i = 0; i < confidences.length; i++) {
    if (confidences[i] < threshold) continue;
    answered++;
    hits += right[i];
  }
  return point(threshold, answered, hits, confidences.length);
}

/**
 * The threshold that answers the asked share of pictures at least, or as many as it can while at most the asked share of
 * the answers is wrong. To be chosen on validation pictures; on others it holds but for chance.
 * @returns undefined where all pictures are answered.
 * @throws FoveaError for a share out of range, and where no threshold is wrong so rarely.
 */
export function chooseThreshold(
  confidences: ArrayLike<number>,
  right: ArrayLike<number>,
  rule: RejectionRule,
): CoveragePoint | undefined {
  const points = walk(confidences, right);
  const all = points[points.length - 1];
  if ('coverage' in rule) {
    const { coverage } = rule;
    if (!(coverage > 0 && coverage <= 1)) throw invalid('a share above 0, at most 1,', "option 'coverage'", coverage);
    const found = points.find((one) => one.coverage >= coverage)!;
    return found === all ? undefined : found;
  }
  const { maxError } = rule;
  if (!(maxError >= 0 && maxError < 1)) {
    throw invalid('a share of at least 0, below 1,', "option 'maxError'", maxError);
  }
  const found = points.findLast(({ accuracy }) => 1 - accuracy <= maxError + 1e-12);
  if (!found) {
    const { accuracy, coverage } = points.reduce((best, one) => (one.accuracy > best.accuracy ? one : best));
    throw new FoveaError(
      `No threshold leaves only ${100 * maxError} % of the answers wrong: at best ${(100 * (1 - accuracy)).toFixed(2)} % are, of ${(100 * coverage).toFixed(1)} % of the validation pictures`,
      'Allow more errors, or train a better model',
    );
  }
  return found === all ? undefined : found;
}

/** A point for each probability that occurs, the highest first. */
function walk(confidences: ArrayLike<number>, right: ArrayLike<number>): CoveragePoint[] {
  const order = descending(confidences);
  const points: CoveragePoint[] = [];
  let hits = 0;
  for (let i = 0; i < order.length; i++) {
    hits += right[order[i]];
    const threshold = confidences[order[i]];
    if (i + 1 < order.length && confidences[order[i + 1]] === threshold) continue;
    points.push(point(threshold, i + 1, hits, order.length));
  }
  return points;
}

const point = (threshold: number, answered: number, hits: number, images: number): CoveragePoint => ({
  threshold,
  answered,
  coverage: images === 0 ? 0 : answered / images,
  accuracy: answered === 0 ? 1 : hits / answered,
  interval: wilsonInterval(hits, answered),
});
