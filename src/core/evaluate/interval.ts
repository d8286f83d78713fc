/** 97.5 % quantile of the standard normal distribution. */
export const z95 = 1.959963984540054;

/**
 * 95 % confidence interval of a share, from `hits` of `trials` (Wilson, "Probable inference, the law of succession, and
 * statistical inference", JASA 22, 1927). Unlike hits/trials ± 2 deviations it stays inside 0 … 1 and keeps its promise
 * for few trials and for shares near 0 and 1.
 */
export function wilsonInterval(hits: number, trials: number): [low: number, high: number] {
  if (trials === 0) return [0, 1];
  const share = hits / trials;
  const scale = 1 / (1 + (z95 * z95) / trials);
  const center = scale * (share + (z95 * z95) / (2 * trials));
  const half = scale * z95 * Math.sqrt((share * (1 - share)) / trials + (z95 * z95) / (4 * trials * trials));
  return [hits === 0 ? 0 : Math.max(0, center - half), hits === trials ? 1 : Math.min(1, center + half)];
}
