// Weight gradients of direct convolution and linear layers. The batch is cut into a fixed number of groups of images;
// each writes a partial gradient of its own, and reduce_partials adds them in order: threads change no bit.

import { int, madd, ptr } from './common';
import { weightGradient3x16, weightGradient4x16 } from './conv2d_wide';
import { spreadMaxima } from './pool';
import { WIDE } from './wide';

// @ts-ignore: decorator
@inline
function add8(to: usize, low: v128, high: v128, channels: i32): void {
  if (channels >= 8) {
    v128.store(to, f32x4.add(v128.load(to), low));
    v128.store(to, f32x4.add(v128.load(to, 16), high), 16);
    return;
  }
  if (channels >= 4) {
    v128.store(to, f32x4.add(v128.load(to), low));
    to += 16;
    low = high;
    channels -= 4;
  }
  if (channels > 0) store<f32>(to, load<f32>(to) + f32x4.extract_lane(low, 0));
  if (channels > 1) store<f32>(to, load<f32>(to, 4) + f32x4.extract_lane(low, 1), 4);
  if (channels > 2) store<f32>(to, load<f32>(to, 8) + f32x4.extract_lane(low, 2), 8);
}

/**
 * partial[tap, row, channel] += sum over pixels of x[tap's run, row] · gradient[pixel, channel]. A chunk is one group
 * of images, one tap and one block of rows. Pixels whose tap is padding are skipped.
 *
 * args: 0 x, 1 gradient, 2 partials [image group][weights], 3 table [tap][pixel] (byte offsets, -1 none), 4 places or 0:
 * with them the gradient is that of windows of 2x2 and a chunk has all taps, 5 bytes of an x image,
 * 6 bytes of a gradient image, 7 pixels of an image (0: the whole batch is one image, whose pixels are in the table),
 * 8 taps, 9 depth (rows of a tap), 10 output channels of a group, 11 groups, 12 images of an image group,
 * 13 rows of a block, 14 blocks of a tap, 15 output channels in all, 16 entries of a tap in the table, 17 height and
 * 18 width of a sample's gradient, 19 pixels that are summed at a time, so that they stay in a cache for all channels. Thread scratch with places: an image of the gradient.
 */
export function conv2d_backward_weight(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const depth = int(args, 9);
  const blocks = int(args, 14);
  const taps = int(args, 8);
  const all = int(args, 15);
  const places = ptr(args, 4);
  const chunkTaps = places != 0 ? taps : 1;
  const block = chunk % blocks;
  const firstTap = ((chunk / blocks) * chunkTaps) % taps;
  const part = (chunk / blocks) * chunkTaps / taps;
  const flat = int(args, 7) == 0;
  const pixels = flat ? n * int(args, 17) * int(args, 18) : int(args, 7);
  const firstImage = flat ? 0 : part * int(args, 12);
  const lastImage = flat ? 1 : min(firstImage + int(args, 12), n);
  const firstRow = block * int(args, 13);
  const lastRow = min(firstRow + int(args, 13), depth);
  const pixelBytes = <usize>all << 2;
  const tapBytes = <usize>(depth * all) << 2;
  const sums = ptr(args, 2) + <usize>(part * taps + firstTap) * tapBytes;
  for (let tap = 0; tap < chunkTaps; tap++) {
    const from = sums + <usize>tap * tapBytes + <usize>firstRow * pixelBytes;
    memory.fill(from, 0, <usize>(lastRow - firstRow) * pixelBytes);
  }
  for (let image = firstImage; image < lastImage; image++) {
    const x = ptr(args, 0) + <usize>image * <usize>int(args, 5);
    let gradient = ptr(args, 1) + <usize>image * <usize>int(args, 6);
    if (places != 0) {
      const from = places + ((<usize>image * <usize>int(args, 6)) >> 2);
      spreadMaxima(from, gradient, scratch, int(args, 17), int(args, 18), all, 0, int(args, 17) >> 1);
      gradient = scratch;
    }
    for (let tap = 0; tap < chunkTaps; tap++) {
      const table = ptr(args, 3) + (<usize>((firstTap + tap) * int(args, 16)) << 2);
      const to = sums + <usize>tap * tapBytes;
      for (let pixel = 0; pixel < pixels; pixel += int(args, 19)) {
        const last = min(pixel + int(args, 19), pixels);
        const from = gradient + <usize>pixel * pixelBytes;
        addTap(args, x, from, table + (<usize>pixel << 2), table + (<usize>last << 2), to, firstRow, lastRow);
      }
    }
  }
}

