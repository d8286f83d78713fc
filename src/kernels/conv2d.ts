// Direct convolution as a matrix product whose left rows are found through a table of pixel offsets (indirection):
// any kernel size, stride, padding, dilation and grouping, without an im2col copy. The same kernel computes the
// forward pass, the input gradient (with the transposed table and weights) and linear layers (one tap).
//
// A *tap* is one run of `depth` consecutive floats of the input: a kernel position with all its channels, or, for
// thin inputs, a whole kernel row. Offsets are bytes from the image's start; -1 means a pixel of zeros.

import { epilogue, int, larger, madd, ptr } from './common';
import { forwardThin } from './conv2d_thin';
import { forward16 } from './conv2d_wide';
import { turn4x4 } from './lanes';
import { placeOf4, storePlaces8 } from './places';
import { WIDE } from './wide';

/** Sums of two tiles of channels begin here where there is no bias. */
const ZEROS: usize = memory.data(64, 16);

/** Adds the residual (0: none), applies the epilogue and stores up to 8 channels of one pixel. */
// @ts-ignore: decorator
@inline
function store8(y: usize, low: v128, high: v128, channels: i32, code: i32, residual: usize): void {
  if (residual != 0) {
    low = f32x4.add(low, v128.load(residual));
    high = f32x4.add(high, v128.load(residual, 16));
  }
  low = epilogue(low, code);
  high = epilogue(high, code);
  if (channels >= 8) {
    v128.store(y, low);
    v128.store(y, high, 16);
    return;
  }
  if (channels >= 4) {
    v128.store(y, low);
    y += 16;
    low = high;
    channels -= 4;
  }
  if (channels > 0) store<f32>(y, f32x4.extract_lane(low, 0));
  if (channels > 1) store<f32>(y, f32x4.extract_lane(low, 1), 4);
  if (channels > 2) store<f32>(y, f32x4.extract_lane(low, 2), 8);
}

/**
 * y[pixel, channel] = epilogue(bias[channel] + sum over taps and depth of x · weight + residual[pixel, channel]).
 *
 * args: 0 x, 1 packed weights [group][tile of 8 channels][tap][depth][8], 2 bias (padded to tiles: see pack_bias) or 0,
 * 3 y, 4 table [pixel][tap], 5 byte offset in y of each pixel, 6 zeros (depth floats), 7 bytes of an x image,
 * 8 bytes of a y image, 9 pixels of an image (0: the batch is the pixels of one image), 10 taps, 11 depth,
 * 12 output channels of a group, 13 byte offset between the groups' inputs, 14 pixels of a chunk, 15 chunks an image,
 * 16 channel tiles of a chunk, 17 channel chunks, 18 channel tiles in all, 19 tiles of a group, 20 epilogue,
 * 21 residual (as y) or 0, 22 halving: 1 stores the maximum of each four pixels of the table, at the first one's place,
 * 23 with halving: which of the four it was (as y, a byte each) or 0, 24 bytes from any tap of a pixel to its next, where
 * that is so for all and none is outside, else 0.
 */
