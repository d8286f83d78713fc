// 3x3 convolution, stride 1, by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray: "Fast algorithms for
// convolutional neural networks", 2015): y = Aᵀ [ (G w Gᵀ) ∘ (Bᵀ x B) ] A for each tile of 4x4 outputs, summed over input
// channels. The sum is 36 matrix products, a quarter of the multiplications of the direct form.
//
// A chunk is a block of tiles: its transformed inputs V [36][tiles][input channels] and products M [36][tiles][output
// channels] stay in the second-level cache. Lanes run over channels, whose numbers are multiples of 8. Planes of V and M
// are 64 bytes apart beyond their size, since 36 planes at a power of two would share few cache sets.

import { int, ptr, readAhead } from './common';
import { transformGradient, transformOutputTile, transformOutputTileHalved } from './winograd_outputs';
import { multiplyPlane, multiplyTransposed } from './winograd_products';
import { addInputTile, clearOutside, planeBytes, transformInputTile } from './winograd_transforms';
import { transformBack6, transformWeight3 } from './winograd_weights';

/**
 * Reads ahead the rows of pictures that tiles `first` to `last` touch: each `step` rows, and those above and below them.
 */
function readTilesAhead(
  pictures: usize, first: i32, last: i32, tilesX: i32, tilesOfImage: i32, step: i32, above: i32, below: i32, height: i32,
  rowBytes: usize,
): void {
  const firstImage = first / tilesOfImage;
  const lastImage = last / tilesOfImage;
  const top = step * ((first - firstImage * tilesOfImage) / tilesX) - above;
  const bottom = step * ((last - lastImage * tilesOfImage) / tilesX + 1) + below;
  readAhead(
    pictures + <usize>(firstImage * height + max(0, top)) * rowBytes,
    pictures + <usize>(lastImage * height + min(height, bottom)) * rowBytes,
  );
}

/**
 * y = epilogue(conv2d(x) + bias + residual). A chunk is a block of tiles.
 *
 * args: 0 x, 1 U [36][tile of 8 outputs][inputs][8], 2 bias or 0, 3 y, 4 height, 5 width, 6 input channels,
 * 7 output height, 8 output width, 9 output channels, 10 padding top, 11 padding left, 12 tiles in a column of an
 * image, 13 tiles in a row, 14 tiles of a block, 15 epilogue, 16 residual (as y) or 0,
 * 17 halving: 1 stores the maxima of windows of 2x2, 18 with halving: their places (as y, a byte each) or 0. Thread scratch: V, M, then 42 double vectors and 36 pixels.
 */
export function conv2d_forward_winograd(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 4);
  const width = int(args, 5);
  const inputs = int(args, 6);
  const outputHeight = int(args, 7);
  const outputWidth = int(args, 8);
  const outputs = int(args, 9);
  const tilesX = int(args, 13);
  const tilesOfImage = int(args, 12) * tilesX;
  const block = int(args, 14);
  const first = chunk * block;
  const count = min(block, n * tilesOfImage - first);
  const v = scratch;
  const vPlane = planeBytes(block, inputs);
  const m = v + 36 * vPlane;
  const mPlane = planeBytes(block, outputs);
  const work = m + 36 * mPlane;
  const xImage = <usize>(height * width * inputs) << 2;
  const yRow = <usize>(outputWidth * outputs) << 2;

  const last = first + count - 1;
  const top = int(args, 10);
  readTilesAhead(
    ptr(args, 0), first, last, tilesX, tilesOfImage, 4, top, 2 - top, height, <usize>(width * inputs) << 2,
  );
  clearOutside(work, inputs);
  for (let i = 0; i < count; i++) {
    const image = (first + i) / tilesOfImage;
    const tile = first + i - image * tilesOfImage;
    const ty = tile / tilesX;
    const tx = tile - ty * tilesX;
    transformInputTile(
      ptr(args, 0) + <usize>image * xImage, 4 * ty - int(args, 10), 4 * tx - int(args, 11), height, width, inputs,
      v + (<usize>(i * inputs) << 2), vPlane, 32, work,
    );
  }
  const uPlane = <usize>(inputs * outputs) << 2;
  for (let k: usize = 0; k < 36; k++) {
    multiplyPlane(v + k * vPlane, ptr(args, 1) + k * uPlane, m + k * mPlane, count, inputs, outputs);
  }
  if (int(args, 17)) {
    const row = <usize>((outputWidth >> 1) * outputs) << 2;
    readTilesAhead(ptr(args, 3), first, last, tilesX, tilesOfImage, 2, 0, 0, outputHeight >> 1, row);
  } else readTilesAhead(ptr(args, 3), first, last, tilesX, tilesOfImage, 4, 0, 0, outputHeight, yRow);
  for (let i = 0; i < count; i++) {
    const image = (first + i) / tilesOfImage;
    const tile = first + i - image * tilesOfImage;
    const ty = tile / tilesX;
    const tx = tile - ty * tilesX;
    const mTile = m + (<usize>(i * outputs) << 2);
    if (int(args, 17)) {
      const place = (image * (outputHeight >> 1) + 2 * ty) * (outputWidth >> 1) + 2 * tx;
      transformOutputTileHalved(
        mTile, mPlane, ptr(args, 3) + (<usize>(place * outputs) << 2),
        ptr(args, 18) != 0 ? ptr(args, 18) + <usize>(place * outputs) : 0, min(2, (outputHeight >> 1) - 2 * ty),
        min(2, (outputWidth >> 1) - 2 * tx), <usize>((outputWidth >> 1) * outputs) << 2, outputs, ptr(args, 2),
        int(args, 15), work,
      );
      continue;
    }
    const y = ptr(args, 3) + <usize>(image * outputHeight + 4 * ty) * yRow + (<usize>(4 * tx * outputs) << 2);
    transformOutputTile(
      mTile, mPlane, y, min(4, outputHeight - 4 * ty), min(4, outputWidth - 4 * tx), yRow, outputs, ptr(args, 2),
      int(args, 15), ptr(args, 16) != 0 ? y - ptr(args, 3) + ptr(args, 16) : 0, work,
    );
  }
}

