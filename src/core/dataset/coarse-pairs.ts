import { cos } from '../maths.ts';
import { thumbnailSide } from './perceptual-hash.ts';

/** Blocks along each side of a thumbnail, and pixels along each side of a block. */
const blocks = 8;
const blockSide = thumbnailSide / blocks;
const size = blocks * blocks;

/**
 * Limits in grey levels for means of 4x4 blocks, overall brightness aside. Encoding again moves single pixels much and
 * the mean of a block little; another picture moves blocks. On CIFAR-10, JPEG of quality 50 stays below 2.1 (root mean
 * square) and 7.0 (largest) in 999 of 1,000 pictures; of MNIST's 2,450 million pairs, handwritten ones among them that are
 * as like as pictures can be, all but 2 are further apart.
 */
const mostCoarse = 2.5;
const mostOfOneBlock = 8;

/** Two pictures within the limits are no further apart than this as points in 64 dimensions, nor along any direction. */
const reach = mostCoarse * Math.sqrt(size) + 0.01;
/** Directions that pictures are told apart by; the first three address cells. */
const directionCount = 6;
/** Pictures by which directions are chosen. */
const sampleCount = 1000;

/**
 * Calls `found` for every pair a < b of pictures that are coarsely the same, b ascending, with the grey levels by which
 * the block differs that differs most, until `found` says false; whether all were found. Exact: such pictures lie in neighbouring cells of a grid that is as wide as the
 * reach, so none is missed and few others are compared. Source of the idea: Bentley, Stanat, Williams, The complexity of
 * finding fixed-radius near neighbors, 1977.
 * @param thumbnail 32x32 grey levels.
 */
export function coarsePairs(
  count: number,
  thumbnail: (index: number) => Uint8Array,
  found: (a: number, b: number, largest: number) => boolean,
): boolean {
  const means = new Float32Array(count * size);
  for (let i = 0; i < count; i++) blockMeans(thumbnail(i), means, i * size);
  const along = coordinates(means, chooseDirections(means));
  const next = new Int32Array(count);
  const newest = new Map<number, number>();
  for (let b = 0; b < count; b++) {
    const at = b * directionCount;
    const [x, y, z] = [cellAlong(along[at]), cellAlong(along[at + 1]), cellAlong(along[at + 2])];
    for (let i = x - 1; i <= x + 1; i++) {
      for (let j = y - 1; j <= y + 1; j++) {
        for (let k = z - 1; k <= z + 1; k++) {
          for (let a = newest.get(cellOf(i, j, k)) ?? -1; a >= 0; a = next[a]) {
            if (!withinReach(along, a * directionCount, at)) continue;
            const largest = largestDifference(means, a * size, b * size);
            if (largest >= 0 && !found(a, b, largest)) return false;
          }
        }
      }
    }
    const cell = cellOf(x, y, z);
    next[b] = newest.get(cell) ?? -1;
    newest.set(cell, b);
  }
  return true;
}

const cellAlong = (coordinate: number): number => Math.floor(coordinate / reach);

/** A number for each cell: coordinates are below 255 * 8 = 2,040, so cells run from -102 to 101. */
const cellOf = (x: number, y: number, z: number): number => ((x + 128) * 256 + (y + 128)) * 256 + z + 128;

/** Writes the 64 block means less the overall mean. */
function blockMeans(thumbnail: Uint8Array, means: Float32Array, to: number): void {
  let all = 0;
  for (let block = 0; block < size; block++) {
    let at = Math.floor(block / blocks) * blockSide * thumbnailSide + (block % blocks) * blockSide;
    let sum = 0;
    for (let row = 0; row < blockSide; row++, at += thumbnailSide)
      for (let x = 0; x < blockSide; x++) sum += thumbnail[at + x];
    means[to + block] = sum / (blockSide * blockSide);
    all += sum;
  }
  const mean = all / (thumbnailSide * thumbnailSide);
  for (let i = 0; i < size; i++) means[to + i] -= mean;
}

/** The waves of the discrete cosine transform, which are unit vectors at right angles, in which the pictures differ most. */
function chooseDirections(means: Float32Array): Float64Array[] {
  const count = means.length / size;
  const step = Math.max(1, Math.floor(count / sampleCount));
  const waves: { readonly direction: Float64Array; readonly spread: number }[] = [];
  for (let wave = 1; wave < size; wave++) {
    const direction = waveOf(wave % blocks, Math.floor(wave / blocks));
    let [sum, squares, sampled] = [0, 0, 0];
    for (let i = 0; i < count; i += step) {
      const value = along(means, i, direction);
      sum += value;
      squares += value * value;
      sampled++;
    }
    waves.push({ direction, spread: squares / sampled - (sum / sampled) * (sum / sampled) });
  }
  return waves
    .sort((a, b) => b.spread - a.spread)
    .slice(0, directionCount)
    .map(({ direction }) => direction);
}

function waveOf(u: number, v: number): Float64Array {
  const at = (frequency: number, x: number): number =>
    frequency === 0
      ? Math.sqrt(1 / blocks)
      : Math.sqrt(2 / blocks) * cos(((2 * x + 1) * frequency * Math.PI) / (2 * blocks));
  return Float64Array.from({ length: size }, (_, i) => at(u, i % blocks) * at(v, Math.floor(i / blocks)));
}

function along(means: Float32Array, picture: number, direction: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += means[picture * size + i] * direction[i];
  return sum;
}

function coordinates(means: Float32Array, directions: readonly Float64Array[]): Float32Array {
  const count = means.length / size;
  const all = new Float32Array(count * directionCount);
  for (let i = 0; i < count; i++)
    for (let d = 0; d < directionCount; d++) all[i * directionCount + d] = along(means, i, directions[d]);
  return all;
}

function withinReach(coordinates: Float32Array, a: number, b: number): boolean {
  for (let d = 0; d < directionCount; d++) if (Math.abs(coordinates[a + d] - coordinates[b + d]) > reach) return false;
  return true;
}

/** By how much the block differs that differs most; -1 beyond the limits. */
function largestDifference(means: Float32Array, a: number, b: number): number {
  let [squares, largest] = [0, 0];
  for (let i = 0; i < size; i++) {
    const difference = Math.abs(means[a + i] - means[b + i]);
    squares += difference * difference;
    if (squares > mostCoarse * mostCoarse * size || difference > mostOfOneBlock) return -1;
    if (difference > largest) largest = difference;
  }
  return largest;
}
