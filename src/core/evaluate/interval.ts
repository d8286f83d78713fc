/** 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * 95 % confidence interval of a share, from `hits` of `trials` (Wilson, "Probable inference, the law of succession, and
 * statistical inference", JASA 22, 1927). Unlike hits/trials ± 2 deviations it stays inside 0 … 1 and keeps its promise
 * for few trials and for shares near 0 and 1.
 */
export function wilsonInterval(hits: number, trials: number): [low: number, high: number] {
  if (trials === 0) return [0, 1];
  const share = hits / trials;
  const scale = 1 / (1 + (z * z) / trials);
  const center = scale * (share + (z * z) / (2 * trials));
  const half = scale * z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return [hits === 0 ? 0 : Math.max(0, center - half), hits === trials ? 1 : Math.min(1, center + half)];
}
