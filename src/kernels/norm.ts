// Batch normalisation, and the gradient of a bias. Rows (pixels of all samples) are cut in blocks of `block` rows; each
// chunk sums one block, a second call adds the blocks in their order in float64.

import { float, int, ptr, readAhead } from './common';
import { gradientRows, scaleShiftRows, sumColumns, sumProducts, sumSquares } from './rows';

/** Channels a chunk of a combining call handles; equal to `channelsPerChunk` in core/plan/lowerings/norm.ts. */
const CHANNELS: i32 = 64;

/** Bytes of a row that sums take at once: of wider ones they read a line here and there, which no machine foresees. */
const ONE_LINE: usize = 64;

/**
 * Sums of one block of rows: partials[chunk] = [shift, Σ(x - shift), Σ(x - shift)²] of each channel.
 * args: x, partials, channels, rows of a sample, block.
 */
export function batchNorm_statistics(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 2);
  const from = chunk * int(args, 4);
  const row = <usize>channels << 2;
  const out = ptr(args, 1) + <usize>chunk * 3 * row;
  const rows = min(int(args, 3) * n - from, int(args, 4));
  const x = ptr(args, 0) + <usize>from * row;
  if (row > ONE_LINE) readAhead(x, x + <usize>rows * row);
  sumSquares(x, out, channels, rows);
}

/**
 * Adds the blocks' sums in float64 about the true mean (Chan, Golub, LeVeque 1983), updates the running statistics and
 * prepares what `batchNorm_apply` needs: y = (x - mean) scale + shift, where shift also holds what rounding took from
 * the mean. A chunk: 64 channels. weight, bias: 0 where absent.
 * args: partials, mean, inverseDeviation, runningMean, runningVar, weight, bias, scale, shift, channels, rows of a
 * sample, block, eps, momentum, 1 - momentum.
 */
export function batchNorm_combine(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 9);
  const total = int(args, 10) * n;
  const block = int(args, 11);
  const eps = <f64>float(args, 12);
  const momentum = <f64>float(args, 13);
  const keep = <f64>float(args, 14);
  const row = <usize>channels << 2;
  const to = min((chunk + 1) * CHANNELS, channels);
  for (let c = chunk * CHANNELS; c < to; c++) {
    const at = <usize>c << 2;
    let p = ptr(args, 0) + at;
    let sum: f64 = 0;
    for (let left = total; left > 0; left -= block, p += 3 * row) {
      sum += <f64>load<f32>(p) * <f64>min(left, block) + <f64>load<f32>(p + row);
    }
    const mean = sum / <f64>total;
    let squares: f64 = 0;
    p = ptr(args, 0) + at;
    for (let left = total; left > 0; left -= block, p += 3 * row) {
      const e = <f64>load<f32>(p) - mean;
      squares += <f64>load<f32>(p + 2 * row) + e * (2 * <f64>load<f32>(p + row) + e * <f64>min(left, block));
    }
    squares = max<f64>(squares, 0);
    const inverse = 1 / sqrt<f64>(squares / <f64>total + eps);
    const rounded = <f32>mean;
    store<f32>(ptr(args, 1) + at, rounded);
    store<f32>(ptr(args, 2) + at, <f32>inverse);
    const runningMean = ptr(args, 3) + at;
    const runningVar = ptr(args, 4) + at;
    store<f32>(runningMean, <f32>(keep * <f64>load<f32>(runningMean) + momentum * mean));
    const variance = squares / <f64>max(total - 1, 1);
    store<f32>(runningVar, <f32>(keep * <f64>load<f32>(runningVar) + momentum * variance));
    writeScaleShift(args, 5, at, inverse, mean - <f64>rounded);
  }
}

/** scale and shift of one channel from words k: weight, bias, scale, shift. */
// @ts-ignore: decorator
@inline
function writeScaleShift(args: usize, k: i32, at: usize, inverse: f64, rest: f64): void {
  const weight = ptr(args, k);
  const bias = ptr(args, k + 1);
  const scale = weight ? inverse * <f64>load<f32>(weight + at) : inverse;
  store<f32>(ptr(args, k + 2) + at, <f32>scale);
  // + 0 turns -0 into 0.
  store<f32>(ptr(args, k + 3) + at, <f32>((bias ? <f64>load<f32>(bias + at) : 0) - rest * scale) + 0);
}

/** scale and shift from given statistics. args: runningVar, weight, bias, scale, shift, channels, eps. One chunk. */
export function batchNormEval_prepare(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 5);
  for (let c = 0; c < channels; c++) {
    const at = <usize>c << 2;
    const inverse = 1 / sqrt<f64>(<f64>load<f32>(ptr(args, 0) + at) + <f64>float(args, 6));
    writeScaleShift(args, 1, at, inverse, 0);
  }
}

/**
 * The same as one scale and one shift of x itself. args: runningVar, weight, bias, scale, shift, channels, eps,
 * runningMean. One chunk.
 */
export function batchNormEval_affine(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 5);
  for (let c = 0; c < channels; c++) {
    const at = <usize>c << 2;
    const inverse = 1 / sqrt<f64>(<f64>load<f32>(ptr(args, 0) + at) + <f64>float(args, 6));
    writeScaleShift(args, 1, at, inverse, <f64>load<f32>(ptr(args, 7) + at));
  }
}