export function conv2d_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const taps = int(args, 10);
  const depth = int(args, 11);
  const groupChannels = int(args, 12);
  const code = int(args, 20);
  const halving = int(args, 22) != 0;
  const zeros = ptr(args, 6);
  const channelChunks = int(args, 17);
  const channelChunk = chunk % channelChunks;
  const block = (chunk / channelChunks) % int(args, 15);
  const image = chunk / channelChunks / int(args, 15);
  const pixels = int(args, 9) == 0 ? n : int(args, 9);
  const firstPixel = block * int(args, 14);
  const lastPixel = min(firstPixel + int(args, 14), pixels);
  const xImage = ptr(args, 0) + <usize>image * <usize>int(args, 7);
  const yImage = ptr(args, 3) + <usize>image * <usize>int(args, 8);
  const table = ptr(args, 4);
  const rowBytes = <usize>taps << 2;
  const groupTiles = int(args, 19);
  const tileBytes = <usize>(taps * depth) << 5;
  const firstTile = channelChunk * int(args, 16);
  const lastTile = min(firstTile + int(args, 16), int(args, 18));
  const depthBytes = <usize>depth << 2;

  // Pixels of which the tile before has done this one's too.
  let pixelsDone = firstPixel;
  let done = false;
  for (let tile = firstTile; tile < lastTile; tile++) {
    const group = tile / groupTiles;
    const channel = (tile - group * groupTiles) << 3;
    const channels = groupChannels - channel;
    const x = xImage + <usize>group * <usize>int(args, 13);
    const y = yImage + (<usize>(group * groupChannels + channel) << 2);
    const residual = ptr(args, 21) != 0 ? y - ptr(args, 3) + ptr(args, 21) : 0;
    const weights = ptr(args, 1) + <usize>tile * tileBytes;
    const bias = ptr(args, 2) != 0 ? ptr(args, 2) + (<usize>tile << 5) : ZEROS;
    const bias0 = v128.load(bias);
    const bias1 = v128.load(bias, 16);
    const places = ptr(args, 23) != 0 ? ptr(args, 23) + ((y - ptr(args, 3)) >> 2) : 0;
    if (WIDE) {
      if (done) done = false;
      else if (channels >= 16 && tile + 1 < lastTile) {
        pixelsDone = forward16(
          firstPixel, lastPixel, table + <usize>firstPixel * rowBytes, rowBytes,
          ptr(args, 5) + (<usize>firstPixel << 2), depthBytes, x, zeros, weights, tileBytes, bias, y, code, residual,
          halving, places,
        );
        done = true;
      } else pixelsDone = firstPixel;
    }
    let pixel = pixelsDone;
    let row = table + <usize>pixel * rowBytes;
    let place = ptr(args, 5) + (<usize>pixel << 2);
    if (int(args, 24) != 0 && residual == 0 && channels >= 8) {
      const left = forwardThin(
        row, table + <usize>lastPixel * rowBytes, rowBytes, place, depthBytes, <usize>int(args, 24), x, weights, bias, y,
        code, halving, places,
      );
      pixel += <i32>((left - row) / rowBytes);
      place += (left - row) / rowBytes << 2;
      row = left;
    }
    for (; pixel + 4 <= lastPixel; pixel += 4, row += rowBytes << 2, place += 16) {
      let s00 = bias0, s01 = bias1;
      let s10 = bias0, s11 = bias1;
      let s20 = bias0, s21 = bias1;
      let s30 = bias0, s31 = bias1;
      let w = weights;
      for (let tap: usize = row; tap < row + rowBytes; tap += 4) {
        const o0 = load<i32>(tap);
        const o1 = load<i32>(tap + rowBytes);
        const o2 = load<i32>(tap + (rowBytes << 1));
        const o3 = load<i32>(tap + rowBytes * 3);
        // All four pixels are padding: nothing is added.
        if ((o0 & o1 & o2 & o3) < 0) {
          w += depthBytes << 3;
          continue;
        }
        let a0 = o0 < 0 ? zeros : x + <usize>o0;
        let a1 = o1 < 0 ? zeros : x + <usize>o1;
        let a2 = o2 < 0 ? zeros : x + <usize>o2;
        let a3 = o3 < 0 ? zeros : x + <usize>o3;
        const end = a0 + depthBytes;
        while (a0 < end) {
          const w0 = v128.load(w);
          const w1 = v128.load(w, 16);
          const x0 = v128.load32_splat(a0);
          const x1 = v128.load32_splat(a1);
          s00 = madd(s00, x0, w0);
          s01 = madd(s01, x0, w1);
          s10 = madd(s10, x1, w0);
          s11 = madd(s11, x1, w1);
          const x2 = v128.load32_splat(a2);
          const x3 = v128.load32_splat(a3);
          s20 = madd(s20, x2, w0);
          s21 = madd(s21, x2, w1);
          s30 = madd(s30, x3, w0);
          s31 = madd(s31, x3, w1);
          w += 32;
          a0 += 4;
          a1 += 4;
          a2 += 4;
          a3 += 4;
        }
      }
      if (halving) {
        if (places != 0) {
          const to = places + (<usize>load<u32>(place) >> 2);
          storePlaces8(to, placeOf4(s00, s10, s20, s30), placeOf4(s01, s11, s21, s31), channels);
        }
        s00 = larger(larger(s00, s10), larger(s20, s30));
        s01 = larger(larger(s01, s11), larger(s21, s31));
        store8(y + <usize>load<u32>(place), s00, s01, channels, code, 0);
        continue;
      }
      const y0 = y + <usize>load<u32>(place);
      const y1 = y + <usize>load<u32>(place, 4);
      const y2 = y + <usize>load<u32>(place, 8);
      const y3 = y + <usize>load<u32>(place, 12);
      store8(y0, s00, s01, channels, code, residual != 0 ? residual + (y0 - y) : 0);
      store8(y1, s10, s11, channels, code, residual != 0 ? residual + (y1 - y) : 0);
      store8(y2, s20, s21, channels, code, residual != 0 ? residual + (y2 - y) : 0);
      store8(y3, s30, s31, channels, code, residual != 0 ? residual + (y3 - y) : 0);
    }
    for (; pixel < lastPixel; pixel++, row += rowBytes, place += 4) {
      let s0 = bias0, s1 = bias1;
      let w = weights;
      for (let tap: usize = row; tap < row + rowBytes; tap += 4) {
        const offset = load<i32>(tap);
        if (offset < 0) {
          w += depthBytes << 3;
          continue;
        }
        let a = x + <usize>offset;
        const end = a + depthBytes;
        for (; a < end; a += 4, w += 32) {
          const value = v128.load32_splat(a);
          s0 = madd(s0, value, v128.load(w));
          s1 = madd(s1, value, v128.load(w, 16));
        }
      }
      store8(y + <usize>load<u32>(place), s0, s1, channels, code, residual != 0 ? residual + <usize>load<u32>(place) : 0);
    }
  }
}

