/**
 * Smoothed values of a noisy curve: the exponential moving average with its start corrected (as TensorBoard shows it;
 * Kingma and Ba 2015, section 3), so that the first values are not drawn towards 0. What is not finite is passed over.
 *
 * @param weight 0 … <1: how much of the mean before stays; 0 changes nothing.
 */
export function smoothed(values: readonly number[], weight: number): number[] {
  let mean = 0;
  let share = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    mean = weight * mean + (1 - weight) * value;
    share = weight * share + (1 - weight);
    return mean / share;
  });
}
