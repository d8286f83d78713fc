// The gradients of Winograd's convolution (see conv2d_winograd.ts), both in the adjoint form of its forward pass.

import { int, ptr } from './common';
import { readTilesAhead } from './winograd_ahead';
import { transformGradient } from './winograd_outputs';
import { multiplyPlane, multiplyTransposed } from './winograd_products';
import { addInputTile, clearOutside, planeBytes, transformInputTile, Whole } from './winograd_transforms';
import { transformBack6 } from './winograd_weights';

/** Reads ahead the gradient of tiles `first` to `last`, or, with places, that of the result's windows of 2x2. */
function readGradientAhead(args: usize, gradient: usize, first: i32, last: i32): void {
  const halved: i32 = ptr(args, 15) != 0 ? 1 : 0;
  const row = <usize>((int(args, 8) >> halved) * int(args, 9)) << 2;
  const tilesX = int(args, 13);
  readTilesAhead(gradient, first, last, tilesX, int(args, 12) * tilesX, 4 >> halved, 0, 0, int(args, 7) >> halved, row);
}

/** Zeros the rows of a picture that a row of tiles adds to and none before it did; the last one's all that are left. */
function clearRows(x: usize, ty: i32, tilesY: i32, top: i32, height: i32, rowBytes: usize): void {
  const from = ty == 0 ? 0 : max(0, min(height, 4 * ty - top + 2));
  const end = ty == tilesY - 1 ? height : max(0, min(height, 4 * ty - top + 6));
  if (end > from) memory.fill(x + <usize>from * rowBytes, 0, <usize>(end - from) * rowBytes);
}

/**
 * Gradients of the convolution in the adjoint form, of which dM = A dY Aᵀ is the common part: by the weights the partial
 * dU [36][inputs][outputs] = Vᵀ dM of one part of the batch, and by the input dx = Σ over tiles of B [ dM Uᵀ ] Bᵀ, or one
 * of both. Tiles are those of the output, so a valid convolution has fewer than a convolution of dY with turned weights
 * would. A chunk is a group of images, whose sums over blocks and whose tiles, which overlap by two pixels, are added in
 * their order.
 *
 * args: 0 x, 1 gradient, 2 partials [part][36][inputs][outputs] or 0, 3 images of a group, 4 height, 5 width,
 * 6 input channels, 7 output height, 8 output width, 9 output channels, 10 padding top, 11 padding left, 12 tiles in a
 * column of an image, 13 tiles in a row, 14 tiles of a block, 15 places or 0: with them the gradient is that of the
 * result's windows of 2x2, 16 Uᵀ [36][tile of 8 inputs][outputs][8], 17 gradX or 0. Thread scratch: V, which dV replaces,
 * dM, 42 double vectors and 36 pixels.
 */
export function conv2d_backward_winograd(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 4);
  const width = int(args, 5);
  const inputs = int(args, 6);
  const outputHeight = int(args, 7);
  const outputWidth = int(args, 8);
  const outputs = int(args, 9);
  const top = int(args, 10);
  const tilesY = int(args, 12);
  const tilesX = int(args, 13);
  const tilesOfImage = tilesY * tilesX;
  const block = int(args, 14);
  const partials = ptr(args, 2);
  const gradX = ptr(args, 17);
  const firstTile = chunk * int(args, 3) * tilesOfImage;
  const lastTile = min((chunk + 1) * int(args, 3), n) * tilesOfImage;
  const v = scratch;
  const vPlane = planeBytes(block, inputs);
  const m = v + 36 * vPlane;
  const mPlane = planeBytes(block, outputs);
  const work = m + 36 * mPlane;
  const xRow = <usize>(width * inputs) << 2;
  const xImage = <usize>height * xRow;
  const uPlane = planeBytes(inputs, outputs);
  const u = partials + <usize>chunk * 36 * uPlane;
  if (partials != 0) {
    memory.fill(u, 0, 36 * uPlane);
    clearOutside(work, inputs);
  }
  for (let first = firstTile; first < lastTile; first += block) {
    const count = min(block, lastTile - first);
    const last = first + count - 1;
    if (partials != 0) readTilesAhead(ptr(args, 0), first, last, tilesX, tilesOfImage, 4, top, 2 - top, height, xRow);
    readGradientAhead(args, ptr(args, 1), first, last);
    for (let i = 0; i < count; i++) {
      const image = (first + i) / tilesOfImage;
      const tile = first + i - image * tilesOfImage;
      const ty = tile / tilesX;
      const tx = tile - ty * tilesX;
      if (partials != 0) {
        transformInputTile<Whole>(
          ptr(args, 0) + <usize>image * xImage, 4 * ty - top, 4 * tx - int(args, 11), height, width, inputs,
          v + (<usize>(i * inputs) << 2), vPlane, 32, work,
        );
      }
      transformGradient(
        ptr(args, 1), ptr(args, 15), image, ty, tx, outputHeight, outputWidth, outputs, m + (<usize>(i * outputs) << 2),
        mPlane, 32, work,
      );
    }
    for (let k: usize = 0; k < 36; k++) {
      if (partials != 0) multiplyTransposed(v + k * vPlane, m + k * mPlane, u + k * uPlane, count, inputs, outputs);
      if (gradX != 0) multiplyPlane(m + k * mPlane, ptr(args, 16) + k * uPlane, v + k * vPlane, count, outputs, inputs);
    }
    if (gradX == 0) continue;
    for (let i = 0; i < count; i++) {
      const image = (first + i) / tilesOfImage;
      const tile = first + i - image * tilesOfImage;
      const ty = tile / tilesX;
      const tx = tile - ty * tilesX;
      const x = gradX + <usize>image * xImage;
      if (tx == 0) clearRows(x, ty, tilesY, top, height, xRow);
      addInputTile(
        v + (<usize>(i * inputs) << 2), vPlane, x, 4 * ty - top, 4 * tx - int(args, 11), height, width, inputs, work,
      );
    }
  }
}

/**
 * Weight gradient: adds the parts in order, then dW = Gᵀ dU G. A chunk is one input channel.
 *
 * args: 0 partials [part][36][inputs][outputs], 1 weight gradient [9][inputs][outputs], 2 inputs, 3 outputs, 4 parts.
 */
export function conv2d_backward_weight_winograd_reduce(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const inputs = int(args, 2);
  const outputs = int(args, 3);
  const parts = int(args, 4);
  const plane = planeBytes(inputs, outputs);
  const tap = <usize>(inputs * outputs) << 2;
  const row = <usize>(chunk * outputs) << 2;
  for (let output: usize = 0; output < <usize>outputs << 2; output += 32) {
    for (let k: usize = 0; k < 36; k++) {
      let at = ptr(args, 0) + k * plane + row + output;
      let low = v128.load(at);
      let high = v128.load(at, 16);
      for (let part = 1; part < parts; part++) {
        at += 36 * plane;
        low = f32x4.add(low, v128.load(at));
        high = f32x4.add(high, v128.load(at, 16));
      }
      v128.store(scratch + (k << 5), low);
      v128.store(scratch + (k << 5), high, 16);
    }
    const half = scratch + 36 * 32;
    for (let j: usize = 0; j < 6; j++) transformBack6(scratch + j * 32, 192, half + j * 32, 192);
    const to = ptr(args, 1) + row + output;
    for (let i: usize = 0; i < 3; i++) transformBack6(half + i * 192, 32, to + 3 * i * tap, tap);
  }
}
