// 3x3 convolution, stride 1, by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray: "Fast algorithms for
// convolutional neural networks", 2015): y = Aᵀ [ (G w Gᵀ) ∘ (Bᵀ x B) ] A for each tile of 4x4 outputs, summed over input
// channels. The sum is 36 matrix products, a quarter of the multiplications of the direct form.
//
// A chunk is a block of tiles: its transformed inputs V [36][tiles][input channels] and products M [36][tiles][output
// channels] stay in the second-level cache. Lanes run over channels, whose numbers are multiples of 8. Planes of U, V
// and M are 64 bytes apart beyond their size, since 36 planes at a power of two would share few cache sets. The gradients are in
// conv2d_backward_winograd.ts.

import { int, ptr } from './common';
import { readTilesAhead } from './winograd_ahead';
import { transformOutputTile, transformOutputTileHalved } from './winograd_outputs';
import { multiplyPlane } from './winograd_products';
import { clearOutside, Part, planeBytes, transformInputTile, Whole } from './winograd_transforms';
import { transformWeight3 } from './winograd_weights';

/** A tile that holds at most two rows of outputs, or two columns, at the lower and right edge. */
const LOW: i32 = 1;
const NARROW: i32 = 2;

/** What a tile is: 0 or a sum of LOW and NARROW, as far as the edges are `kinds`. */
// @ts-ignore: decorator
@inline
function kindOf(ty: i32, tx: i32, tilesY: i32, tilesX: i32, kinds: i32): i32 {
  return (ty == tilesY - 1 ? kinds & LOW : 0) | (tx == tilesX - 1 ? kinds & NARROW : 0);
}

/**
 * Gives each tile of a block its row in V and M: first narrow ones, then whole, low, and low and narrow ones. So the rows
 * that a plane needs lie together. Writes where the whole, the low and the last begin, and from byte 16 on the rows.
 */
function orderTiles(table: usize, first: i32, count: i32, tilesY: i32, tilesX: i32, kinds: i32): void {
  let narrow = 0, low = 0, both = 0;
  const tilesOfImage = tilesY * tilesX;
  for (let pass = 0; pass < 2; pass++) {
    let atNarrow = 0;
    let atWhole = narrow;
    let atLow = count - both - low;
    let atBoth = count - both;
    if (pass == 1) {
      store<i32>(table, atWhole);
      store<i32>(table, atLow, 4);
      store<i32>(table, atBoth, 8);
    }
    for (let i = 0; i < count; i++) {
      const tile = (first + i) % tilesOfImage;
      const ty = tile / tilesX;
      const kind = kindOf(ty, tile - ty * tilesX, tilesY, tilesX, kinds);
      if (pass == 0) {
        if (kind == NARROW) narrow++;
        else if (kind == LOW) low++;
        else if (kind != 0) both++;
      } else {
        const row = kind == NARROW ? atNarrow++ : kind == LOW ? atLow++ : kind == 0 ? atWhole++ : atBoth++;
        store<i32>(table + (<usize>i << 2), row, 16);
      }
    }
  }
}

/**
 * y = epilogue(conv2d(x) + bias + residual). A chunk is a block of tiles.
 *
 * args: 0 x, 1 U [36][tile of 8 outputs][inputs][8], 2 bias or 0, 3 y, 4 height, 5 width, 6 input channels,
 * 7 output height, 8 output width, 9 output channels, 10 padding top, 11 padding left, 12 tiles in a column of an
 * image, 13 tiles in a row, 14 tiles of a block, 15 epilogue, 16 residual (as y) or 0,
 * 17 halving: 1 stores the maxima of windows of 2x2, 18 with halving: their places (as y, a byte each) or 0, 19 whether the
 * last row of tiles has at most two rows of outputs (1) and the last column two columns (2), or both (3): those tiles then
 * take 24 or 16 products instead of 36. Thread scratch: V, M, then 42 double vectors and 36 pixels.
 */
