/**
 * Places of `scores` from the highest to the lowest; equal scores in their order. By numbers sorted natively and a search
 * for each place, which is several times quicker than a sort that calls back.
 */
export function descending(scores: ArrayLike<number>): Uint32Array {
  const n = scores.length;
  const sorted = Float64Array.from(scores).sort();
  const order = new Uint32Array(n);
  // NaN comes last of all, and is larger or smaller than nothing.
  if (n > 0 && Number.isNaN(sorted[n - 1]))
    return order.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  const taken = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    let [low, high] = [0, n];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= scores[i]) low = middle + 1;
      else high = middle;
    }
    const first = n - low;
    order[first + taken[first]++] = i;
  }
  return order;
}

/** One class against the others: a score for each picture, and which pictures are of the class. */
export interface Ranked {
  readonly scores: ArrayLike<number>;
  readonly isPositive: (picture: number) => boolean;
  /** `descending(scores)`, for who needs several figures of the same scores. */
  readonly order?: Uint32Array;
  /** How often each picture counts; once when absent. */
  readonly weights?: ArrayLike<number>;
}

/**
 * Area under the receiver operating characteristic: the chance that a picture of the class has a higher score than one
 * that is not, ties counting half (Hanley and McNeil, Radiology 143, 1982). Undefined where either kind is missing.
 */
export function rocAuc(ranked: Ranked): number | undefined {
  let [area, above] = [0, 0];
  const { positives, negatives } = walkTies(ranked, (positive, negative) => {
    area += negative * (above + positive / 2);
    above += positive;
  });
  return positives > 0 && negatives > 0 ? area / (positives * negatives) : undefined;
}

/**
 * Average precision: the mean of the precision over the pictures of the class, each at the threshold that just lets it
 * in, without interpolation (as scikit-learn's `average_precision_score`). Undefined where there is none of the class.
 */
export function averagePrecision(ranked: Ranked): number | undefined {
  let [sum, above, all] = [0, 0, 0];
  const { positives } = walkTies(ranked, (positive, negative) => {
    above += positive;
    all += positive + negative;
    if (positive > 0) sum += positive * (above / all);
  });
  return positives > 0 ? sum / positives : undefined;
}

/** Calls `visit` with the weight of both kinds at each score, from the highest score to the lowest. */
function walkTies(
  { scores, isPositive, order = descending(scores), weights }: Ranked,
  visit: (positive: number, negative: number) => void,
): { positives: number; negatives: number } {
  let [positives, negatives] = [0, 0];
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i]];
    let [positive, negative] = [0, 0];
    for (; i < order.length && scores[order[i]] === score; i++) {
      const weight = weights ? weights[order[i]] : 1;
      if (isPositive(order[i])) positive += weight;
      else negative += weight;
    }
    visit(positive, negative);
    positives += positive;
    negatives += negative;
  }
  return { positives, negatives };
}
