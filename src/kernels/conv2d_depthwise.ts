// Depthwise convolution with one filter a channel: SIMD lanes run over channels, no sum crosses them. The kernel
// computes the input gradient too: as a convolution of the output's gradient, with a phase for each remainder of the
// stride.
// conv2d_depthwise_3x3.ts is faster where it fits.

import { float, int, madd, ptr, zero } from './common';
import { copyChannels, packWindow, PIXEL } from './conv2d_depthwise_window';

/** Adds the residual, clamps and stores. No sum is -0 (the bias is none), so pmax gives the bits of max. */
// @ts-ignore: decorator
@inline
function put(y: usize, sum: v128, residual: usize, low: v128, high: v128): void {
  if (residual != 0) sum = f32x4.add(sum, v128.load(y + residual));
  v128.store(y, f32x4.pmin(f32x4.pmax(sum, low), high));
}

/** A row of outputs, `step` bytes apart in the window. `taps` to `end` are places there; `bytes` are whole vectors. */
function outputRow(
  window: usize, step: usize, taps: usize, end: usize, bias: usize, weights: usize, y: usize, yPixel: usize,
  residual: usize, columns: i32, bytes: usize, lower: f32, upper: f32,
): void {
  const low = f32x4.splat(lower);
  const high = f32x4.splat(upper);
  for (let left = columns; left > 0; left -= 4, window += 4 * step, y += 4 * yPixel) {
    for (let channel: usize = 0; channel < bytes; channel += 16) {
      let s0 = v128.load(bias + channel);
      let s1 = s0, s2 = s0, s3 = s0;
      let w = weights + channel;
      for (let tap = taps; tap < end; tap += 8, w += PIXEL) {
        const value = v128.load(w);
        let a = window + channel + <usize>load<i32>(tap);
        s0 = madd(s0, v128.load(a), value);
        a += step;
        s1 = madd(s1, v128.load(a), value);
        a += step;
        s2 = madd(s2, v128.load(a), value);
        a += step;
        s3 = madd(s3, v128.load(a), value);
      }
      let to = y + channel;
      put(to, s0, residual, low, high);
      if (left > 1) put(to += yPixel, s1, residual, low, high);
      if (left > 2) put(to += yPixel, s2, residual, low, high);
      if (left > 3) put(to += yPixel, s3, residual, low, high);
    }
  }
}

/** Stores the channels that fill no vector, from a row of vectors. */
function putTail(
  from: usize, y: usize, yPixel: usize, residual: usize, columns: i32, bytes: usize, low: f32, high: f32,
): void {
  for (; columns > 0; columns--, from += 16, y += yPixel) {
    for (let at: usize = 0; at < bytes; at += 4) {
      let sum = load<f32>(from + at);
      if (residual != 0) sum += load<f32>(y + at + residual);
      sum = sum < low ? low : sum;
      store<f32>(y + at, high < sum ? high : sum);
    }
  }
}

/** Bias and weights as [block of 16 channels][bias, then taps in their order][16]. */
function packWeights(args: usize, pixel: usize, to: usize, plane: usize): void {
  const bias = ptr(args, 2);
  let tap = ptr(args, 21);
  for (let i = int(args, 22); i > 0; i--, tap += 8) {
    to += PIXEL;
    copyChannels(ptr(args, 1) + <usize>load<i32>(tap, 4) * pixel, to, pixel, plane);
  }
  to -= <usize>int(args, 22) * PIXEL;
  if (bias != 0) copyChannels(bias, to, pixel, plane);
  for (let at: usize = 0; at < pixel; at += PIXEL, to += plane) {
    for (let i: usize = 0; i < PIXEL; i += 16) {
      v128.store(to + i, bias != 0 ? f32x4.add(v128.load(to + i), zero()) : zero());
    }
  }
}