export function conv2d_forward_winograd(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 4);
  const width = int(args, 5);
  const inputs = int(args, 6);
  const outputHeight = int(args, 7);
  const outputWidth = int(args, 8);
  const outputs = int(args, 9);
  const tilesY = int(args, 12);
  const tilesX = int(args, 13);
  const tilesOfImage = tilesY * tilesX;
  const block = int(args, 14);
  const kinds = int(args, 19);
  const first = chunk * block;
  const count = min(block, n * tilesOfImage - first);
  const v = scratch;
  const vPlane = planeBytes(block, inputs);
  const m = v + 36 * vPlane;
  const mPlane = planeBytes(block, outputs);
  const work = m + 36 * mPlane;
  const order = work + 42 * 32 + (<usize>(6 * inputs) << 2);
  const xImage = <usize>(height * width * inputs) << 2;
  const yRow = <usize>(outputWidth * outputs) << 2;

  const last = first + count - 1;
  const top = int(args, 10);
  readTilesAhead(
    ptr(args, 0), first, last, tilesX, tilesOfImage, 4, top, 2 - top, height, <usize>(width * inputs) << 2,
  );
  clearOutside(work, inputs);
  orderTiles(order, first, count, tilesY, tilesX, kinds);
  for (let i = 0; i < count; i++) {
    const image = (first + i) / tilesOfImage;
    const tile = first + i - image * tilesOfImage;
    const ty = tile / tilesX;
    const tx = tile - ty * tilesX;
    const kind = kindOf(ty, tx, tilesY, tilesX, kinds);
    const x = ptr(args, 0) + <usize>image * xImage;
    const left = 4 * tx - int(args, 11);
    const to = v + (<usize>(load<i32>(order + (<usize>i << 2), 16) * inputs) << 2);
    if (kind == 0) transformInputTile<Whole>(x, 4 * ty - top, left, height, width, inputs, to, vPlane, 32, work);
    else {
      transformInputTile<Part>(
        x, 4 * ty - top, left, height, width, inputs, to, vPlane, 32, work, (kind & LOW) != 0, (kind & NARROW) != 0,
      );
    }
  }
  const uPlane = planeBytes(inputs, outputs);
  for (let k = 0; k < 36; k++) {
    const i = k / 6;
    const j = k - 6 * i;
    const from = j == 3 || j == 4 ? load<i32>(order) : 0;
    const end = i == 3 || i == 4 ? load<i32>(order, 4) : j == 3 || j == 4 ? load<i32>(order, 8) : count;
    multiplyPlane(
      v + <usize>k * vPlane + (<usize>(from * inputs) << 2), ptr(args, 1) + <usize>k * uPlane,
      m + <usize>k * mPlane + (<usize>(from * outputs) << 2), end - from, inputs, outputs,
    );
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
    const kind = kindOf(ty, tx, tilesY, tilesX, kinds);
    const mTile = m + (<usize>(load<i32>(order + (<usize>i << 2), 16) * outputs) << 2);
    if (int(args, 17)) {
      const place = (image * (outputHeight >> 1) + 2 * ty) * (outputWidth >> 1) + 2 * tx;
      const to = ptr(args, 3) + (<usize>(place * outputs) << 2);
      const places = ptr(args, 18) != 0 ? ptr(args, 18) + <usize>(place * outputs) : 0;
      const rows = min(2, (outputHeight >> 1) - 2 * ty);
      const columns = min(2, (outputWidth >> 1) - 2 * tx);
      const row = <usize>((outputWidth >> 1) * outputs) << 2;
      if (kind == 0) {
        transformOutputTileHalved<Whole>(
          mTile, mPlane, to, places, rows, columns, row, outputs, ptr(args, 2), int(args, 15), work, false, false,
        );
      } else {
        transformOutputTileHalved<Part>(
          mTile, mPlane, to, places, rows, columns, row, outputs, ptr(args, 2), int(args, 15), work, (kind & LOW) != 0,
          (kind & NARROW) != 0,
        );
      }
      continue;
    }
    const y = ptr(args, 3) + <usize>(image * outputHeight + 4 * ty) * yRow + (<usize>(4 * tx * outputs) << 2);
    const residual = ptr(args, 16) != 0 ? y - ptr(args, 3) + ptr(args, 16) : 0;
    const rows = min(4, outputHeight - 4 * ty);
    const columns = min(4, outputWidth - 4 * tx);
    if (kind == 0) {
      transformOutputTile<Whole>(
        mTile, mPlane, y, rows, columns, yRow, outputs, ptr(args, 2), int(args, 15), residual, work, false, false,
      );
    } else {
      transformOutputTile<Part>(
        mTile, mPlane, y, rows, columns, yRow, outputs, ptr(args, 2), int(args, 15), residual, work, (kind & LOW) != 0,
        (kind & NARROW) != 0,
      );
    }
  }
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
  const plane = planeBytes(inputs, outputs);
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
