import { exp, log } from '../maths.ts';

/** The temperature that makes probabilities fit best, and what it brings. */
export interface Temperature {
  /** Logits are divided by it. */
  readonly temperature: number;
  /** Mean cross-entropy without and with it. */
  readonly lossBefore: number;
  readonly lossAfter: number;
}

/** Beyond these a set of pictures says nothing any more: all right, or all alike. */
const [coldest, hottest] = [0.05, 20];

/**
 * Temperature scaling (Guo et al. 2017): the one number that minimises the mean cross-entropy of logits / temperature.
 * In 1 / temperature that is convex, so Newton's steps, kept inside a shrinking bracket, find it. To be fitted on
 * validation pictures: on training pictures a network is too sure of itself, and test pictures are not for choosing.
 * @param logits [n, classes]. @param labels n.
 */
export function fitTemperature(logits: ArrayLike<number>, labels: ArrayLike<number>, classes: number): Temperature {
  const at = (inverse: number) => lossAt(logits, labels, classes, inverse);
  let [low, high] = [1 / hottest, 1 / coldest];
  let inverse = 1;
  for (let i = 0; i < 100; i++) {
    const { slope, curvature } = at(inverse);
    if (slope > 0) high = inverse;
    else low = inverse;
    const step = inverse - slope / curvature;
    const next = curvature > 0 && step > low && step < high ? step : (low + high) / 2;
    if (Math.abs(next - inverse) < 1e-12 * inverse) break;
    inverse = next;
  }
  return { temperature: 1 / inverse, lossBefore: at(1).loss, lossAfter: at(inverse).loss };
}

/** Mean cross-entropy of logits · inverse, and its first two derivatives by `inverse`. */
function lossAt(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  inverse: number,
): { loss: number; slope: number; curvature: number } {
  let [loss, slope, curvature] = [0, 0, 0];
  for (let i = 0; i < labels.length; i++) {
    const start = i * classes;
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[start + c]);
    let [sum, first, second] = [0, 0, 0];
    for (let c = 0; c < classes; c++) {
      const z = logits[start + c] - largest;
      const e = exp(z * inverse);
      sum += e;
      first += e * z;
      second += e * z * z;
    }
    const own = logits[start + labels[i]] - largest;
    loss += log(sum) - own * inverse;
    slope += first / sum - own;
    curvature += second / sum - (first / sum) * (first / sum);
  }
  const n = labels.length;
  return { loss: loss / n, slope: slope / n, curvature: curvature / n };
}
