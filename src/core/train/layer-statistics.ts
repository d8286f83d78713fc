/** What can be told of a layer's numbers in one pass. */
export interface ValueStatistics {
  readonly mean: number;
  /** Of the population. */
  readonly deviation: number;
  readonly zeros: number;
  readonly dead: number;
  /** Mean of each unit. */
  readonly unitMeans: Float64Array;
}

/**
 * @param values [n, …, units], units in the last place. `zeros`: share of exact zeros; `dead`: share of units that have
 * one value throughout.
 */
export function measureValues(values: Float32Array, units: number): ValueStatistics {
  const low = new Float32Array(units).fill(Number.POSITIVE_INFINITY);
  const high = new Float32Array(units).fill(Number.NEGATIVE_INFINITY);
  const unitMeans = new Float64Array(units);
  let squares = 0;
  let zeros = 0;
  for (let row = 0; row < values.length; row += units) {
    for (let u = 0; u < units; u++) {
      const value = values[row + u];
      unitMeans[u] += value;
      squares += value * value;
      if (value === 0) zeros++;
      if (value < low[u]) low[u] = value;
      if (value > high[u]) high[u] = value;
    }
  }
  const { length } = values;
  let sum = 0;
  let dead = 0;
  for (let u = 0; u < units; u++) {
    sum += unitMeans[u];
    unitMeans[u] /= length / units;
    if (low[u] === high[u]) dead++;
  }
  const mean = sum / length;
  const deviation = Math.sqrt(Math.max(0, squares / length - mean * mean));
  return { mean, deviation, zeros: zeros / length, dead: dead / units, unitMeans };
}

/** Euclidean norm of several arrays as one. */
export function normOf(arrays: Iterable<Float32Array>): number {
  let squares = 0;
  for (const values of arrays) for (let i = 0; i < values.length; i++) squares += values[i] * values[i];
  return Math.sqrt(squares);
}
