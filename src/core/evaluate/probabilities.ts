import { exp, log } from '../maths.ts';

/**
 * Probabilities of classes, [n, classes] in float64: the softmax of logits / temperature.
 * @param logits [n, classes]. @param temperature above 0; above 1 makes the answers less sure and changes no prediction.
 */
export function probabilitiesOf(logits: ArrayLike<number>, classes: number, temperature = 1): Float64Array {
  const result = new Float64Array(logits.length);
  for (let start = 0; start < result.length; start += classes) {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[start + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += result[start + c] = exp((logits[start + c] - largest) / temperature);
    for (let c = 0; c < classes; c++) result[start + c] /= sum;
  }
  return result;
}

/** The natural logarithm of a probability as log loss takes it: of nothing below the smallest normal number. */
export const logOf = (probability: number): number => log(Math.max(probability, 2.2250738585072014e-308));