/** Reads ahead the gradient of tiles `first` to `last`, or, with places, that of the result's windows of 2x2. */
function readGradientAhead(args: usize, gradient: usize, first: i32, last: i32): void {
  const halved: i32 = ptr(args, 15) != 0 ? 1 : 0;
  const row = <usize>((int(args, 8) >> halved) * int(args, 9)) << 2;
  const tilesX = int(args, 13);
  readTilesAhead(gradient, first, last, tilesX, int(args, 12) * tilesX, 4 >> halved, 0, 0, int(args, 7) >> halved, row);
}

/**
 * U = G w Gᵀ, packed [36][tile of 8 outputs][inputs][8]; a chunk is one tile of outputs of the product. `transposed`
 * packs Uᵀ for the input gradient: the product's inputs are the weight's outputs.
 *
 * args: 0 weights [9][input channels][output channels], 1 U, 2 input channels, 3 output channels, 4 transposed 0/1.
 */
export function conv2d_winograd_weights(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const transposed = int(args, 4) != 0;
  const inputs = int(args, 2);
  const outputs = int(args, 3);
  const depth = transposed ? outputs : inputs;
  const tap = <usize>(inputs * outputs) << 2;
  const plane = tap;
  for (let d = 0; d < depth; d++) {
    for (let lane = 0; lane < 8; lane += 4) {
      const o = (chunk << 3) + lane;
      const to = ptr(args, 1) + (<usize>((chunk * depth + d) * 8 + lane) << 2);
      // Four outputs of the product: neighbours in the weights, or, transposed, a row of channels apart.
      const at = transposed ? o * outputs + d : d * outputs + o;
      let w = ptr(args, 0) + (<usize>at << 2);
      for (let k: usize = 0; k < 9; k++, w += tap) v128.store(scratch + (k << 4), load4(w, transposed ? outputs : 1));
      const half = scratch + 9 * 16;
      for (let j: usize = 0; j < 48; j += 16) {
        const column = scratch + j;
        transformWeight3(v128.load(column), v128.load(column, 48), v128.load(column, 96), half + j, 48);
      }
      for (let i: usize = 0; i < 6; i++) {
        const row = half + i * 48;
        transformWeight3(v128.load(row), v128.load(row, 16), v128.load(row, 32), to + 6 * i * plane, plane);
      }
    }
  }
}

/** Four floats that are `step` floats apart. */
// @ts-ignore: decorator
@inline
function load4(from: usize, step: i32): v128 {
  if (step == 1) return v128.load(from);
  const bytes = <usize>step << 2;
  let v = v128.load32_zero(from);
  v = v128.load_lane<f32>(from + bytes, v, 1);
  v = v128.load_lane<f32>(from + 2 * bytes, v, 2);
  return v128.load_lane<f32>(from + 3 * bytes, v, 3);
}

/**
 * Partial dU [36][inputs][outputs] of one part of the batch (adjoint form: dU = Vᵀ · A dY Aᵀ). A chunk is a part.
 *
 * args: 0 x, 1 gradient, 2 partials [part][36][inputs][outputs], 3 images of a part, 4 height, 5 width,
 * 6 input channels, 7 output height, 8 output width, 9 output channels, 10 padding top, 11 padding left, 12 tiles in a
 * column of an image, 13 tiles in a row, 14 tiles of a block, 15 places or 0: with
 * them the gradient is that of the result's windows of 2x2. Thread scratch: V, dM, 36 double vectors and 36 pixels.
 */
