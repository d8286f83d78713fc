// Muon (core/optimizers/muon.ts): the momentum of a weight is made nearly orthogonal by products of matrices. The matrix
// lies as [long][short], its shorter side last, so that the products in between are small. Multiplying it by
// aI + bA + cA² is conv2d_forward's work, with these factors as packed weights.

import { CHUNK, float, int, madd, ptr } from './common';
import { Four, get, One, put } from './lanes';

// @ts-ignore: decorator
@inline
function flush(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(1e-30)));
}

/**
 * momentum = share momentum + gradient; direction = momentum, or gradient + share momentum (nesterov).
 * args: gradient, momentum, direction, elements, share, nesterov 0/1.
 */
export function muon_direction(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const share = f32x4.splat(float(args, 4));
  const nesterov = int(args, 5);
  const from = <usize>(chunk * CHUNK) << 2;
  let g = ptr(args, 0) + from;
  let m = ptr(args, 1) + from;
  let d = ptr(args, 2) + from;
  let left = min(CHUNK, int(args, 3) - chunk * CHUNK);
  for (; left >= 4; left -= 4, g += 16, m += 16, d += 16) direction<Four>(g, m, d, share, nesterov);
  for (; left > 0; left--, g += 4, m += 4, d += 4) direction<One>(g, m, d, share, nesterov);
}

// @ts-ignore: decorator
@inline
function direction<L>(gradient: usize, momentum: usize, to: usize, share: v128, nesterov: i32): void {
  const g = get<L>(gradient);
  const m = flush(f32x4.add(f32x4.mul(share, get<L>(momentum)), g));
  put<L>(momentum, m);
  put<L>(to, nesterov ? f32x4.add(g, f32x4.mul(share, m)) : m);
}

/**
 * matrix = direction / (norm + 1e-7), transposed where the direction has more columns than rows. A chunk: 64 rows.
 * args: direction [rows][columns], norm, matrix, rows, columns.
 */
export function muon_normalize(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const rows = int(args, 3);
  const columns = int(args, 4);
  const factor = f32x4.splat(<f32>(1 / (<f64>load<f32>(ptr(args, 1)) + 1e-7)));
  const first = chunk << 6;
  const last = min(first + 64, rows);
  let from = ptr(args, 0) + (<usize>(first * columns) << 2);
  if (rows >= columns) {
    let to = ptr(args, 2) + (<usize>(first * columns) << 2);
    let left = (last - first) * columns;
    for (; left >= 4; left -= 4, from += 16, to += 16) put<Four>(to, f32x4.mul(get<Four>(from), factor));
    for (; left > 0; left--, from += 4, to += 4) put<One>(to, f32x4.mul(get<One>(from), factor));
    return;
  }
  for (let row = first; row < last; row++) {
    let to = ptr(args, 2) + (<usize>row << 2);
    for (let column = 0; column < columns; column++, from += 4, to += <usize>rows << 2) {
      put<One>(to, f32x4.mul(get<One>(from), factor));
    }
  }
}

/** Rows of x that stay in the first-level cache while their products are added. */
const BLOCK: i32 = 32;

/**
 * out = xᵀx, of x [rows][columns]. Symmetric: a chunk is four of its rows from the diagonal on, in columns of eight, and
 * writes them into four columns, too. What other chunks write it does not touch: of a tile that the diagonal cuts only
 * what lies on it or right of it is kept.
 *
 * args: x, out [columns][columns], rows, columns.
 */
export function muon_gram(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const rows = int(args, 2);
  const columns = int(args, 3);
  const bytes = <usize>columns << 2;
  const first = chunk << 2;
  const height = min(4, columns - first);
  // Sums of this chunk, a row of `columns` each; what is left of the diagonal stays unused.
  const sums = scratch;
  memory.fill(sums, 0, (bytes + 32) << 2);
  const strip = bytes + 32;
  // Beyond the last column of x nothing is read: the last eight begin earlier and compute some sums again.
  const wide = columns >= 8;
  for (let block = 0; block < rows; block += BLOCK) {
    const end = ptr(args, 0) + <usize>min(block + BLOCK, rows) * bytes;
    const begin = ptr(args, 0) + <usize>block * bytes;
    if (wide && height == 4) {
      for (let column = first; column < columns; column += 8) {
        const place = <usize>min(column, columns - 8) << 2;
        // Columns that the eight before have added already.
        const again = column - min(column, columns - 8);
        let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
        let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
        let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
        let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
        let a = begin + (<usize>first << 2);
        let b = begin + place;
        for (; b < end; a += bytes, b += bytes) {
          const g0 = v128.load(b);
          const g1 = v128.load(b, 16);
          const x0 = v128.load32_splat(a);
          const x1 = v128.load32_splat(a, 4);
          s00 = madd(s00, x0, g0);
          s01 = madd(s01, x0, g1);
          s10 = madd(s10, x1, g0);
          s11 = madd(s11, x1, g1);
          const x2 = v128.load32_splat(a, 8);
          const x3 = v128.load32_splat(a, 12);
          s20 = madd(s20, x2, g0);
          s21 = madd(s21, x2, g1);
          s30 = madd(s30, x3, g0);
          s31 = madd(s31, x3, g1);
        }
        const to = sums + place;
        addFrom(to, s00, s01, again);
        addFrom(to + strip, s10, s11, again);
        addFrom(to + 2 * strip, s20, s21, again);
        addFrom(to + 3 * strip, s30, s31, again);
      }
      continue;
    }
    for (let row = begin; row < end; row += bytes) {
      for (let r = 0; r < height; r++) {
        const value = load<f32>(row + (<usize>(first + r) << 2));
        const to = sums + <usize>r * strip;
        for (let column = first; column < columns; column++) {
          const at = <usize>column << 2;
          store<f32>(to + at, load<f32>(to + at) + value * load<f32>(row + at));
        }
      }
    }
  }
  for (let r = 0; r < height; r++) {
    const row = first + r;
    for (let column = row; column < columns; column++) {
      const value = load<f32>(sums + <usize>r * strip + (<usize>column << 2));
      store<f32>(ptr(args, 1) + <usize>row * bytes + (<usize>column << 2), value);
      store<f32>(ptr(args, 1) + <usize>column * bytes + (<usize>row << 2), value);
    }
  }
}

