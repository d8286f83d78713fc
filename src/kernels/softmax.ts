// Softmax and its logarithm over rows. A chunk is a block of rows; a row's bits depend on that row alone.

import { int, ptr, zero } from './common';
import { Four, get, One, put, whole } from './lanes';
import { exp4, max4, sum4 } from './maths';

/** Largest element of a row; NaN when one is NaN. */
export function rowMaximum(x: usize, row: usize): f32 {
  let largest = f32x4.splat(-Infinity);
  let at: usize = 0;
  for (; at < whole(row); at += 16) largest = f32x4.max(largest, v128.load(x + at));
  let result = max4(largest);
  for (; at < row; at += 4) result = max<f32>(result, load<f32>(x + at));
  return result;
}

/** Writes y = e^(x - largest) of a row and returns its sum. */
export function rowPowers(x: usize, y: usize, row: usize, largest: f32): f32 {
  const shift = f32x4.splat(largest);
  let sums = zero();
  let at: usize = 0;
  for (; at < whole(row); at += 16) {
    const power = exp4(f32x4.sub(v128.load(x + at), shift));
    sums = f32x4.add(sums, power);
    v128.store(y + at, power);
  }
  let sum = sum4(sums);
  for (; at < row; at += 4) {
    const power = exp4(f32x4.sub(get<One>(x + at), shift));
    sum += f32x4.extract_lane(power, 0);
    put<One>(y + at, power);
  }
  return sum;
}

/** args: x, y, channels, rows of a sample (of the whole, when not batched), batched 0/1, block. */
export function softmax_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const row = <usize>int(args, 2) << 2;
  const from = chunk * int(args, 5);
  const rows = min(int(args, 3) * (int(args, 4) ? n : 1) - from, int(args, 5));
  let x = ptr(args, 0) + <usize>from * row;
  let y = ptr(args, 1) + <usize>from * row;
  for (let r = 0; r < rows; r++, x += row, y += row) {
    const sum = f32x4.splat(rowPowers(x, y, row, rowMaximum(x, row)));
    let at: usize = 0;
    for (; at < whole(row); at += 16) put<Four>(y + at, f32x4.div(get<Four>(y + at), sum));
    for (; at < row; at += 4) put<One>(y + at, f32x4.div(get<One>(y + at), sum));
  }
}

/** args: as softmax_forward. */
export function logSoftmax_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const row = <usize>int(args, 2) << 2;
  const from = chunk * int(args, 5);
  const rows = min(int(args, 3) * (int(args, 4) ? n : 1) - from, int(args, 5));
  let x = ptr(args, 0) + <usize>from * row;
  let y = ptr(args, 1) + <usize>from * row;
  for (let r = 0; r < rows; r++, x += row, y += row) {
    const largest = rowMaximum(x, row);
    const shift = f32x4.splat(largest);
    const rest = f32x4.splat(<f32>Math.log(<f64>rowPowers(x, y, row, largest)));
    let at: usize = 0;
    for (; at < whole(row); at += 16) put<Four>(y + at, f32x4.sub(f32x4.sub(get<Four>(x + at), shift), rest));
    for (; at < row; at += 4) put<One>(y + at, f32x4.sub(f32x4.sub(get<One>(x + at), shift), rest));
  }
}

/** dx = y (dy - Σ dy y). args: dy, y, dx, channels, rows of a sample (of the whole, when not batched), batched 0/1, block. */
export function softmax_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const row = <usize>int(args, 3) << 2;
  const from = chunk * int(args, 6);
  const rows = min(int(args, 4) * (int(args, 5) ? n : 1) - from, int(args, 6));
  const first = <usize>from * row;
  let dy = ptr(args, 0) + first;
  let y = ptr(args, 1) + first;
  let dx = ptr(args, 2) + first;
  for (let r = 0; r < rows; r++, dy += row, y += row, dx += row) {
    let sums = zero();
    let at: usize = 0;
    for (; at < whole(row); at += 16) sums = f32x4.add(sums, f32x4.mul(v128.load(dy + at), v128.load(y + at)));
    let sum = sum4(sums);
    for (; at < row; at += 4) sum += load<f32>(dy + at) * load<f32>(y + at);
    const total = f32x4.splat(sum);
    for (at = 0; at < whole(row); at += 16) {
      put<Four>(dx + at, f32x4.mul(get<Four>(y + at), f32x4.sub(get<Four>(dy + at), total)));
    }
    for (; at < row; at += 4) put<One>(dx + at, f32x4.mul(get<One>(y + at), f32x4.sub(get<One>(dy + at), total)));
  }
}

/** dx = dy - e^y Σ dy. args: as softmax_backward. */
export function logSoftmax_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const row = <usize>int(args, 3) << 2;
  const from = chunk * int(args, 6);
  const rows = min(int(args, 4) * (int(args, 5) ? n : 1) - from, int(args, 6));
  const first = <usize>from * row;
  let dy = ptr(args, 0) + first;
  let y = ptr(args, 1) + first;
  let dx = ptr(args, 2) + first;
  for (let r = 0; r < rows; r++, dy += row, y += row, dx += row) {
    let sums = zero();
    let at: usize = 0;
    for (; at < whole(row); at += 16) sums = f32x4.add(sums, v128.load(dy + at));
    let sum = sum4(sums);
    for (; at < row; at += 4) sum += load<f32>(dy + at);
    const total = f32x4.splat(sum);
    for (at = 0; at < whole(row); at += 16) {
      put<Four>(dx + at, f32x4.sub(get<Four>(dy + at), f32x4.mul(exp4(get<Four>(y + at)), total)));
    }
    for (; at < row; at += 4) {
      put<One>(dx + at, f32x4.sub(get<One>(dy + at), f32x4.mul(exp4(get<One>(y + at)), total)));
    }
  }
}
