// Layer normalisation: each row (pixel) over its own channels. A chunk is a block of rows.

import { float, int, ptr, zero } from './common';
import { Four, get, One, put, whole } from './lanes';
import { sum4 } from './maths';

/**
 * args: x, y, mean, inverseDeviation, weight, bias, channels, rows of a sample, block, eps, lower, upper.
 */
export function layerNorm_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 6);
  const from = chunk * int(args, 8);
  const rows = min(int(args, 7) * n - from, int(args, 8));
  const row = <usize>channels << 2;
  const weight = ptr(args, 4);
  const bias = ptr(args, 5);
  const eps = <f64>float(args, 9);
  const low = f32x4.splat(float(args, 10));
  const high = f32x4.splat(float(args, 11));
  let x = ptr(args, 0) + <usize>from * row;
  let y = ptr(args, 1) + <usize>from * row;
  for (let r = from; r < from + rows; r++, x += row, y += row) {
    let sums = zero();
    let at: usize = 0;
    for (; at < whole(row); at += 16) sums = f32x4.add(sums, v128.load(x + at));
    let sum = sum4(sums);
    for (; at < row; at += 4) sum += load<f32>(x + at);
    // Deviations from the rounded mean; what rounding took from it (`rest`) is taken from them again below.
    const mean = sum / <f32>channels;
    const mean4 = f32x4.splat(mean);
    let squares = zero();
    sums = zero();
    for (at = 0; at < whole(row); at += 16) {
      const d = f32x4.sub(v128.load(x + at), mean4);
      sums = f32x4.add(sums, d);
      squares = f32x4.add(squares, f32x4.mul(d, d));
    }
    let rest = sum4(sums);
    let square = sum4(squares);
    for (; at < row; at += 4) {
      const d = load<f32>(x + at) - mean;
      rest += d;
      square += d * d;
    }
    rest /= <f32>channels;
    const variance = max<f64>(<f64>square / <f64>channels - <f64>rest * <f64>rest, 0);
    const inverse = <f32>(1 / sqrt<f64>(variance + eps));
    store<f32>(ptr(args, 2) + (<usize>r << 2), <f32>(<f64>mean + <f64>rest));
    store<f32>(ptr(args, 3) + (<usize>r << 2), inverse);
    const rest4 = f32x4.splat(rest);
    const inverse4 = f32x4.splat(inverse);
    for (at = 0; at < whole(row); at += 16) normalise<Four>(x, y, weight, bias, at, mean4, rest4, inverse4, low, high);
    for (; at < row; at += 4) normalise<One>(x, y, weight, bias, at, mean4, rest4, inverse4, low, high);
  }
}

// @ts-ignore: decorator
@inline
function normalise<L>(
  x: usize, y: usize, weight: usize, bias: usize, at: usize, mean: v128, rest: v128, inverse: v128, low: v128, high: v128,
): void {
  const v = f32x4.mul(f32x4.sub(f32x4.sub(get<L>(x + at), mean), rest), inverse);
  // + 0 turns -0 into 0, as max would.
  const scaled = f32x4.add(f32x4.mul(v, get<L>(weight + at)), f32x4.add(get<L>(bias + at), f32x4.splat(0)));
  put<L>(y + at, f32x4.pmin(f32x4.pmax(scaled, low), high));
}

/**
 * Input gradient, and in partials[chunk] = [gradWeight, gradBias] of the block.
 * args: x, dy, mean, inverseDeviation, weight, dx, partials, channels, rows of a sample, block.
 */
export function layerNorm_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 7);
  const from = chunk * int(args, 9);
  const rows = min(int(args, 8) * n - from, int(args, 9));
  const row = <usize>channels << 2;
  const weight = ptr(args, 4);
  const gradWeight = ptr(args, 6) + <usize>chunk * 2 * row;
  memory.fill(gradWeight, 0, 2 * row);
  let x = ptr(args, 0) + <usize>from * row;
  let dy = ptr(args, 1) + <usize>from * row;
  let dx = ptr(args, 5) + <usize>from * row;
  const share = <f32>1 / <f32>channels;
  for (let r = from; r < from + rows; r++, x += row, dy += row, dx += row) {
    const mean = v128.load_splat<f32>(ptr(args, 2) + (<usize>r << 2));
    const inverse = v128.load_splat<f32>(ptr(args, 3) + (<usize>r << 2));
    let sums = zero();
    let products = zero();
    let at: usize = 0;
    for (; at < whole(row); at += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + at), mean), inverse);
      const scaled = addToParameters<Four>(gradWeight + at, row, v128.load(dy + at), normal, weight + at);
      sums = f32x4.add(sums, scaled);
      products = f32x4.add(products, f32x4.mul(scaled, normal));
    }
    let sum = sum4(sums);
    let product = sum4(products);
    for (; at < row; at += 4) {
      const normal = f32x4.mul(f32x4.sub(get<One>(x + at), mean), inverse);
      const scaled = addToParameters<One>(gradWeight + at, row, get<One>(dy + at), normal, weight + at);
      sum += f32x4.extract_lane(scaled, 0);
      product += f32x4.extract_lane(f32x4.mul(scaled, normal), 0);
    }
    const share4 = f32x4.splat(sum * share);
    const product4 = f32x4.splat(product * share);
    for (at = 0; at < whole(row); at += 16) giveBack<Four>(x, dy, dx, weight, at, mean, inverse, share4, product4);
    for (; at < row; at += 4) giveBack<One>(x, dy, dx, weight, at, mean, inverse, share4, product4);
  }
}

/** Adds one row to gradWeight and gradBias; returns dy · weight. */
// @ts-ignore: decorator
@inline
function addToParameters<L>(gradWeight: usize, row: usize, dy: v128, normal: v128, weight: usize): v128 {
  put<L>(gradWeight, f32x4.add(get<L>(gradWeight), f32x4.mul(dy, normal)));
  put<L>(gradWeight + row, f32x4.add(get<L>(gradWeight + row), dy));
  return f32x4.mul(dy, get<L>(weight));
}

// @ts-ignore: decorator
@inline
function giveBack<L>(
  x: usize, dy: usize, dx: usize, weight: usize, at: usize, mean: v128, inverse: v128, sum: v128, product: v128,
): void {
  const normal = f32x4.mul(f32x4.sub(get<L>(x + at), mean), inverse);
  const scaled = f32x4.mul(get<L>(dy + at), get<L>(weight + at));
  put<L>(dx + at, f32x4.mul(inverse, f32x4.sub(scaled, f32x4.add(sum, f32x4.mul(normal, product)))));
}
