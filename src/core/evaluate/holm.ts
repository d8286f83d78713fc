/**
 * p-values corrected for their number by Holm's procedure ("A simple sequentially rejective multiple test procedure",
 * Scandinavian Journal of Statistics 6, 1979), in the order in which they were given.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const corrected = new Array<number>(values.length);
  let least = 0;
  order.forEach((place, i) => {
    least = Math.max(least, Math.min(1, values[place] * (values.length - i)));
    corrected[place] = least;
  });
  return corrected;
}
