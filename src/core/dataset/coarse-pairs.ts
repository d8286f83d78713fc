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
/** Directions that pictures are told apart by; the first ones address cells. */
const directionCount = 12;
const cellDirections = 3;
/** Pictures by which directions are chosen. */
const sampleCount = 1000;

/**
 * Calls `found` for every pair a < b of pictures that are coarsely the same, b ascending, with the grey levels by which
 * the block differs that differs most, until `found` says false; whether all were found. Exact: such pictures lie in
 * neighbouring cells of a grid that is as wide as the reach, so none is missed and few others are compared. Source of the
 * idea: Bentley, Stanat, Williams, The complexity of finding fixed-radius near neighbors, 1977.
 * @param thumbnail 32x32 grey levels.
 */
export function coarsePairs(
  count: number,
  thumbnail: (index: number) => Uint8Array,
  found: (a: number, b: number, largest: number) => boolean,
): boolean {
  const means = new Float32Array(count * size);
  for (let i = 0; i < count; i++) blockMeans(thumbnail(i), means, i * size);
  const all = coordinates(means, chooseDirections(means));
  const { cellOf, begins, neighbours } = gridOf(all);
  // From here on in the order of cells: where thousands share a few, memory is read from end to end.
  const { slotOf, pictureIn } = lineUp(cellOf, begins, all[cellDirections]);
  const lined = all.map((along) => along.map((_, slot) => along[pictureIn[slot]]));
  const linedMeans = new Float32Array(means.length);
  pictureIn.forEach((picture, slot) => {
    linedMeans.set(means.subarray(picture * size, (picture + 1) * size), slot * size);
  });
  const fourth = lined[cellDirections];
  const points = new Float32Array(count * directionCount);
  for (let slot = 0; slot < count; slot++)
    for (let d = 0; d < directionCount; d++) points[slot * directionCount + d] = lined[d][slot];
  const hits: (readonly [picture: number, largest: number])[] = [];
  for (let b = 0; b < count; b++) {
    const own = slotOf[b];
    const [lowest, highest] = [fourth[own] - reach, fourth[own] + reach];
    for (const cell of neighbours(cellOf[b])) {
      const end = begins[cell + 1];
      for (let slot = firstFrom(fourth, begins[cell], end, lowest); slot < end && fourth[slot] <= highest; slot++) {
        if (pictureIn[slot] >= b || !withinReach(points, slot, own)) continue;
        const largest = largestDifference(linedMeans, slot * size, own * size);
        if (largest >= 0) hits.push([pictureIn[slot], largest]);
      }
      if (hits.length === 0) continue;
      // The latest first: what is joined already with a neighbour in time is soon passed over.
      hits.sort(([first], [second]) => second - first);
      for (const [a, largest] of hits) if (!found(a, b, largest)) return false;
      hits.length = 0;
    }
  }
  return true;
}

/**
 * The place of each picture where cells lie one after the other, pictures of a cell ascending along a direction, so that
 * those within reach follow each other; and the way back.
 */
function lineUp(
  cellOf: Int32Array,
  begins: Int32Array,
  along: Float32Array,
): { slotOf: Int32Array; pictureIn: Int32Array } {
  const next = begins.slice();
  const pictureIn = new Int32Array(cellOf.length);
  for (let i = 0; i < cellOf.length; i++) pictureIn[next[cellOf[i]]++] = i;
  for (let cell = 0; cell + 1 < begins.length; cell++)
    pictureIn.subarray(begins[cell], begins[cell + 1]).sort((a, b) => along[a] - along[b] || a - b);
  const slotOf = new Int32Array(cellOf.length);
  pictureIn.forEach((picture, slot) => {
    slotOf[picture] = slot;
  });
  return { slotOf, pictureIn };
}

/** The first slot from `begin` on whose value is at least `lowest`, where values ascend; `end` where none is. */
function firstFrom(values: Float32Array, begin: number, end: number, lowest: number): number {
  while (begin < end) {
    const middle = (begin + end) >> 1;
    if (values[middle] < lowest) begin = middle + 1;
    else end = middle;
  }
  return begin;
}

const cellAlong = (coordinate: number): number => Math.floor(coordinate / reach);

/** A number for each place of a cell: coordinates are below 255 * 8 = 2,040, so cells run from -102 to 101. */
const placeOf = (x: number, y: number, z: number): number => ((x + 128) * 256 + (y + 128)) * 256 + z + 128;

interface Grid {
  /** The number of each picture's cell. */
  readonly cellOf: Int32Array;
  /** Of each cell, how many pictures the cells before it hold; at the end, how many all hold. */
  readonly begins: Int32Array;
  /** The cells with pictures that touch a cell, itself among them. */
  neighbours(cell: number): readonly number[];
}

/** Cells along the first three directions; only those that hold pictures have numbers. */
function gridOf([along, ...others]: readonly Float32Array[]): Grid {
  const count = along.length;
  const cellOf = new Int32Array(count);
  const cells = new Map<number, number>();
  const places: (readonly [x: number, y: number, z: number])[] = [];
  const held: number[] = [];
  for (let i = 0; i < count; i++) {
    const [x, y, z] = [cellAlong(along[i]), cellAlong(others[0][i]), cellAlong(others[1][i])];
    let cell = cells.get(placeOf(x, y, z));
    if (cell === undefined) {
      cells.set(placeOf(x, y, z), (cell = places.length));
      places.push([x, y, z]);
      held.push(0);
    }
    cellOf[i] = cell;
    held[cell]++;
  }
  const begins = new Int32Array(places.length + 1);
  for (let cell = 1; cell < begins.length; cell++) begins[cell] = begins[cell - 1] + held[cell - 1];
  const known: (readonly number[] | undefined)[] = new Array(places.length).fill(undefined);
  const find = ([x, y, z]: readonly [number, number, number]): number[] => {
    const near: number[] = [];
    for (let i = x - 1; i <= x + 1; i++) {
      for (let j = y - 1; j <= y + 1; j++) {
        for (let k = z - 1; k <= z + 1; k++) {
          const cell = cells.get(placeOf(i, j, k));
          if (cell !== undefined) near.push(cell);
        }
      }
    }
    return near;
  };
  return { cellOf, begins, neighbours: (cell) => (known[cell] ??= find(places[cell])) };
}

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

/** Along each direction, that of every picture. */
function coordinates(means: Float32Array, directions: readonly Float64Array[]): Float32Array[] {
  const count = means.length / size;
  return directions.map((direction) => Float32Array.from({ length: count }, (_, i) => along(means, i, direction)));
}

/** Whether points are no further apart than the reach: directions are at right angles, so whole pictures are further apart. */
function withinReach(points: Float32Array, a: number, b: number): boolean {
  const [from, to] = [a * directionCount, b * directionCount];
  let squares = 0;
  for (let d = 0; d < directionCount; d += 3) {
    const first = points[from + d] - points[to + d];
    const second = points[from + d + 1] - points[to + d + 1];
    const third = points[from + d + 2] - points[to + d + 2];
    squares += first * first + second * second + third * third;
    if (squares > reach * reach) return false;
  }
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
