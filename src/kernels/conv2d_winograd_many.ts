// Winograd's weight gradient for many channels on few tiles, dU = Vᵀ · A dY Aᵀ: sums over parts of the batch would each be
// four times as large as the weight. So all tiles are transformed first, and each 8 input channels are then summed over
// the whole batch. What comes between is stored in groups of 8 channels: [group][36][tiles][8].

import { int, madd, ptr, zero } from './common';
import { transformGradient } from './winograd_outputs';
import { clearOutside, put8, transformInputTile, Whole } from './winograd_transforms';
import { transformBack6 } from './winograd_weights';

/** Bytes of one of the 36 planes of a group; 64 more than it holds, since 36 planes at a power of two share few sets. */
// @ts-ignore: decorator
@inline
function planeOf(tiles: i32): usize {
  return (<usize>tiles << 5) + 64;
}

/**
 * V and dM of all tiles. A chunk is a block of tiles.
 *
 * args: 0 x, 1 gradient, 2 V, 3 dM, 4 height, 5 width, 6 input channels, 7 output height, 8 output width, 9 output channels,
 * 10 padding top, 11 padding left, 12 tiles in a column of an image, 13 tiles in a row, 14 tiles of a block, 15 places or
 * 0 (as conv2d_backward_winograd). Thread scratch: 42 double vectors and 36 pixels.
 */
export function conv2d_backward_weight_winograd_transform(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 4);
  const width = int(args, 5);
  const inputs = int(args, 6);
  const outputHeight = int(args, 7);
  const outputWidth = int(args, 8);
  const outputs = int(args, 9);
  const tilesX = int(args, 13);
  const tilesOfImage = int(args, 12) * tilesX;
  const tiles = n * tilesOfImage;
  const plane = planeOf(tiles);
  const xImage = <usize>(height * width * inputs) << 2;
  const last = min((chunk + 1) * int(args, 14), tiles);
  clearOutside(scratch, inputs);
  for (let i = chunk * int(args, 14); i < last; i++) {
    const image = i / tilesOfImage;
    const tile = i - image * tilesOfImage;
    const ty = tile / tilesX;
    const tx = tile - ty * tilesX;
    transformInputTile<Whole>(
      ptr(args, 0) + <usize>image * xImage, 4 * ty - int(args, 10), 4 * tx - int(args, 11), height, width, inputs,
      ptr(args, 2) + (<usize>i << 5), plane, 36 * plane, scratch,
    );
    transformGradient(
      ptr(args, 1), ptr(args, 15), image, ty, tx, outputHeight, outputWidth, outputs, ptr(args, 3) + (<usize>i << 5), plane,
      36 * plane, scratch,
    );
  }
}

/** to[4 inputs, 8 outputs] = Σ over tiles of V · dM; rows of `to` are 32 bytes apart. */
// @ts-ignore: decorator
@inline
function multiplyTiles(v: usize, m: usize, end: usize, to: usize): void {
  let s00 = zero(), s01 = zero();
  let s10 = zero(), s11 = zero();
  let s20 = zero(), s21 = zero();
  let s30 = zero(), s31 = zero();
  for (; v < end; v += 32, m += 32) {
    const g0 = v128.load(m);
    const g1 = v128.load(m, 16);
    const x0 = v128.load32_splat(v);
    const x1 = v128.load32_splat(v, 4);
    s00 = madd(s00, x0, g0);
    s01 = madd(s01, x0, g1);
    s10 = madd(s10, x1, g0);
    s11 = madd(s11, x1, g1);
    const x2 = v128.load32_splat(v, 8);
    const x3 = v128.load32_splat(v, 12);
    s20 = madd(s20, x2, g0);
    s21 = madd(s21, x2, g1);
    s30 = madd(s30, x3, g0);
    s31 = madd(s31, x3, g1);
  }
  put8(to, s00, s01);
  put8(to + 32, s10, s11);
  put8(to + 64, s20, s21);
  put8(to + 96, s30, s31);
}

/**
 * dW = Gᵀ (Σ over tiles of Vᵀ dM) G. A chunk is a group of 8 input channels.
 *
 * args: 0 V, 1 dM, 2 weight gradient [9][inputs][outputs], 3 tiles of an image, 4 inputs, 5 outputs. Thread scratch: dU of
 * 8 inputs and 8 outputs, [36][8][8], and 18 double vectors.
 */
export function conv2d_backward_weight_winograd_multiply(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const inputs = int(args, 4);
  const outputs = int(args, 5);
  const plane = planeOf(n * int(args, 3));
  const rows = plane - 64;
  const v = ptr(args, 0) + <usize>(36 * chunk) * plane;
  const half = scratch + 36 * 256;
  const tap = <usize>(inputs * outputs) << 2;
  const row = <usize>outputs << 2;
  let m = ptr(args, 1);
  for (let output: usize = 0; output < row; output += 32) {
    for (let k: usize = 0; k < 36; k++, m += plane) {
      const from = v + k * plane;
      multiplyTiles(from, m, from + rows, scratch + (k << 8));
      multiplyTiles(from + 16, m, from + 16 + rows, scratch + (k << 8) + 128);
    }
    for (let i: usize = 0; i < 8; i++) {
      const u = scratch + (i << 5);
      for (let j: usize = 0; j < 6; j++) transformBack6(u + (j << 8), 6 * 256, half + (j << 5), 192);
      const to = ptr(args, 2) + <usize>(8 * chunk + <i32>i) * row + output;
      for (let j: usize = 0; j < 3; j++) transformBack6(half + j * 192, 32, to + 3 * j * tap, tap);
    }
  }
}
