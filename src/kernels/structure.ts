// What moves pixels about: joining, cutting, transposing, padding, and every op that is a sum of pixels with fixed
// weights (means of windows, resizing, their gradients).

import { CHUNK, int, ptr, zero } from './common';
import { Four, get, One, put, turn4x4, whole } from './lanes';

/** y = x. args: x, y, elements of a sample (of the whole, when not batched), batched 0/1. */
export function copy_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const total = int(args, 2) * (int(args, 3) ? n : 1);
  const from = chunk * CHUNK;
  const at = <usize>from << 2;
  memory.copy(ptr(args, 1) + at, ptr(args, 0) + at, <usize>min(CHUNK, total - from) << 2);
}

// @ts-ignore: decorator
@inline
function weighPixels<L>(x: usize, y: usize, taps: usize, end: usize): void {
  let sum = zero();
  for (let tap = taps; tap < end; tap += 8) {
    sum = f32x4.add(sum, f32x4.mul(get<L>(x + load<u32>(tap)), v128.load_splat<f32>(tap + 4)));
  }
  put<L>(y, sum);
}

/**
 * Each pixel of y is a sum of pixels of x with weights, in the table's order. Table: for each output pixel the index of
 * its first tap, and one index more; then the taps: byte offset of the pixel in its sample, weight (float).
 * args: x, y, table, channels, input pixels, output pixels, block. A chunk: `block` output pixels of one sample.
 */
export function mixPixels(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const table = ptr(args, 2);
  const row = <usize>int(args, 3) << 2;
  const pixels = int(args, 5);
  const block = int(args, 6);
  const blocks = (pixels + block - 1) / block;
  const sample = chunk / blocks;
  const from = (chunk % blocks) * block;
  const to = min(from + block, pixels);
  const x = ptr(args, 0) + <usize>(sample * int(args, 4)) * row;
  let y = ptr(args, 1) + <usize>(sample * pixels + from) * row;
  const taps = table + (<usize>(pixels + 1) << 2);
  for (let pixel = from; pixel < to; pixel++, y += row) {
    const index = table + (<usize>pixel << 2);
    const first = taps + (<usize>load<u32>(index) << 3);
    const end = taps + (<usize>load<u32>(index, 4) << 3);
    let at: usize = 0;
    for (; at < whole(row); at += 16) weighPixels<Four>(x + at, y + at, first, end);
    for (; at < row; at += 4) weighPixels<One>(x + at, y + at, first, end);
  }
}

/**
 * Copies `count` channels of each row: y[yBegin …] = x[xBegin …].
 * args: x, y, channels of x, xBegin, channels of y, yBegin, count, rows of a sample (of the whole, when not batched),
 * batched 0/1, block. A chunk: `block` rows.
 */
export function copy_channels(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const total = int(args, 7) * (int(args, 8) ? n : 1);
  const block = int(args, 9);
  const from = chunk * block;
  const xRow = <usize>int(args, 2) << 2;
  const yRow = <usize>int(args, 4) << 2;
  const bytes = <usize>int(args, 6) << 2;
  let x = ptr(args, 0) + <usize>from * xRow + (<usize>int(args, 3) << 2);
  let y = ptr(args, 1) + <usize>from * yRow + (<usize>int(args, 5) << 2);
  for (let left = min(block, total - from); left > 0; left--, x += xRow, y += yRow) {
    let at: usize = 0;
    for (; at < whole(bytes); at += 16) put<Four>(y + at, get<Four>(x + at));
    for (; at < bytes; at += 4) put<One>(y + at, get<One>(x + at));
  }
}

/** Transposes each sample: y[column][row] = x[row][column]. args: x, y, rows, columns. A chunk: one sample. */
export function transpose_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const rows = int(args, 2);
  const columns = int(args, 3);
  const bytes = (<usize>rows * <usize>columns) << 2;
  const x = ptr(args, 0) + <usize>chunk * bytes;
  const y = ptr(args, 1) + <usize>chunk * bytes;
  const xRow = <usize>columns << 2;
  const yRow = <usize>rows << 2;
  const wholeRows = rows & ~3;
  const wholeColumns = columns & ~3;
  for (let c = 0; c < wholeColumns; c += 4) {
    let from = x + (<usize>c << 2);
    let to = y + <usize>c * yRow;
    for (let r = 0; r < wholeRows; r += 4, from += 4 * xRow, to += 16) turn4x4(from, xRow, to, yRow);
  }
  // What the 4x4 blocks leave: the last columns of all rows, then the last rows of the other columns.
  copyTurned(x, y, xRow, yRow, 0, rows, wholeColumns, columns);
  copyTurned(x, y, xRow, yRow, wholeRows, rows, 0, wholeColumns);
}

function copyTurned(x: usize, y: usize, xRow: usize, yRow: usize, row: i32, rowEnd: i32, column: i32, columnEnd: i32): void {
  for (let c = column; c < columnEnd; c++) {
    for (let r = row; r < rowEnd; r++) {
      store<f32>(y + <usize>c * yRow + (<usize>r << 2), load<f32>(x + <usize>r * xRow + (<usize>c << 2)));
    }
  }
}

// @ts-ignore: decorator
@inline
function scalePixels(pixels: v128, factors: usize, period: usize): v128 {
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_u(pixels), v128.load(factors)), v128.load(factors + period));
}

/**
 * y = pixel scale + offset. The table repeats the channels' scales four times and then the offsets, so that lanes meet
 * theirs for any number of channels. A chunk: `period` elements (a multiple of 4 · channels).
 * args: x (uint8), y, table, channels, elements of a sample, period.
 */
export function imageToFloat_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const table = ptr(args, 2);
  const period = <usize>int(args, 3) << 4;
  const from = chunk * int(args, 5);
  let left = min(int(args, 5), int(args, 4) * n - from);
  let x = ptr(args, 0) + <usize>from;
  let y = ptr(args, 1) + (<usize>from << 2);
  let at: usize = 0;
  for (; left >= 4; left -= 4, x += 4, y += 16) {
    const pixels = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(x)));
    v128.store(y, scalePixels(pixels, table + at, period));
    at += 16;
    if (at == period) at = 0;
  }
  for (; left > 0; left--, x++, y += 4, at += 4) {
    store<f32>(y, <f32>load<u8>(x) * load<f32>(table + at) + load<f32>(table + at + period));
  }
}
