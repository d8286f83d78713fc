import { exp, log } from '../maths.ts';
import { z95 } from './interval.ts';

/** Two classifiers on the same pictures. */
export interface PairedTest {
  readonly images: number;
  /** Pictures that only the first, or only the second, has right. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Accuracy of the second less that of the first, and its 95 % interval. */
  readonly difference: number;
  readonly interval: readonly [low: number, high: number];
  /** Chance of a split at least as uneven were both equally good: exact, and its mid-p, which errs less on the safe side. */
  readonly exactP: number;
  readonly midP: number;
}

/**
 * McNemar's test in its exact form and as mid-p (Fagerland, Lydersen, Laake: "The McNemar test for binary matched-pairs
 * data", BMC Medical Research Methodology 13:91, 2013), and the interval of Agresti and Min ("Simple improved confidence
 * intervals for comparing matched proportions", Statistics in Medicine 24, 2005): a half added to each of four counts.
 *
 * @param onlyFirst pictures that the first has right and the second wrong; onlySecond the other way round.
 */
export function mcnemarTest(onlyFirst: number, onlySecond: number, images: number): PairedTest {
  const discordant = onlyFirst + onlySecond;
  const least = Math.min(onlyFirst, onlySecond);
  const { below, at } = halfBinomial(discordant, least);
  const n = images + 2;
  const [b, c] = [onlyFirst + 0.5, onlySecond + 0.5];
  const center = (c - b) / n;
  const half = (z95 * Math.sqrt(b + c - ((c - b) * (c - b)) / n)) / n;
  return {
    images,
    onlyFirst,
    onlySecond,
    difference: images === 0 ? 0 : (onlySecond - onlyFirst) / images,
    interval: [Math.max(-1, center - half), Math.min(1, center + half)],
    exactP: Math.min(1, 2 * (below + at)),
    // Where both are equal in number the two tails share their middle.
    midP: onlyFirst === onlySecond ? 1 - at / 2 : 2 * below + at,
  };
}

/** Of `n` fair coins: the chance of fewer than `k` heads, and of `k`; k ≤ n / 2. In logarithms, so that no n is too large. */
function halfBinomial(n: number, k: number): { below: number; at: number } {
  let logAt = -n * Math.LN2;
  for (let i = 0; i < k; i++) logAt += log((n - i) / (i + 1));
  const at = exp(logAt);
  // Downwards from k each term is the one above times i / (n - i + 1).
  let below = 0;
  let term = at;
  for (let i = k; i > 0; i--) {
    term *= i / (n - i + 1);
    below += term;
  }
  return { below, at };
}