/** Adds one image's part of the gradient of one tap, of some rows of its depth; arguments as above. */
function addTap(
  args: usize, xImage: usize, gradientImage: usize, table: usize, tableEnd: usize, sums: usize, firstRow: i32, lastRow: i32,
): void {
  const depth = int(args, 9);
  const outputs = int(args, 10);
  const groups = int(args, 11);
  const pixelBytes = <usize>int(args, 15) << 2;
  for (let group = 0; group < groups; group++) {
    const x = xImage + (<usize>(group * depth) << 2);
    let channel = 0;
    if (WIDE) {
      const rows = lastRow - firstRow;
      for (; channel + 16 <= outputs && (rows % 3 == 0 || (rows & 3) == 0); channel += 16) {
        const column = <usize>(group * outputs + channel) << 2;
        let row = firstRow;
        // Threes and fours as below.
        for (; lastRow - row >= 3 && (lastRow - row) % 3 == 0 && ((lastRow - row) & 3) != 0; row += 3) {
          const to = sums + <usize>row * pixelBytes + column;
          weightGradient3x16(x + (<usize>row << 2), gradientImage + column, pixelBytes, table, tableEnd, to);
        }
        for (; row < lastRow; row += 4) {
          const to = sums + <usize>row * pixelBytes + column;
          weightGradient4x16(x + (<usize>row << 2), gradientImage + column, pixelBytes, table, tableEnd, to);
        }
      }
    }
    for (; channel < outputs; channel += 8) {
      const channels = outputs - channel;
      const column = <usize>(group * outputs + channel) << 2;
      const gradient = gradientImage + column;
      let row = firstRow;
      // Depths of a thin first layer (3 or 9) are whole threes, and no fours.
      for (; lastRow - row >= 3 && (lastRow - row) % 3 == 0 && ((lastRow - row) & 3) != 0; row += 3) {
        let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
        let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
        let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
        let g = gradient;
        const xRow = x + (<usize>row << 2);
        for (let entry = table; entry < tableEnd; entry += 4, g += pixelBytes) {
          const offset = load<i32>(entry);
          if (offset < 0) continue;
          const a = xRow + <usize>offset;
          const g0 = v128.load(g);
          const g1 = v128.load(g, 16);
          const x0 = v128.load32_splat(a);
          const x1 = v128.load32_splat(a, 4);
          const x2 = v128.load32_splat(a, 8);
          s00 = madd(s00, x0, g0);
          s01 = madd(s01, x0, g1);
          s10 = madd(s10, x1, g0);
          s11 = madd(s11, x1, g1);
          s20 = madd(s20, x2, g0);
          s21 = madd(s21, x2, g1);
        }
        const to = sums + <usize>row * pixelBytes + column;
        add8(to, s00, s01, channels);
        add8(to + pixelBytes, s10, s11, channels);
        add8(to + (pixelBytes << 1), s20, s21, channels);
      }
      for (; row + 4 <= lastRow; row += 4) {
        let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
        let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
        let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
        let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
        let g = gradient;
        const xRow = x + (<usize>row << 2);
        for (let entry = table; entry < tableEnd; entry += 4, g += pixelBytes) {
          const offset = load<i32>(entry);
          if (offset < 0) continue;
          const a = xRow + <usize>offset;
          const g0 = v128.load(g);
          const g1 = v128.load(g, 16);
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
        const to = sums + <usize>row * pixelBytes + column;
        add8(to, s00, s01, channels);
        add8(to + pixelBytes, s10, s11, channels);
        add8(to + (pixelBytes << 1), s20, s21, channels);
        add8(to + pixelBytes * 3, s30, s31, channels);
      }
      for (; row < lastRow; row++) {
        let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
        let g = gradient;
        const xRow = x + (<usize>row << 2);
        for (let entry = table; entry < tableEnd; entry += 4, g += pixelBytes) {
          const offset = load<i32>(entry);
          if (offset < 0) continue;
          const value = v128.load32_splat(xRow + <usize>offset);
          s0 = madd(s0, value, v128.load(g));
          s1 = madd(s1, value, v128.load(g, 16));
        }
        add8(sums + <usize>row * pixelBytes + column, s0, s1, channels);
      }
    }
  }
}

/** total[i] = sum over parts, in order. args: 0 partials, 1 total, 2 elements, 3 parts, 4 elements of a chunk. */
export function reduce_partials(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const elements = int(args, 2);
  const parts = int(args, 3);
  const from = chunk * int(args, 4);
  const to = min(from + int(args, 4), elements);
  const stride = <usize>elements << 2;
  let source = ptr(args, 0) + (<usize>from << 2);
  let target = ptr(args, 1) + (<usize>from << 2);
  let i = from;
  for (; i + 4 <= to; i += 4, source += 16, target += 16) {
    let sum = v128.load(source);
    let at = source + stride;
    for (let part = 1; part < parts; part++, at += stride) sum = f32x4.add(sum, v128.load(at));
    v128.store(target, sum);
  }
  for (; i < to; i++, source += 4, target += 4) {
    let sum = load<f32>(source);
    let at = source + stride;
    for (let part = 1; part < parts; part++, at += stride) sum += load<f32>(at);
    store<f32>(target, sum);
  }
}
