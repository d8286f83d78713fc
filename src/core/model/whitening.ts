import type { Dataset } from '../dataset/dataset.ts';
import type { Normalisation, ParameterInfo } from './build.ts';
import { toMemoryLayout } from './layout.ts';
import type { WeightStore } from './weights.ts';

/** As in airbench94: keeps directions in which pictures hardly vary from growing without bound. */
const EPS = 5e-4;
/** Patches that are looked at, about: more would not change the filters visibly. */
const PATCHES = 1_000_000;

/**
 * Sets the weights that start by 'whitening' from training pictures: filters whose outputs are uncorrelated and of
 * variance 1 over all patches, each once as it is and once negated (Jordan 2024, "94% on CIFAR-10 in 3.29 seconds on a
 * single GPU"; from Page 2019). They depend on the pictures alone, not on the seed. Other weights stay as they are.
 */
export function whitenWeights(
  store: WeightStore,
  parameters: readonly ParameterInfo[],
  pictures: Dataset,
  preprocessing: Normalisation,
): void {
  for (const info of parameters) {
    if (info.initialization.kind !== 'whitening') continue;
    const [filters, , height, width] = info.fileShape;
    const covariance = patchCovariance(pictures, preprocessing, height, width);
    store.writePersistent(info.name, toMemoryLayout(info, whiteningFilters(covariance, filters)));
  }
}

/**
 * Σ patch patchᵀ / count over pictures spread through the set, not centred; a patch of [channels, height, width] lies flat.
 */
export function patchCovariance(
  { count, height, width, channels, pixels }: Dataset,
  { mean, std }: Normalisation,
  rows: number,
  columns: number,
): Float64Array[] {
  const size = channels * rows * columns;
  const sums = Array.from({ length: size }, () => new Float64Array(size));
  const perPicture = (height - rows + 1) * (width - columns + 1);
  const used = Math.min(count, Math.max(1, Math.ceil(PATCHES / perPicture)));
  const patch = new Float64Array(size);
  for (let i = 0; i < used; i++) {
    const picture = pixels.at(Math.floor((i * count) / used));
    for (let y = 0; y + rows <= height; y++) {
      for (let x = 0; x + columns <= width; x++) {
        let at = 0;
        for (let c = 0; c < channels; c++) {
          for (let dy = 0; dy < rows; dy++) {
            for (let dx = 0; dx < columns; dx++) {
              const pixel = picture[((y + dy) * width + x + dx) * channels + c];
              patch[at++] = (pixel / 255 - mean[c]) / std[c];
            }
          }
        }
        for (let a = 0; a < size; a++) for (let b = 0; b <= a; b++) sums[a][b] += patch[a] * patch[b];
      }
    }
  }
  for (let a = 0; a < size; a++) for (let b = 0; b <= a; b++) sums[b][a] = sums[a][b] /= used * perPicture;
  return sums;
}

/** Eigenvectors over the root of their eigenvalues, the largest first, then the same negated, until all filters are set. */
export function whiteningFilters(covariance: readonly Float64Array[], filters: number): Float32Array {
  const size = covariance.length;
  const directions = eigenvectors(covariance).sort((a, b) => b.value - a.value);
  const weights = new Float32Array(filters * size);
  for (let filter = 0; filter < filters; filter++) {
    const { value, vector } = directions[filter % size];
    const factor = (Math.floor(filter / size) % 2 === 0 ? 1 : -1) / Math.sqrt(Math.max(value, 0) + EPS);
    vector.forEach((v, i) => {
      weights[filter * size + i] = factor * v;
    });
  }
  return weights;
}

/** Of a symmetric matrix, by cyclic Jacobi rotations (Golub and Van Loan, 8.5); each of length 1, its largest entry positive. */
function eigenvectors(matrix: readonly Float64Array[]): { value: number; vector: Float64Array }[] {
  const size = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const vectors = a.map((_, i) => Float64Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
  const scale = a.reduce((sum, row, i) => sum + Math.abs(row[i]), 0);
  for (let sweep = 0; sweep < 60; sweep++) {
    let outside = 0;
    for (let p = 0; p < size; p++) for (let q = 0; q < p; q++) outside += Math.abs(a[p][q]);
    if (outside <= 1e-15 * scale) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q);
  }
  return vectors.map((vector, i) => {
    const largest = vector.reduce((best, v) => (Math.abs(v) > Math.abs(best) ? v : best), 0);
    return { value: a[i][i], vector: vector.map((v) => (largest < 0 ? -v : v)) };
  });
}

/** Makes a[p][q] zero; row i of `vectors` follows as the eigenvector of a[i][i]. */
function rotate(a: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  if (a[p][q] === 0) return;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[k][p], a[k][q]];
    a[k][p] = c * x - s * y;
    a[k][q] = s * x + c * y;
  }
  for (const rows of [a, vectors]) {
    for (let k = 0; k < a.length; k++) {
      const [x, y] = [rows[p][k], rows[q][k]];
      rows[p][k] = c * x - s * y;
      rows[q][k] = s * x + c * y;
    }
  }
}
