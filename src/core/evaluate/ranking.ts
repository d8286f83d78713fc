/** Bits of a key that one pass of the sort looks at, and where the passes begin within each half of it. */
const digitMask = 2 ** 11 - 1;
const digitStarts = [0, 11, 22];

/**
 * Places of `scores` from the highest to the lowest; equal scores (0 and -0 are) in their order, NaN last of all.
 * Radix sort by the bits of the numbers (Knuth, The Art of Computer Programming 3, 5.2.5), several times quicker than a sort
 * that calls back: the bits of a positive float64, read as a whole number, grow with it.
 */
export function descending(scores: ArrayLike<number>): Uint32Array {
  let order = new Uint32Array(scores.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  let sorted = new Uint32Array(scores.length);
  for (const keys of sortKeys(scores)) {
    for (const start of digitStarts) {
      if (sortByDigit(order, sorted, keys, start)) [order, sorted] = [sorted, order];
    }
  }
  return order;
}

/** For each score 64 bits, the lower half first, that grow as the scores fall. */
function sortKeys(scores: ArrayLike<number>): readonly [low: Uint32Array, high: Uint32Array] {
  const n = scores.length;
  const bits = new DataView(new ArrayBuffer(8));
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const score = scores[i];
    if (Number.isNaN(score)) {
      low[i] = high[i] = -1;
      continue;
    }
    // -0 becomes 0.
    bits.setFloat64(0, score + 0);
    // Bits of positive numbers are turned round, the largest first; negative ones follow by their size.
    low[i] = score < 0 ? bits.getInt32(4) : ~bits.getInt32(4);
    high[i] = score < 0 ? bits.getInt32(0) : bits.getInt32(0) ^ 0x7fffffff;
  }
  return [low, high];
}

/** Sorts places by one digit of their keys, stably. @returns false where the digit is the same for all: nothing was done. */
function sortByDigit(order: Uint32Array, sorted: Uint32Array, keys: Uint32Array, start: number): boolean {
  const n = order.length;
  const places = new Uint32Array(digitMask + 1);
  for (let i = 0; i < n; i++) places[(keys[i] >>> start) & digitMask]++;
  if (places.includes(n)) return false;
  let first = 0;
  for (let digit = 0; digit <= digitMask; digit++) {
    const count = places[digit];
    places[digit] = first;
    first += count;
  }
  for (let i = 0; i < n; i++) {
    const own = order[i];
    sorted[places[(keys[own] >>> start) & digitMask]++] = own;
  }
  return true;
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