export function conv2d_backward_weight_winograd(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 4);
  const width = int(args, 5);
  const inputs = int(args, 6);
  const outputHeight = int(args, 7);
  const outputWidth = int(args, 8);
  const outputs = int(args, 9);
  const tilesX = int(args, 13);
  const tilesOfImage = int(args, 12) * tilesX;
  const block = int(args, 14);
  const firstTile = chunk * int(args, 3) * tilesOfImage;
  const lastTile = min((chunk + 1) * int(args, 3), n) * tilesOfImage;
  const v = scratch;
  const vPlane = planeBytes(block, inputs);
  const m = v + 36 * vPlane;
  const mPlane = planeBytes(block, outputs);
  const work = m + 36 * mPlane;
  const xImage = <usize>(height * width * inputs) << 2;
  const uPlane = <usize>(inputs * outputs) << 2;
  const u = ptr(args, 2) + <usize>chunk * 36 * uPlane;
  memory.fill(u, 0, 36 * uPlane);
  clearOutside(work, inputs);
  const top = int(args, 10);
  const xRow = <usize>(width * inputs) << 2;
  for (let first = firstTile; first < lastTile; first += block) {
    const count = min(block, lastTile - first);
    const last = first + count - 1;
    readTilesAhead(ptr(args, 0), first, last, tilesX, tilesOfImage, 4, top, 2 - top, height, xRow);
    readGradientAhead(args, ptr(args, 1), first, last);
    for (let i = 0; i < count; i++) {
      const image = (first + i) / tilesOfImage;
      const tile = first + i - image * tilesOfImage;
      const ty = tile / tilesX;
      const tx = tile - ty * tilesX;
      transformInputTile(
        ptr(args, 0) + <usize>image * xImage, 4 * ty - int(args, 10), 4 * tx - int(args, 11), height, width, inputs,
        v + (<usize>(i * inputs) << 2), vPlane, 32, work,
      );
      transformGradient(
        ptr(args, 1), ptr(args, 15), image, ty, tx, outputHeight, outputWidth, outputs, m + (<usize>(i * outputs) << 2),
        mPlane, 32, work,
      );
    }
    for (let k: usize = 0; k < 36; k++) {
      multiplyTransposed(v + k * vPlane, m + k * mPlane, u + k * uPlane, count, inputs, outputs);
    }
  }
}

/**
 * Input gradient in the adjoint form: dx = Σ over tiles of B [ (A dY Aᵀ) Uᵀ ] Bᵀ. Its tiles are those of the output, so
 * a valid convolution has fewer than a convolution of dY with turned weights would. A chunk is a group of images, whose
 * tiles overlap by two pixels and are added in their order.
 *
 * args: 0 gradient, 1 Uᵀ [36][tile of 8 inputs][outputs][8], 2 gradX, 3 images of a group, 4 height, 5 width,
 * 6 input channels, 7 output height, 8 output width, 9 output channels, 10 padding top, 11 padding left, 12 tiles in a
 * column of an image, 13 tiles in a row, 14 tiles of a block, 15 places or 0: with
 * them the gradient is that of the result's windows of 2x2. Thread scratch: dV, dM, 42 double vectors.
 */
export function conv2d_backward_input_winograd(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 4);
  const width = int(args, 5);
  const inputs = int(args, 6);
  const outputHeight = int(args, 7);
  const outputWidth = int(args, 8);
  const outputs = int(args, 9);
  const tilesX = int(args, 13);
  const tilesOfImage = int(args, 12) * tilesX;
  const block = int(args, 14);
  const firstImage = chunk * int(args, 3);
  const lastImage = min(firstImage + int(args, 3), n);
  const lastTile = lastImage * tilesOfImage;
  const v = scratch;
  const vPlane = planeBytes(block, inputs);
  const m = v + 36 * vPlane;
  const mPlane = planeBytes(block, outputs);
  const work = m + 36 * mPlane;
  const xImage = <usize>(height * width * inputs) << 2;
  const uPlane = <usize>(inputs * outputs) << 2;
  memory.fill(ptr(args, 2) + <usize>firstImage * xImage, 0, <usize>(lastImage - firstImage) * xImage);
  for (let first = firstImage * tilesOfImage; first < lastTile; first += block) {
    const count = min(block, lastTile - first);
    readGradientAhead(args, ptr(args, 0), first, first + count - 1);
    for (let i = 0; i < count; i++) {
      const image = (first + i) / tilesOfImage;
      const tile = first + i - image * tilesOfImage;
      const ty = tile / tilesX;
      const tx = tile - ty * tilesX;
      transformGradient(
        ptr(args, 0), ptr(args, 15), image, ty, tx, outputHeight, outputWidth, outputs, m + (<usize>(i * outputs) << 2),
        mPlane, 32, work,
      );
    }
    for (let k: usize = 0; k < 36; k++) {
      multiplyPlane(m + k * mPlane, ptr(args, 1) + k * uPlane, v + k * vPlane, count, outputs, inputs);
    }
    for (let i = 0; i < count; i++) {
      const image = (first + i) / tilesOfImage;
      const tile = first + i - image * tilesOfImage;
      const ty = tile / tilesX;
      const tx = tile - ty * tilesX;
      addInputTile(
        v + (<usize>(i * inputs) << 2), vPlane, ptr(args, 2) + <usize>image * xImage, 4 * ty - int(args, 10),
        4 * tx - int(args, 11), height, width, inputs, work,
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
  const plane = <usize>(inputs * outputs) << 2;
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
    for (let i: usize = 0; i < 3; i++) transformBack6(half + i * 192, 32, to + 3 * i * plane, plane);
  }
}