/**
 * Packs weights [tap][depth][output channels] for conv2d_forward; a chunk is one tile of 8 output channels.
 * Channels beyond the group's last are zeros.
 *
 * args: 0 weights, 1 packed, 2 rows (taps · depth), 3 output channels in all, 4 output channels of a group,
 * 5 tiles of a group, 6 bias or 0, 7 packed bias.
 */
export function conv2d_pack_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const rows = int(args, 2);
  const stride = <usize>int(args, 3) << 2;
  const group = chunk / int(args, 5);
  const inGroup = (chunk - group * int(args, 5)) << 3;
  const channel = group * int(args, 4) + inGroup;
  const valid = min(8, int(args, 4) - inGroup);
  let from = ptr(args, 0) + (<usize>channel << 2);
  let to = ptr(args, 1) + (<usize>(rows * chunk) << 5);
  for (let row = 0; row < rows; row++, from += stride, to += 32) copy8(from, to, valid);
  if (ptr(args, 6) != 0) copy8(ptr(args, 6) + (<usize>channel << 2), ptr(args, 7) + (<usize>chunk << 5), valid);
}

// @ts-ignore: decorator
@inline
function copy8(from: usize, to: usize, valid: i32): void {
  if (valid == 8) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  } else {
    for (let i = 0; i < 8; i++) store<f32>(to + (<usize>i << 2), i < valid ? load<f32>(from + (<usize>i << 2)) : 0);
  }
}

/**
 * Packs weights [tap][input channels of a group][output channels] for the input gradient: the roles of the channels
 * are exchanged; a chunk is one tile of 8 input channels of one group.
 *
 * args: 0 weights, 1 packed [group][tile][tap][output channels of a group][8], 2 taps, 3 input channels of a group,
 * 4 output channels of a group, 5 output channels in all, 6 tiles of a group.
 */
export function conv2d_pack_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const taps = int(args, 2);
  const inputs = int(args, 3);
  const outputs = int(args, 4);
  const all = int(args, 5);
  const group = chunk / int(args, 6);
  const channel = (chunk - group * int(args, 6)) << 3;
  const valid = min(8, inputs - channel);
  const row = <usize>all << 2;
  let to = ptr(args, 1) + (<usize>(taps * outputs * chunk) << 5);
  for (let tap = 0; tap < taps; tap++) {
    const base = ptr(args, 0) + (<usize>((tap * inputs + channel) * all + group * outputs) << 2);
    let output = 0;
    if (valid >= 8) {
      for (; output + 4 <= outputs; output += 4, to += 128) {
        const from = base + (<usize>output << 2);
        turn4x4(from, row, to, 32);
        turn4x4(from + 4 * row, row, to + 16, 32);
      }
    }
    for (; output < outputs; output++, to += 32) {
      const from = base + (<usize>output << 2);
      for (let i = 0; i < 8; i++) {
        store<f32>(to + (<usize>i << 2), i < valid ? load<f32>(from + (<usize>(i * all) << 2)) : 0);
      }
    }
  }
}

/**
 * Folds a scale and a shift of each output channel into weights [rows][channels] and bias; a chunk is 64 rows.
 * args: 0 weights, 1 bias or 0, 2 scale, 3 shift, 4 folded weights, 5 folded bias, 6 rows, 7 channels.
 */
export function conv2d_fold(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 7);
  const bytes = <usize>channels << 2;
  const first = chunk << 6;
  const last = min(first + 64, int(args, 6));
  const scale = ptr(args, 2);
  for (let row = first; row < last; row++) {
    const from = ptr(args, 0) + <usize>row * bytes;
    const to = ptr(args, 4) + <usize>row * bytes;
    for (let c: usize = 0; c < bytes; c += 4) store<f32>(to + c, load<f32>(from + c) * load<f32>(scale + c));
  }
  if (chunk > 0) return;
  for (let c: usize = 0; c < bytes; c += 4) {
    const bias: f32 = ptr(args, 1) ? load<f32>(ptr(args, 1) + c) : 0;
    store<f32>(ptr(args, 5) + c, bias * load<f32>(scale + c) + load<f32>(ptr(args, 3) + c));
  }
}

/** Copies images into a frame of zeros; a chunk is one image. args: 0 x, 1 padded, 2 height, 3 width, 4 channels, 5 top, 6 bottom, 7 left, 8 right. */
export function conv2d_pad(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 2);
  const row = <usize>(int(args, 3) * int(args, 4)) << 2;
  const left = <usize>(int(args, 7) * int(args, 4)) << 2;
  const right = <usize>(int(args, 8) * int(args, 4)) << 2;
  const paddedRow = row + left + right;
  let from = ptr(args, 0) + <usize>chunk * (<usize>height * row);
  let to = ptr(args, 1) + <usize>chunk * (<usize>(height + int(args, 5) + int(args, 6)) * paddedRow);
  memory.fill(to, 0, <usize>int(args, 5) * paddedRow);
  to += <usize>int(args, 5) * paddedRow;
  for (let y = 0; y < height; y++, from += row, to += paddedRow) {
    memory.fill(to, 0, left);
    memory.copy(to + left, from, row);
    memory.fill(to + left + row, 0, right);
  }
  memory.fill(to, 0, <usize>int(args, 6) * paddedRow);
}