/**
 * y[oy, ox, channel] = clamp(bias[channel] + sum over taps of x · weight[tap, channel] + residual). Outputs
 * [row + i · step down, column + j · step right] are those of the phase (row, column); its taps lie at constant places
 * in the window of x that begins at [i · stride down - top, j · stride right - left]. Sums run over a phase's taps in
 * order. A chunk is a block of rows i of one image.
 *
 * args: 0 x, 1 weights [tap][channels], 2 bias or 0, 3 y, 4 residual (as y) or 0, 5 lower, 6 upper limit, 7 channels,
 * 8 height, 9 width, 10 output height, 11 output width, 12 top, 13 left, 14 stride down, 15 stride right, 16 step down,
 * 17 step right, 18 rows a window, 19 columns of the windows of a row, 20 rows of a chunk, 21 taps [offset in the
 * window, weight's tap], 22 their number, 23 phases [row, column, first tap, end], 24 their number, 25 chunks an image.
 * Thread scratch: bias and weights, the window, a row of vectors.
 */
export function conv2d_depthwise_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const outputHeight = int(args, 10);
  const outputWidth = int(args, 11);
  const strideDown = int(args, 14);
  const stepDown = int(args, 16);
  const stepRight = int(args, 17);
  const columns = int(args, 19);
  const image = chunk / int(args, 25);
  const firstRow = (chunk - image * int(args, 25)) * int(args, 20);
  const lastRow = min(firstRow + int(args, 20), (outputHeight + stepDown - 1) / stepDown);
  const pixel = <usize>int(args, 7) << 2;
  const blocks = (pixel + PIXEL - 1) / PIXEL;

  const weightPlane = <usize>(1 + int(args, 22)) * PIXEL;
  const window = scratch + blocks * weightPlane;
  const windowRows = (lastRow - firstRow - 1) * strideDown + int(args, 18);
  const plane = <usize>(windowRows * columns) * PIXEL;
  const tail = window + blocks * plane;
  memory.fill(window, 0, blocks * plane);
  packWeights(args, pixel, scratch, weightPlane);
  packWindow(
    ptr(args, 0) + <usize>(image * int(args, 8) * int(args, 9)) * pixel, int(args, 8), int(args, 9), pixel,
    firstRow * strideDown - int(args, 12), -int(args, 13), window, windowRows, columns, plane,
  );

  const step = <usize>int(args, 15) * PIXEL;
  const yPixel = <usize>stepRight * pixel;
  const yImage = ptr(args, 3) + <usize>(image * outputHeight * outputWidth) * pixel;
  // From a place in y to the same place in the residual.
  const residual = ptr(args, 4) != 0 ? ptr(args, 4) - ptr(args, 3) : 0;
  const phases = ptr(args, 23);
  const phasesEnd = phases + (<usize>int(args, 24) << 4);
  for (let i = firstRow; i < lastRow; i++) {
    const windowOfRow = window + <usize>((i - firstRow) * strideDown * columns) * PIXEL;
    for (let phase = phases; phase < phasesEnd; phase += 16) {
      const row = load<i32>(phase) + i * stepDown;
      if (row >= outputHeight) continue;
      const column = load<i32>(phase, 4);
      const outputs = (outputWidth - column + stepRight - 1) / stepRight;
      const taps = ptr(args, 21) + (<usize>load<i32>(phase, 8) << 3);
      const end = ptr(args, 21) + (<usize>load<i32>(phase, 12) << 3);
      let from = windowOfRow;
      let bias = scratch;
      let y = yImage + <usize>(row * outputWidth + column) * pixel;
      for (let left = pixel; left > 0; from += plane, bias += weightPlane, y += PIXEL) {
        const bytes = min(left, PIXEL);
        const whole = bytes & ~15;
        const w = bias + <usize>(1 + load<i32>(phase, 8)) * PIXEL;
        outputRow(
          from, step, taps, end, bias, w, y, yPixel, residual, outputs, whole, float(args, 5), float(args, 6),
        );
        if (whole < bytes) {
          outputRow(
            from + whole, step, taps, end, bias + whole, w + whole, tail, 16, 0, outputs, 16, -Infinity, Infinity,
          );
          putTail(tail, y + whole, yPixel, residual, outputs, bytes - whole, float(args, 5), float(args, 6));
        }
        left -= bytes;
      }
    }
  }
}