/** Adds eight sums, without the first `skip` of them. */
// @ts-ignore: decorator
@inline
function addFrom(to: usize, low: v128, high: v128, skip: i32): void {
  if (skip == 0) {
    v128.store(to, f32x4.add(v128.load(to), low));
    v128.store(to, f32x4.add(v128.load(to, 16), high), 16);
    return;
  }
  if (skip < 1) store<f32>(to, load<f32>(to) + f32x4.extract_lane(low, 0));
  if (skip < 2) store<f32>(to, load<f32>(to, 4) + f32x4.extract_lane(low, 1), 4);
  if (skip < 3) store<f32>(to, load<f32>(to, 8) + f32x4.extract_lane(low, 2), 8);
  if (skip < 4) store<f32>(to, load<f32>(to, 12) + f32x4.extract_lane(low, 3), 12);
  if (skip < 5) store<f32>(to, load<f32>(to, 16) + f32x4.extract_lane(high, 0), 16);
  if (skip < 6) store<f32>(to, load<f32>(to, 20) + f32x4.extract_lane(high, 1), 20);
  if (skip < 7) store<f32>(to, load<f32>(to, 24) + f32x4.extract_lane(high, 2), 24);
  store<f32>(to, load<f32>(to, 28) + f32x4.extract_lane(high, 3), 28);
}

/**
 * Packs aI + b gram + c square for conv2d_forward: [tile of 8 columns][row][8]; a chunk is a tile.
 * args: gram, square, packed, columns, a, b, c.
 */
export function muon_factors(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const columns = int(args, 3);
  const b = float(args, 5);
  const c = float(args, 6);
  const first = chunk << 3;
  let to = ptr(args, 2) + (<usize>(columns * chunk) << 5);
  for (let row = 0; row < columns; row++) {
    const from = <usize>(row * columns + first) << 2;
    for (let i = 0; i < 8; i++, to += 4) {
      let value: f32 = 0;
      if (first + i < columns) {
        const at = from + (<usize>i << 2);
        value = b * load<f32>(ptr(args, 0) + at) + c * load<f32>(ptr(args, 1) + at);
        if (row == first + i) value += float(args, 4);
      }
      store<f32>(to, value);
    }
  }
}

/**
 * parameter = parameter (1 - rate decay) √outputs / norm - rate scale matrix, the matrix transposed back. A chunk: 64 rows.
 * args: parameter [rows][columns], matrix, scalars, norm of the parameter (0: it is not normalised), rows, columns, decay,
 * scale, √outputs.
 */
export function muon_update(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const rows = int(args, 4);
  const columns = int(args, 5);
  const rate = <f64>load<f32>(ptr(args, 2));
  let shrink = 1 - rate * <f64>float(args, 6);
  if (ptr(args, 3) != 0) {
    const norm = <f64>load<f32>(ptr(args, 3));
    if (norm > 0) shrink *= <f64>float(args, 8) / norm;
  }
  const keep = f32x4.splat(<f32>shrink);
  const step = f32x4.splat(<f32>(rate * <f64>float(args, 7)));
  const first = chunk << 6;
  const last = min(first + 64, rows);
  let p = ptr(args, 0) + (<usize>(first * columns) << 2);
  if (rows >= columns) {
    let x = ptr(args, 1) + (<usize>(first * columns) << 2);
    let left = (last - first) * columns;
    for (; left >= 4; left -= 4, p += 16, x += 16) move<Four>(p, x, keep, step);
    for (; left > 0; left--, p += 4, x += 4) move<One>(p, x, keep, step);
    return;
  }
  for (let row = first; row < last; row++) {
    let x = ptr(args, 1) + (<usize>row << 2);
    for (let column = 0; column < columns; column++, p += 4, x += <usize>rows << 2) move<One>(p, x, keep, step);
  }
}

// @ts-ignore: decorator
@inline
function move<L>(parameter: usize, matrix: usize, keep: v128, step: v128): void {
  put<L>(parameter, f32x4.sub(f32x4.mul(keep, get<L>(parameter)), f32x4.mul(step, get<L>(matrix))));
}
