/** Answers whose probability lies in (low, high]. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  /** Answers, or their weights' sum. */
  readonly count: number;
  /** Share that is right; undefined where there is none. */
  readonly accuracy: number | undefined;
  /** Mean probability; undefined where there is none. */
  readonly confidence: number | undefined;
}

/** As Guo et al. 2017, "On calibration of modern neural networks". */
export const defaultBins = 15;

/**
 * Answers by their probability, in bins of equal width: a calibrated classifier is right as often as its probability
 * says.
 * @param confidences probability of each answer, 0 … 1. @param right 1 where it is right, else 0.
 * @param weights how often each answer counts; once when absent.
 */
export function reliabilityBins(
  confidences: ArrayLike<number>,
  right: ArrayLike<number>,
  weights?: ArrayLike<number>,
  bins = defaultBins,
): ReliabilityBin[] {
  const counts = new Float64Array(bins);
  const rights = new Float64Array(bins);
  const sums = new Float64Array(bins);
  for (let i = 0; i < confidences.length; i++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidences[i] * bins) - 1));
    const weight = weights ? weights[i] : 1;
    counts[bin] += weight;
    rights[bin] += weight * right[i];
    sums[bin] += weight * confidences[i];
  }
  return Array.from(counts, (count, bin) => ({
    low: bin / bins,
    high: (bin + 1) / bins,
    count,
    accuracy: count > 0 ? rights[bin] / count : undefined,
    confidence: count > 0 ? sums[bin] / count : undefined,
  }));
}

/** Expected calibration error: the mean gap between accuracy and confidence over the answers. 0 where there is none. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  return all === 0 ? 0 : bins.reduce((sum, bin) => sum + (bin.count / all) * gapOf(bin), 0);
}

/** Maximum calibration error: the largest gap of a bin. */
export const largestCalibrationError = (bins: readonly ReliabilityBin[]): number => Math.max(0, ...bins.map(gapOf));

const gapOf = ({ accuracy, confidence }: ReliabilityBin): number =>
  accuracy === undefined || confidence === undefined ? 0 : Math.abs(accuracy - confidence);