/**
 * y = clamp((x - mean) scale + shift), y may be x. A chunk: one block of rows.
 * args: x, y, mean, scale, shift, channels, rows of a sample, block, lower, upper.
 */
export function batchNorm_apply(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 5);
  const from = chunk * int(args, 7);
  const rows = min(int(args, 6) * n - from, int(args, 7));
  const first = <usize>from * (<usize>channels << 2);
  scaleShiftRows(
    ptr(args, 0) + first, ptr(args, 1) + first, ptr(args, 2), ptr(args, 3), ptr(args, 4), channels, rows,
    float(args, 8), float(args, 9),
  );
}

/**
 * Sums of one block for the gradients: partials[chunk] = [Σ dy, Σ dy (x - mean)] of each channel.
 * args: x, dy, mean, partials, channels, rows of a sample, block.
 */
export function batchNorm_backward_sums(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 4);
  const from = chunk * int(args, 6);
  const rows = min(int(args, 5) * n - from, int(args, 6));
  const row = <usize>channels << 2;
  const x = ptr(args, 0) + <usize>from * row;
  const dy = ptr(args, 1) + <usize>from * row;
  const out = ptr(args, 3) + <usize>chunk * 2 * row;
  if (row > ONE_LINE) {
    readAhead(x, x + <usize>rows * row);
    readAhead(dy, dy + <usize>rows * row);
  }
  sumProducts(x, dy, ptr(args, 2), out, channels, rows);
}

/**
 * Adds the blocks' sums: gradWeight, gradBias, and the factors of `batchNorm_backward_apply`:
 * dx = scale dy + slope (x - mean) + offset. A chunk: 64 channels. weight: 0 where absent.
 * args: partials, inverseDeviation, weight, gradWeight, gradBias, scale, slope, offset, channels, rows of a sample, block.
 */
export function batchNorm_backward_combine(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 8);
  const total = int(args, 9) * n;
  const block = int(args, 10);
  const row = <usize>channels << 2;
  const weight = ptr(args, 2);
  const to = min((chunk + 1) * CHANNELS, channels);
  for (let c = chunk * CHANNELS; c < to; c++) {
    const at = <usize>c << 2;
    let p = ptr(args, 0) + at;
    let sum: f64 = 0;
    let product: f64 = 0;
    for (let left = total; left > 0; left -= block, p += 2 * row) {
      sum += <f64>load<f32>(p);
      product += <f64>load<f32>(p + row);
    }
    const inverse = <f64>load<f32>(ptr(args, 1) + at);
    const scale = weight ? inverse * <f64>load<f32>(weight + at) : inverse;
    store<f32>(ptr(args, 3) + at, <f32>(product * inverse));
    store<f32>(ptr(args, 4) + at, <f32>sum);
    store<f32>(ptr(args, 5) + at, <f32>scale);
    store<f32>(ptr(args, 6) + at, <f32>((-scale * inverse * inverse * product) / <f64>total));
    store<f32>(ptr(args, 7) + at, <f32>((-scale * sum) / <f64>total));
  }
}

/** args: x, dy, dx, mean, scale, slope, offset, channels, rows of a sample, block. A chunk: one block of rows. */
export function batchNorm_backward_apply(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 7);
  const from = chunk * int(args, 9);
  const rows = min(int(args, 8) * n - from, int(args, 9));
  const first = <usize>from * (<usize>channels << 2);
  gradientRows(
    ptr(args, 0) + first, ptr(args, 1) + first, ptr(args, 2) + first, ptr(args, 3), ptr(args, 4), ptr(args, 5),
    ptr(args, 6), channels, rows,
  );
}

/** Sums of one block: partials[chunk] = Σ dy of each channel. args: dy, partials, channels, rows of a sample, block. */
export function biasBackward_sums(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 2);
  const from = chunk * int(args, 4);
  const row = <usize>channels << 2;
  const rows = min(int(args, 3) * n - from, int(args, 4));
  const dy = ptr(args, 0) + <usize>from * row;
  if (row > ONE_LINE) readAhead(dy, dy + <usize>rows * row);
  sumColumns(dy, ptr(args, 1) + <usize>chunk * row, channels, rows);
}

/**
 * Adds partial sums in their order, in float64: sum[c] = Σ partials[i][begin + c]. A chunk: 64 channels.
 * args: partials, sum, channels, floats of one partial, begin, rows of a sample, block: one partial a block.
 */
export function sumPartials(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 2);
  const step = <usize>int(args, 3) << 2;
  const total = int(args, 5) * n;
  const block = int(args, 6);
  const to = min((chunk + 1) * CHANNELS, channels);
  for (let c = chunk * CHANNELS; c < to; c++) {
    let p = ptr(args, 0) + (<usize>(int(args, 4) + c) << 2);
    let sum: f64 = 0;
    for (let left = total; left > 0; left -= block, p += step) sum += <f64>load<f32>(p);
    store<f32>(ptr(args, 1) + (<usize>c << 2), <f32>sum);
  }
}
