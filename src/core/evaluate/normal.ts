import { erf, log } from '../maths.ts';

/** Standard normal distribution function. */
export const normalShare = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;

/**
 * Its inverse, to 1.2e-9 relative (the rational approximation of P. J. Acklam, 2003).
 * @param share 0 … 1; the ends give infinities.
 */
export function normalQuantile(share: number): number {
  if (share <= 0) return -Infinity;
  if (share >= 1) return Infinity;
  if (share > 0.5) return -normalQuantile(1 - share);
  return share < 0.02425 ? tail(Math.sqrt(-2 * log(share))) : middle(share - 0.5);
}

const polynomial = (x: number, factors: readonly number[]): number => factors.reduce((sum, f) => sum * x + f, 0);

function middle(q: number): number {
  const r = q * q;
  const above = [
    -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
    2.506628277459239,
  ];
  const below = [
    -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1,
  ];
  return (polynomial(r, above) * q) / polynomial(r, below);
}

function tail(q: number): number {
  const above = [
    -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const below = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];
  return polynomial(q, above) / polynomial(q, below);
}
