import { RandomStream } from '../../random.ts';

const mostRounds = 200;
const tolerance = 1e-7;

/**
 * Principal components by orthogonal iteration (Golub and Van Loan, "Matrix Computations", 8.2.4): directions of largest
 * variance, each turned so that its largest entry is positive.
 * @param rows [count, size]. @returns coordinates [count, components] and the share of all variance that each holds.
 */
export function principalComponents(
  rows: Float32Array,
  size: number,
  components = 2,
): { coordinates: Float32Array; shares: number[]; directions: Float64Array[] } {
  const count = rows.length / size;
  const kept = Math.min(components, size);
  const mean = new Float64Array(size);
  for (let i = 0; i < rows.length; i++) mean[i % size] += rows[i] / count;
  const centred = Float64Array.from(rows, (value, i) => value - mean[i % size]);
  const random = new RandomStream(1, 'sample');
  let directions: Float64Array[] = Array.from({ length: kept }, () =>
    Float64Array.from({ length: size }, () => random.uniform() - 0.5),
  );
  orthonormalise(directions);
  for (let round = 0; round < mostRounds; round++) {
    const next = directions.map((direction) => throughCovariance(centred, size, direction));
    orthonormalise(next);
    const moved = next.map((direction, k) => 1 - Math.abs(dot(direction, directions[k])));
    directions = next;
    if (Math.max(...moved) < tolerance) break;
  }
  for (const direction of directions) {
    const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    if (largest < 0) for (let i = 0; i < size; i++) direction[i] = -direction[i];
  }
  const coordinates = new Float32Array(count * components);
  const variances = new Float64Array(kept);
  for (let row = 0; row < count; row++)
    directions.forEach((direction, k) => {
      const place = dot(centred.subarray(row * size, (row + 1) * size), direction);
      coordinates[row * components + k] = place;
      variances[k] += place * place;
    });
  const total = centred.reduce((sum, value) => sum + value * value, 0);
  return { coordinates, shares: [...variances].map((one) => (total > 0 ? one / total : 0)), directions };
}

/** Xᵀ X v. */
function throughCovariance(centred: Float64Array, size: number, direction: Float64Array): Float64Array {
  const result = new Float64Array(size);
  for (let from = 0; from < centred.length; from += size) {
    let place = 0;
    for (let i = 0; i < size; i++) place += centred[from + i] * direction[i];
    for (let i = 0; i < size; i++) result[i] += place * centred[from + i];
  }
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
