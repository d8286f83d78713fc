import { exp, log } from '../maths.ts';

/** Mean and sample deviation (n - 1) of some numbers; 0 for fewer than two. */
export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}

/** Two groups of independent measurements. */
export interface WelchTest {
  /** Mean of the second less that of the first, and its 95 % interval. */
  readonly difference: number;
  readonly interval: readonly [low: number, high: number];
  readonly t: number;
  readonly degrees: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * Welch's t test ("The generalization of Student's problem when several different population variances are involved",
 * Biometrika 34, 1947): do the means of two groups differ, when their spreads may too? Needs two numbers in each.
 * Undefined where no number differs from its group's mean, so that there is no spread to measure by.
 */
export function welchTest(first: readonly number[], second: readonly number[]): WelchTest | undefined {
  const [a, b] = [first, second].map((values) => {
    const { mean, deviation } = meanAndDeviation(values);
    return { mean, square: (deviation * deviation) / values.length, free: values.length - 1 };
  });
  const square = a.square + b.square;
  if (!(square > 0) || a.free < 1 || b.free < 1) return undefined;
  const error = Math.sqrt(square);
  const degrees = (square * square) / ((a.square * a.square) / a.free + (b.square * b.square) / b.free);
  const difference = b.mean - a.mean;
  const t = difference / error;
  const half = studentQuantile(0.975, degrees) * error;
  return {
    difference,
    interval: [difference - half, difference + half],
    t,
    degrees,
    p: incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5),
  };
}

/** Student's distribution: the chance of a value below `t`. */
export function studentBelow(t: number, degrees: number): number {
  const tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** The value below which a share `p` (above 0.5) lies, by halving. */
function studentQuantile(p: number, degrees: number): number {
  let high = 1;
  while (studentBelow(high, degrees) < p && high < 1e9) high *= 2;
  let low = 0;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (studentBelow(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The regularised incomplete beta function by its continued fraction in Lentz's form (Press et al., "Numerical Recipes",
 * 6.4).
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges quickly on this side only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x)) / a;
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** ln Γ(x) for x > 0: Stirling's series, after raising small x by Γ(x + 1) = x Γ(x). */
function logGamma(x: number): number {
  let raised = x;
  let below = 0;
  for (; raised < 10; raised++) below += log(raised);
  const inverse = 1 / raised;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (raised - 0.5) * log(raised) - raised + 0.9189385332046727 + series - below;
}
