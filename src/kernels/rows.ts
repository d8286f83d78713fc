// Loops over rows (pixels) with lanes over channels that normalisations and bias gradients share. Sums run over one block
// of rows; groups of 16 channels keep their sums in registers and read whole cache lines. A group of four that would
// pass the last channel starts earlier and computes some channels twice, with equal bits.

import { zero } from './common';
import { Four, get, One, put, whole } from './lanes';

/** Rows whose mean is the shift of a block's sums. */
const SHIFT_ROWS: i32 = 16;

/**
 * out = [shift, Σ(x - shift), Σ(x - shift)²], each of all channels. The shift is the mean of the first 16 rows; as these
 * rows are part of the block, its squared distance from the block's mean is at most rows/16 variances, which bounds
 * what cancels when the sums are moved to the true mean.
 */
export function sumSquares(x: usize, out: usize, channels: i32, rows: i32): void {
  const row = <usize>channels << 2;
  const first = min(rows, SHIFT_ROWS);
  let at: usize = 0;
  for (; at + 64 <= row; at += 64) sums16(x + at, out + at, row, rows, first);
  if (channels < 4) for (; at < row; at += 4) sums<One>(x + at, out + at, row, rows, first);
  for (; at < row; at += 16) {
    const start = min(at, row - 16);
    sums<Four>(x + start, out + start, row, rows, first);
  }
}

