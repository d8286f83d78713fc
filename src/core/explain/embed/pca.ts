import { RandomStream } from '../../random.ts';
import { symmetricEigen } from './eigen.ts';

const mostRounds = 30;
/** Relative change of the variances at which it has converged. */
const tolerance = 1e-6;
/** Directions beside those that are wanted: they make it converge in a few rounds. */
const spare = 10;

/**
 * Principal components by subspace iteration with spare directions (Halko, Martinsson and Tropp 2011): the directions of
 * largest variance, each turned so that its largest entry is positive.
 * @param rows [count, size]. @returns coordinates [count, components] and the share of all variance that each holds.
 */
export function principalComponents(
  rows: Float32Array,
  size: number,
  components = 2,
): { coordinates: Float32Array; shares: number[]; directions: Float64Array[] } {
  const count = rows.length / size;
  const mean = new Float64Array(size);
  for (let i = 0; i < rows.length; i++) mean[i % size] += rows[i] / count;
  const centred = Float64Array.from(rows, (value, i) => value - mean[i % size]);
  const total = centred.reduce((sum, value) => sum + value * value, 0);
  const random = new RandomStream(1, 'sample');
  let basis: Float64Array[] = Array.from({ length: Math.min(components + spare, size) }, () =>
    Float64Array.from({ length: size }, () => random.uniform() - 0.5),
  );
  orthonormalise(basis);
  let variances: number[] = [];
  let directions: Float64Array[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const image = throughCovariance(centred, size, basis);
    // What the covariance is within the subspace: its own principal directions are the best guess so far.
    const { values, vectors } = symmetricEigen(basis.map((a) => image.map((b) => dot(a, b))));
    directions = vectors.slice(0, components).map((weights) => combine(basis, weights));
    const moved = values.slice(0, components).map((value, k) => Math.abs(value - (variances[k] ?? 0)));
    variances = values.slice(0, components);
    if (Math.max(...moved) <= tolerance * total) break;
    basis = image;
    orthonormalise(basis);
  }
  for (const direction of directions) {
    const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    if (largest < 0) for (let i = 0; i < size; i++) direction[i] = -direction[i];
  }
  const coordinates = new Float32Array(count * components);
  for (let row = 0; row < count; row++)
    directions.forEach((direction, k) => {
      coordinates[row * components + k] = dot(centred.subarray(row * size, (row + 1) * size), direction);
    });
  return { coordinates, shares: variances.map((one) => (total > 0 ? one / total : 0)), directions };
}

/** Xᵀ X v of each v. */
function throughCovariance(centred: Float64Array, size: number, directions: readonly Float64Array[]): Float64Array[] {
  const results = directions.map(() => new Float64Array(size));
  for (let from = 0; from < centred.length; from += size) {
    const row = centred.subarray(from, from + size);
    directions.forEach((direction, k) => {
      const place = dot(row, direction);
      const result = results[k];
      for (let i = 0; i < size; i++) result[i] += place * row[i];
    });
  }
  return results;
}

/** Σ weight · direction. */
function combine(directions: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const result = new Float64Array(directions[0].length);
  directions.forEach((direction, k) => {
    for (let i = 0; i < result.length; i++) result[i] += weights[k] * direction[i];
  });
  return result;
}

/** Gram and Schmidt, in place; a direction that vanishes stays 0. */
function orthonormalise(directions: readonly Float64Array[]): void {
  directions.forEach((direction, k) => {
    for (const other of directions.slice(0, k)) {
      const along = dot(direction, other);
      for (let i = 0; i < direction.length; i++) direction[i] -= along * other[i];
    }
    const length = Math.sqrt(dot(direction, direction));
    for (let i = 0; i < direction.length; i++) direction[i] = length > 1e-12 ? direction[i] / length : 0;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
