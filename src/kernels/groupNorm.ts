// Group normalisation. A chunk is one sample: sums of each channel (rows.ts), added to sums of groups in float64.

import { float, int, ptr } from './common';
import { gradientRows, scaleShiftRows, sumProducts, sumSquares } from './rows';

/** Rows of a block of sums; equal to `groupNormRows` in core/plan/lowerings/norm.ts. */
const ROWS: i32 = 1024;

/**
 * args: x, y, mean, inverseDeviation, weight, bias, channels, pixels, groups, eps, lower, upper. weight, bias: 0 where
 * absent. Scratch: 3 rows of channels (mean, scale, shift), then 3 rows a block of pixels.
 */
export function groupNorm_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 6);
  const pixels = int(args, 7);
  const groups = int(args, 8);
  const row = <usize>channels << 2;
  const first = <usize>(chunk * pixels) * row;
  const x = ptr(args, 0) + first;
  const partials = scratch + 3 * row;
  for (let from = 0, p = partials; from < pixels; from += ROWS, p += 3 * row) {
    sumSquares(x + <usize>from * row, p, channels, min(ROWS, pixels - from));
  }
  const perGroup = channels / groups;
  const count = <f64>(perGroup * pixels);
  for (let g = 0; g < groups; g++) {
    const begin = <usize>(g * perGroup) << 2;
    const end = begin + (<usize>perGroup << 2);
    let sum: f64 = 0;
    for (let from = 0, p = partials; from < pixels; from += ROWS, p += 3 * row) {
      const rows = <f64>min(ROWS, pixels - from);
      for (let at = begin; at < end; at += 4) sum += <f64>load<f32>(p + at) * rows + <f64>load<f32>(p + row + at);
    }
    const mean = sum / count;
    let squares: f64 = 0;
    for (let from = 0, p = partials; from < pixels; from += ROWS, p += 3 * row) {
      const rows = <f64>min(ROWS, pixels - from);
      for (let at = begin; at < end; at += 4) {
        const e = <f64>load<f32>(p + at) - mean;
        squares += <f64>load<f32>(p + 2 * row + at) + e * (2 * <f64>load<f32>(p + row + at) + e * rows);
      }
    }
    const inverse = 1 / sqrt<f64>(max<f64>(squares, 0) / count + <f64>float(args, 9));
    const rounded = <f32>mean;
    const part = <usize>(chunk * groups + g) << 2;
    store<f32>(ptr(args, 2) + part, rounded);
    store<f32>(ptr(args, 3) + part, <f32>inverse);
    for (let at = begin; at < end; at += 4) {
      const scale = ptr(args, 4) ? inverse * <f64>load<f32>(ptr(args, 4) + at) : inverse;
      const bias: f64 = ptr(args, 5) ? <f64>load<f32>(ptr(args, 5) + at) : 0;
      store<f32>(scratch + at, rounded);
      store<f32>(scratch + row + at, <f32>scale);
      // + 0 turns -0 into 0.
      store<f32>(scratch + 2 * row + at, <f32>(bias - (mean - <f64>rounded) * scale) + 0);
    }
  }
  const y = ptr(args, 1) + first;
  scaleShiftRows(x, y, scratch, scratch + row, scratch + 2 * row, channels, pixels, float(args, 10), float(args, 11));
}

/**
 * Input gradient, and in partials[sample] = [gradWeight, gradBias] of this sample.
 * args: x, dy, mean, inverseDeviation, weight, dx, partials, channels, pixels, groups. weight: 0 where absent.
 * Scratch: 4 rows of channels (mean, scale, slope, offset), then 2 rows a block of pixels.
 */
export function groupNorm_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 7);
  const pixels = int(args, 8);
  const groups = int(args, 9);
  const row = <usize>channels << 2;
  const first = <usize>(chunk * pixels) * row;
  const x = ptr(args, 0) + first;
  const dy = ptr(args, 1) + first;
  const weight = ptr(args, 4);
  const result = ptr(args, 6) + <usize>chunk * 2 * row;
  const partials = scratch + 4 * row;
  const perGroup = channels / groups;
  const count = <f64>(perGroup * pixels);
  for (let c = 0; c < channels; c++) {
    store<f32>(scratch + (<usize>c << 2), load<f32>(ptr(args, 2) + (<usize>(chunk * groups + c / perGroup) << 2)));
  }
  for (let from = 0, p = partials; from < pixels; from += ROWS, p += 2 * row) {
    const at = <usize>from * row;
    sumProducts(x + at, dy + at, scratch, p, channels, min(ROWS, pixels - from));
  }
  for (let g = 0; g < groups; g++) {
    const inverse = <f64>load<f32>(ptr(args, 3) + (<usize>(chunk * groups + g) << 2));
    const begin = <usize>(g * perGroup) << 2;
    const end = begin + (<usize>perGroup << 2);
    let sum: f64 = 0;
    let product: f64 = 0;
    for (let at = begin; at < end; at += 4) {
      let bias: f64 = 0;
      let slope: f64 = 0;
      for (let from = 0, p = partials + at; from < pixels; from += ROWS, p += 2 * row) {
        bias += <f64>load<f32>(p);
        slope += <f64>load<f32>(p + row);
      }
      const w: f64 = weight ? <f64>load<f32>(weight + at) : 1;
      sum += w * bias;
      product += w * slope;
      store<f32>(result + at, <f32>(slope * inverse));
      store<f32>(result + row + at, <f32>bias);
      store<f32>(scratch + row + at, <f32>(w * inverse));
    }
    const slope = <f32>((-inverse * inverse * inverse * product) / count);
    const offset = <f32>((-inverse * sum) / count);
    for (let at = begin; at < end; at += 4) {
      store<f32>(scratch + 2 * row + at, slope);
      store<f32>(scratch + 3 * row + at, offset);
    }
  }
  const dx = ptr(args, 5) + first;
  gradientRows(x, dy, dx, scratch, scratch + row, scratch + 2 * row, scratch + 3 * row, channels, pixels);
}