function sums16(x: usize, out: usize, row: usize, rows: i32, first: i32): void {
  let s0 = zero();
  let s1 = zero();
  let s2 = zero();
  let s3 = zero();
  let p = x;
  for (let r = 0; r < first; r++, p += row) {
    s0 = f32x4.add(s0, v128.load(p, 0));
    s1 = f32x4.add(s1, v128.load(p, 16));
    s2 = f32x4.add(s2, v128.load(p, 32));
    s3 = f32x4.add(s3, v128.load(p, 48));
  }
  const part = f32x4.splat(<f32>1 / <f32>first);
  s0 = f32x4.mul(s0, part);
  s1 = f32x4.mul(s1, part);
  s2 = f32x4.mul(s2, part);
  s3 = f32x4.mul(s3, part);
  let d0 = zero();
  let d1 = zero();
  let d2 = zero();
  let d3 = zero();
  let q0 = zero();
  let q1 = zero();
  let q2 = zero();
  let q3 = zero();
  p = x;
  for (let r = 0; r < rows; r++, p += row) {
    let v = f32x4.sub(v128.load(p, 0), s0);
    d0 = f32x4.add(d0, v);
    q0 = f32x4.add(q0, f32x4.mul(v, v));
    v = f32x4.sub(v128.load(p, 16), s1);
    d1 = f32x4.add(d1, v);
    q1 = f32x4.add(q1, f32x4.mul(v, v));
    v = f32x4.sub(v128.load(p, 32), s2);
    d2 = f32x4.add(d2, v);
    q2 = f32x4.add(q2, f32x4.mul(v, v));
    v = f32x4.sub(v128.load(p, 48), s3);
    d3 = f32x4.add(d3, v);
    q3 = f32x4.add(q3, f32x4.mul(v, v));
  }
  v128.store(out, s0, 0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  out += row;
  v128.store(out, d0, 0);
  v128.store(out, d1, 16);
  v128.store(out, d2, 32);
  v128.store(out, d3, 48);
  out += row;
  v128.store(out, q0, 0);
  v128.store(out, q1, 16);
  v128.store(out, q2, 32);
  v128.store(out, q3, 48);
}

// @ts-ignore: decorator
@inline
function sums<L>(x: usize, out: usize, row: usize, rows: i32, first: i32): void {
  let s = zero();
  let p = x;
  for (let r = 0; r < first; r++, p += row) s = f32x4.add(s, get<L>(p));
  s = f32x4.mul(s, f32x4.splat(<f32>1 / <f32>first));
  let d = zero();
  let q = zero();
  p = x;
  for (let r = 0; r < rows; r++, p += row) {
    const v = f32x4.sub(get<L>(p), s);
    d = f32x4.add(d, v);
    q = f32x4.add(q, f32x4.mul(v, v));
  }
  put<L>(out, s);
  put<L>(out + row, d);
  put<L>(out + 2 * row, q);
}

/** out = [Σ dy, Σ dy (x - mean)], each of all channels. */
export function sumProducts(x: usize, dy: usize, mean: usize, out: usize, channels: i32, rows: i32): void {
  const row = <usize>channels << 2;
  let at: usize = 0;
  for (; at + 64 <= row; at += 64) products16(x + at, dy + at, mean + at, out + at, row, rows);
  if (channels < 4) for (; at < row; at += 4) products<One>(x + at, dy + at, mean + at, out + at, row, rows);
  for (; at < row; at += 16) {
    const start = min(at, row - 16);
    products<Four>(x + start, dy + start, mean + start, out + start, row, rows);
  }
}

function products16(x: usize, dy: usize, mean: usize, out: usize, row: usize, rows: i32): void {
  const m0 = v128.load(mean, 0);
  const m1 = v128.load(mean, 16);
  const m2 = v128.load(mean, 32);
  const m3 = v128.load(mean, 48);
  let d0 = zero();
  let d1 = zero();
  let d2 = zero();
  let d3 = zero();
  let q0 = zero();
  let q1 = zero();
  let q2 = zero();
  let q3 = zero();
  for (let r = 0; r < rows; r++, x += row, dy += row) {
    let g = v128.load(dy, 0);
    d0 = f32x4.add(d0, g);
    q0 = f32x4.add(q0, f32x4.mul(g, f32x4.sub(v128.load(x, 0), m0)));
    g = v128.load(dy, 16);
    d1 = f32x4.add(d1, g);
    q1 = f32x4.add(q1, f32x4.mul(g, f32x4.sub(v128.load(x, 16), m1)));
    g = v128.load(dy, 32);
    d2 = f32x4.add(d2, g);
    q2 = f32x4.add(q2, f32x4.mul(g, f32x4.sub(v128.load(x, 32), m2)));
    g = v128.load(dy, 48);
    d3 = f32x4.add(d3, g);
    q3 = f32x4.add(q3, f32x4.mul(g, f32x4.sub(v128.load(x, 48), m3)));
  }
  v128.store(out, d0, 0);
  v128.store(out, d1, 16);
  v128.store(out, d2, 32);
  v128.store(out, d3, 48);
  out += row;
  v128.store(out, q0, 0);
  v128.store(out, q1, 16);
  v128.store(out, q2, 32);
  v128.store(out, q3, 48);
}

// @ts-ignore: decorator
@inline
function products<L>(x: usize, dy: usize, mean: usize, out: usize, row: usize, rows: i32): void {
  const m = get<L>(mean);
  let d = zero();
  let q = zero();
  for (let r = 0; r < rows; r++, x += row, dy += row) {
    const g = get<L>(dy);
    d = f32x4.add(d, g);
    q = f32x4.add(q, f32x4.mul(g, f32x4.sub(get<L>(x), m)));
  }
  put<L>(out, d);
  put<L>(out + row, q);
}

/** out = Σ x of all channels. */
export function sumColumns(x: usize, out: usize, channels: i32, rows: i32): void {
  const row = <usize>channels << 2;
  let at: usize = 0;
  for (; at + 64 <= row; at += 64) columns16(x + at, out + at, row, rows);
  if (channels < 4) for (; at < row; at += 4) columns<One>(x + at, out + at, row, rows);
  for (; at < row; at += 16) {
    const start = min(at, row - 16);
    columns<Four>(x + start, out + start, row, rows);
  }
}

function columns16(x: usize, out: usize, row: usize, rows: i32): void {
  let d0 = zero();
  let d1 = zero();
  let d2 = zero();
  let d3 = zero();
  for (let r = 0; r < rows; r++, x += row) {
    d0 = f32x4.add(d0, v128.load(x, 0));
    d1 = f32x4.add(d1, v128.load(x, 16));
    d2 = f32x4.add(d2, v128.load(x, 32));
    d3 = f32x4.add(d3, v128.load(x, 48));
  }
  v128.store(out, d0, 0);
  v128.store(out, d1, 16);
  v128.store(out, d2, 32);
  v128.store(out, d3, 48);
}

// @ts-ignore: decorator
@inline
function columns<L>(x: usize, out: usize, row: usize, rows: i32): void {
  let sum = zero();
  for (let r = 0; r < rows; r++, x += row) sum = f32x4.add(sum, get<L>(x));
  put<L>(out, sum);
}

// @ts-ignore: decorator
@inline
function scaleShift<L>(x: usize, y: usize, mean: usize, scale: usize, shift: usize, low: v128, high: v128): void {
  const v = f32x4.mul(f32x4.sub(get<L>(x), get<L>(mean)), get<L>(scale));
  put<L>(y, f32x4.pmin(f32x4.pmax(f32x4.add(v, get<L>(shift)), low), high));
}

/**
 * y = clamp((x - mean) scale + shift); y may be x. NaN stays NaN. No shift is -0, so no sum is, and pmax gives the bits of
 * max at less than half of its price.
 */
// @ts-ignore: decorator
@inline
export function scaleShiftRows(
  x: usize, y: usize, mean: usize, scale: usize, shift: usize, channels: i32, rows: i32, lower: f32, upper: f32,
): void {
  const row = <usize>channels << 2;
  const low = f32x4.splat(lower);
  const high = f32x4.splat(upper);
  for (; rows > 0; rows--, x += row, y += row) {
    let at: usize = 0;
    for (; at < whole(row); at += 16) scaleShift<Four>(x + at, y + at, mean + at, scale + at, shift + at, low, high);
    for (; at < row; at += 4) scaleShift<One>(x + at, y + at, mean + at, scale + at, shift + at, low, high);
  }
}

// @ts-ignore: decorator
@inline
function gradient<L>(x: usize, dy: usize, dx: usize, mean: usize, scale: usize, slope: usize, offset: usize): void {
  const v = f32x4.mul(f32x4.sub(get<L>(x), get<L>(mean)), get<L>(slope));
  put<L>(dx, f32x4.add(f32x4.add(f32x4.mul(get<L>(dy), get<L>(scale)), v), get<L>(offset)));
}

/** dx = dy scale + (x - mean) slope + offset. */
// @ts-ignore: decorator
@inline
export function gradientRows(
  x: usize, dy: usize, dx: usize, mean: usize, scale: usize, slope: usize, offset: usize, channels: i32, rows: i32,
): void {
  const row = <usize>channels << 2;
  for (; rows > 0; rows--, x += row, dy += row, dx += row) {
    let at: usize = 0;
    for (; at < whole(row); at += 16) {
      gradient<Four>(x + at, dy + at, dx + at, mean + at, scale + at, slope + at, offset + at);
    }
    for (; at < row; at += 4) {
      gradient<One>(x + at, dy + at, dx + at, mean + at, scale + at, slope + at, offset + at);
    }
  }
}
