// 3x3 convolution, stride 1, by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray: "Fast algorithms for
// convolutional neural networks", 2015): y = Aᵀ [ (G w Gᵀ) ∘ (Bᵀ x B) ] A for each tile of 4x4 outputs, summed over input
// channels. The sum is 36 matrix products, a quarter of the multiplications of the direct form.
//
// A chunk is a block of tiles: its transformed inputs V [36][tiles][input channels] and products M [36][tiles][output
// channels] stay in the second-level cache. Lanes run over channels, whose numbers are multiples of 8. Planes of V and M
// are 64 bytes apart beyond their size, since 36 planes at a power of two would share few cache sets.

import { epilogue, int, madd, ptr } from './common';

// @ts-ignore: decorator
@inline
function scale(a: f32, x: v128): v128 {
  return f32x4.mul(f32x4.splat(a), x);
}

/** Floats between two planes of `tiles` rows of `channels`. */
// @ts-ignore: decorator
@inline
export function planeBytes(tiles: i32, channels: i32): usize {
  return (<usize>(tiles * channels) << 2) + 64;
}

/** out = Bᵀ in, six vectors each, at a step of bytes. */
// @ts-ignore: decorator
@inline
function transformInput6(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + fromStep);
  const d2 = v128.load(from + 2 * fromStep);
  const d3 = v128.load(from + 3 * fromStep);
  const d4 = v128.load(from + 4 * fromStep);
  const d5 = v128.load(from + 5 * fromStep);
  const a = f32x4.sub(d4, scale(4, d2));
  const b = f32x4.sub(d3, scale(4, d1));
  const c = f32x4.sub(d4, d2);
  const e = scale(2, f32x4.sub(d3, d1));
  v128.store(to, f32x4.add(f32x4.sub(scale(4, d0), scale(5, d2)), d4));
  v128.store(to + toStep, f32x4.add(a, b));
  v128.store(to + 2 * toStep, f32x4.sub(a, b));
  v128.store(to + 3 * toStep, f32x4.add(c, e));
  v128.store(to + 4 * toStep, f32x4.sub(c, e));
  v128.store(to + 5 * toStep, f32x4.add(f32x4.sub(scale(4, d1), scale(5, d3)), d5));
}

/** V of one tile: Bᵀ x B of the 6x6 pixels from (top, left), which may lie outside the picture (zeros). */
function transformInputTile(
  x: usize, top: i32, left: i32, height: i32, width: i32, channels: i32, v: usize, plane: usize, scratch: usize,
): void {
  const pixel = <usize>channels << 2;
  const row = <usize>width * pixel;
  let from = x + <usize>top * row + <usize>left * pixel;
  let fromRow = row;
  if (top < 0 || left < 0 || top + 6 > height || left + 6 > width) {
    // A frame of zeros around what there is of the 36 pixels, behind the vectors of the half-done transform.
    const frame = scratch + 42 * 16;
    fromRow = 6 * pixel;
    for (let i = 0; i < 6; i++) {
      const y = top + i;
      for (let j = 0; j < 6; j++) {
        const to = frame + <usize>(i * 6 + j) * pixel;
        const at = left + j;
        if (y < 0 || y >= height || at < 0 || at >= width) memory.fill(to, 0, pixel);
        else memory.copy(to, x + <usize>y * row + <usize>at * pixel, pixel);
      }
    }
    from = frame;
  }
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    for (let j: usize = 0; j < 6; j++) transformInput6(from + channel + j * pixel, fromRow, scratch + j * 16, 96);
    for (let i: usize = 0; i < 6; i++) transformInput6(scratch + i * 96, 16, v + channel + 6 * i * plane, plane);
  }
}

/** M[row, 8 channels] for 4 or fewer rows of V and a packed tile of U: the matrix product of one plane. */
function multiplyPlane(v: usize, u: usize, m: usize, rows: i32, inputs: i32, outputs: i32): void {
  const vRow = <usize>inputs << 2;
  const mRow = <usize>outputs << 2;
  for (let output = 0; output < outputs; output += 8, u += <usize>inputs << 5, m += 32) {
    let a0 = v;
    let to = m;
    let row = 0;
    for (; row + 4 <= rows; row += 4, to += mRow << 2) {
      let a1 = a0 + vRow;
      let a2 = a1 + vRow;
      let a3 = a2 + vRow;
      let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
      let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
      let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
      let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
      let w = u;
      const end = a1;
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
      a0 = a3;
      v128.store(to, s00);
      v128.store(to, s01, 16);
      v128.store(to + mRow, s10);
      v128.store(to + mRow, s11, 16);
      v128.store(to + (mRow << 1), s20);
      v128.store(to + (mRow << 1), s21, 16);
      v128.store(to + mRow * 3, s30);
      v128.store(to + mRow * 3, s31, 16);
    }
    for (; row < rows; row++, to += mRow) {
      let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
      let w = u;
      const end = a0 + vRow;
      for (; a0 < end; a0 += 4, w += 32) {
        const value = v128.load32_splat(a0);
        s0 = madd(s0, value, v128.load(w));
        s1 = madd(s1, value, v128.load(w, 16));
      }
      v128.store(to, s0);
      v128.store(to, s1, 16);
    }
  }
}

/** out = Aᵀ in: six vectors to four, at a step of bytes. */
// @ts-ignore: decorator
@inline
function transformOutput6(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const m1 = v128.load(from + fromStep);
  const m2 = v128.load(from + 2 * fromStep);
  const m3 = v128.load(from + 3 * fromStep);
  const m4 = v128.load(from + 4 * fromStep);
  const s1 = f32x4.add(m1, m2);
  const d1 = f32x4.sub(m1, m2);
  const s2 = f32x4.add(m3, m4);
  const d2 = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(f32x4.add(v128.load(from), s1), s2));
  v128.store(to + toStep, f32x4.add(d1, scale(2, d2)));
  v128.store(to + 2 * toStep, f32x4.add(s1, scale(4, s2)));
  v128.store(to + 3 * toStep, f32x4.add(f32x4.add(d1, scale(8, d2)), v128.load(from + 5 * fromStep)));
}

/** y of one tile: Aᵀ M A, bias and epilogue; what lies beyond the picture is not stored. */
function transformOutputTile(
  m: usize, plane: usize, y: usize, rows: i32, columns: i32, rowBytes: usize, channels: i32, bias: usize, code: i32,
  residual: usize, scratch: usize,
): void {
  const pixel = <usize>channels << 2;
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    for (let j: usize = 0; j < 6; j++) transformOutput6(m + channel + j * plane, 6 * plane, scratch + j * 16, 96);
    const b = bias != 0 ? v128.load(bias + channel) : f32x4.splat(0);
    for (let i = 0; i < rows; i++) {
      transformOutput6(scratch + <usize>i * 96, 16, scratch + 384, 16);
      const to = y + <usize>i * rowBytes + channel;
      for (let j = 0; j < columns; j++) {
        let value = f32x4.add(v128.load(scratch + 384 + (<usize>j << 4)), b);
        if (residual != 0) value = f32x4.add(value, v128.load(to - y + residual + <usize>j * pixel));
        v128.store(to + <usize>j * pixel, epilogue(value, code));
      }
    }
  }
}

/**
 * y = epilogue(conv2d(x) + bias + residual). A chunk is a block of tiles.
 *
 * args: 0 x, 1 U [36][tile of 8 outputs][inputs][8], 2 bias or 0, 3 y, 4 height, 5 width, 6 input channels,
 * 7 output height, 8 output width, 9 output channels, 10 padding top, 11 padding left, 12 tiles in a column of an
 * image, 13 tiles in a row, 14 tiles of a block, 15 epilogue, 16 residual (as y) or 0.
 * Thread scratch: V, M, then 42 vectors and 36 pixels.
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

  for (let i = 0; i < count; i++) {
    const image = (first + i) / tilesOfImage;
    const tile = first + i - image * tilesOfImage;
    const ty = tile / tilesX;
    const tx = tile - ty * tilesX;
    transformInputTile(
      ptr(args, 0) + <usize>image * xImage, 4 * ty - int(args, 10), 4 * tx - int(args, 11), height, width, inputs,
      v + (<usize>(i * inputs) << 2), vPlane, work,
    );
  }
  const uPlane = <usize>(inputs * outputs) << 2;
  for (let k: usize = 0; k < 36; k++) {
    multiplyPlane(v + k * vPlane, ptr(args, 1) + k * uPlane, m + k * mPlane, count, inputs, outputs);
  }
  for (let i = 0; i < count; i++) {
    const image = (first + i) / tilesOfImage;
    const tile = first + i - image * tilesOfImage;
    const ty = tile / tilesX;
    const tx = tile - ty * tilesX;
    const y = ptr(args, 3) + <usize>(image * outputHeight + 4 * ty) * yRow + (<usize>(4 * tx * outputs) << 2);
    transformOutputTile(
      m + (<usize>(i * outputs) << 2), mPlane, y, min(4, outputHeight - 4 * ty), min(4, outputWidth - 4 * tx), yRow,
      outputs, ptr(args, 2), int(args, 15), ptr(args, 16) != 0 ? y - ptr(args, 3) + ptr(args, 16) : 0, work,
    );
  }
}

/** One column of G w: three values to six. */
// @ts-ignore: decorator
@inline
function transformWeight3(w0: f32, w1: f32, w2: f32, to: usize, step: usize): void {
  const even = w0 + w2;
  const far = w0 * <f32>(1.0 / 24.0) + w2 * <f32>(1.0 / 6.0);
  store<f32>(to, w0 * <f32>0.25);
  store<f32>(to + step, (even + w1) * <f32>(-1.0 / 6.0));
  store<f32>(to + 2 * step, (even - w1) * <f32>(-1.0 / 6.0));
  store<f32>(to + 3 * step, far + w1 * <f32>(1.0 / 12.0));
  store<f32>(to + 4 * step, far - w1 * <f32>(1.0 / 12.0));
  store<f32>(to + 5 * step, w2);
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
    for (let lane = 0; lane < 8; lane++) {
      const o = (chunk << 3) + lane;
      const at = transposed ? o * outputs + d : d * outputs + o;
      const w = ptr(args, 0) + (<usize>at << 2);
      const to = ptr(args, 1) + (<usize>((chunk * depth + d) * 8 + lane) << 2);
      for (let j: usize = 0; j < 3; j++) {
        const column = w + j * tap;
        transformWeight3(
          load<f32>(column), load<f32>(column + 3 * tap), load<f32>(column + 6 * tap), scratch + (j << 2), 12,
        );
      }
      for (let i: usize = 0; i < 6; i++) {
        const row = scratch + i * 12;
        transformWeight3(load<f32>(row), load<f32>(row, 4), load<f32>(row, 8), to + 6 * i * plane, plane);
      }
    }
  }
}

/** out = A in: four vectors (those beyond `count` are zeros) to six, at a step of bytes. */
// @ts-ignore: decorator
@inline
function transformGradient4(y0: v128, y1: v128, y2: v128, y3: v128, to: usize, toStep: usize): void {
  const e = f32x4.add(y0, y2);
  const o = f32x4.add(y1, y3);
  const e4 = f32x4.add(y0, scale(4, y2));
  const o4 = f32x4.add(scale(2, y1), scale(8, y3));
  v128.store(to, y0);
  v128.store(to + toStep, f32x4.add(e, o));
  v128.store(to + 2 * toStep, f32x4.sub(e, o));
  v128.store(to + 3 * toStep, f32x4.add(e4, o4));
  v128.store(to + 4 * toStep, f32x4.sub(e4, o4));
  v128.store(to + 5 * toStep, y3);
}

/** dM of one tile: A dY Aᵀ of up to 4x4 pixels. */
function transformGradientTile(
  y: usize, rows: i32, columns: i32, rowBytes: usize, channels: i32, m: usize, plane: usize, scratch: usize,
): void {
  const pixel = <usize>channels << 2;
  const zero = f32x4.splat(0);
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    for (let j = 0; j < 4; j++) {
      const from = y + <usize>j * pixel + channel;
      const inside = j < columns;
      const y0 = inside ? v128.load(from) : zero;
      const y1 = inside && rows > 1 ? v128.load(from + rowBytes) : zero;
      const y2 = inside && rows > 2 ? v128.load(from + 2 * rowBytes) : zero;
      const y3 = inside && rows > 3 ? v128.load(from + 3 * rowBytes) : zero;
      transformGradient4(y0, y1, y2, y3, scratch + (<usize>j << 4), 64);
    }
    for (let i: usize = 0; i < 6; i++) {
      const row = scratch + i * 64;
      transformGradient4(
        v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48), m + channel + 6 * i * plane, plane,
      );
    }
  }
}

/** dU[input, output] += Σ over rows of V[row, input] · dM[row, output], of one plane. */
function multiplyTransposed(v: usize, m: usize, u: usize, rows: i32, inputs: i32, outputs: i32): void {
  const vRow = <usize>inputs << 2;
  const mRow = <usize>outputs << 2;
  const vEnd = v + <usize>rows * vRow;
  for (let output = 0; output < outputs; output += 8, m += 32, u += 32) {
    let to = u;
    for (let input: usize = 0; input < vRow; input += 16, to += mRow << 2) {
      let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
      let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
      let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
      let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
      let g = m;
      for (let a = v + input; a < vEnd; a += vRow, g += mRow) {
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
      v128.store(to, f32x4.add(v128.load(to), s00));
      v128.store(to, f32x4.add(v128.load(to, 16), s01), 16);
      v128.store(to + mRow, f32x4.add(v128.load(to + mRow), s10));
      v128.store(to + mRow, f32x4.add(v128.load(to + mRow, 16), s11), 16);
      v128.store(to + 2 * mRow, f32x4.add(v128.load(to + 2 * mRow), s20));
      v128.store(to + 2 * mRow, f32x4.add(v128.load(to + 2 * mRow, 16), s21), 16);
      v128.store(to + 3 * mRow, f32x4.add(v128.load(to + 3 * mRow), s30));
      v128.store(to + 3 * mRow, f32x4.add(v128.load(to + 3 * mRow, 16), s31), 16);
    }
  }
}

/**
 * Partial dU [36][inputs][outputs] of one part of the batch (adjoint form: dU = Vᵀ · A dY Aᵀ). A chunk is a part.
 *
 * args: 0 x, 1 gradient, 2 partials [part][36][inputs][outputs], 3 images of a part, 4 height, 5 width,
 * 6 input channels, 7 output height, 8 output width, 9 output channels, 10 padding top, 11 padding left, 12 tiles in a
 * column of an image, 13 tiles in a row, 14 tiles of a block. Thread scratch: V, dM, 36 vectors and 36 pixels.
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
  const yRow = <usize>(outputWidth * outputs) << 2;
  const uPlane = <usize>(inputs * outputs) << 2;
  const u = ptr(args, 2) + <usize>chunk * 36 * uPlane;
  memory.fill(u, 0, 36 * uPlane);
  for (let first = firstTile; first < lastTile; first += block) {
    const count = min(block, lastTile - first);
    for (let i = 0; i < count; i++) {
      const image = (first + i) / tilesOfImage;
      const tile = first + i - image * tilesOfImage;
      const ty = tile / tilesX;
      const tx = tile - ty * tilesX;
      transformInputTile(
        ptr(args, 0) + <usize>image * xImage, 4 * ty - int(args, 10), 4 * tx - int(args, 11), height, width, inputs,
        v + (<usize>(i * inputs) << 2), vPlane, work,
      );
      const y = ptr(args, 1) + <usize>(image * outputHeight + 4 * ty) * yRow + (<usize>(4 * tx * outputs) << 2);
      transformGradientTile(
        y, min(4, outputHeight - 4 * ty), min(4, outputWidth - 4 * tx), yRow, outputs,
        m + (<usize>(i * outputs) << 2), mPlane, work,
      );
    }
    for (let k: usize = 0; k < 36; k++) {
      multiplyTransposed(v + k * vPlane, m + k * mPlane, u + k * uPlane, count, inputs, outputs);
    }
  }
}

/** out = B in, six vectors each, at a step of bytes. */
// @ts-ignore: decorator
@inline
function transformBackInput6(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const v0 = v128.load(from);
  const v1 = v128.load(from + fromStep);
  const v2 = v128.load(from + 2 * fromStep);
  const v3 = v128.load(from + 3 * fromStep);
  const v4 = v128.load(from + 4 * fromStep);
  const v5 = v128.load(from + 5 * fromStep);
  const s12 = f32x4.add(v1, v2);
  const d12 = f32x4.sub(v1, v2);
  const s34 = f32x4.add(v3, v4);
  const d34 = scale(2, f32x4.sub(v3, v4));
  v128.store(to, scale(4, v0));
  v128.store(to + toStep, f32x4.sub(scale(4, f32x4.sub(v5, d12)), d34));
  v128.store(to + 2 * toStep, f32x4.sub(f32x4.sub(scale(-5, v0), scale(4, s12)), s34));
  v128.store(to + 3 * toStep, f32x4.add(f32x4.sub(d12, scale(5, v5)), d34));
  v128.store(to + 4 * toStep, f32x4.add(f32x4.add(v0, s12), s34));
  v128.store(to + 5 * toStep, v5);
}

/** Adds B dV Bᵀ to the 6x6 pixels from (top, left); what lies outside the picture is dropped. */
function addInputTile(
  v: usize, plane: usize, x: usize, top: i32, left: i32, height: i32, width: i32, channels: i32, scratch: usize,
): void {
  const pixel = <usize>channels << 2;
  const row = <usize>width * pixel;
  const firstRow = max(0, -top);
  const lastRow = min(6, height - top);
  const firstColumn = max(0, -left);
  const lastColumn = min(6, width - left);
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    for (let j: usize = 0; j < 6; j++) transformBackInput6(v + channel + j * plane, 6 * plane, scratch + j * 16, 96);
    for (let i = firstRow; i < lastRow; i++) {
      transformBackInput6(scratch + <usize>i * 96, 16, scratch + 576, 16);
      let to = x + <usize>(top + i) * row + <usize>(left + firstColumn) * pixel + channel;
      for (let j = firstColumn; j < lastColumn; j++, to += pixel) {
        v128.store(to, f32x4.add(v128.load(to), v128.load(scratch + 576 + (<usize>j << 4))));
      }
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
 * column of an image, 13 tiles in a row, 14 tiles of a block. Thread scratch: dV, dM, 42 vectors.
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
  const yRow = <usize>(outputWidth * outputs) << 2;
  const uPlane = <usize>(inputs * outputs) << 2;
  memory.fill(ptr(args, 2) + <usize>firstImage * xImage, 0, <usize>(lastImage - firstImage) * xImage);
  for (let first = firstImage * tilesOfImage; first < lastTile; first += block) {
    const count = min(block, lastTile - first);
    for (let i = 0; i < count; i++) {
      const image = (first + i) / tilesOfImage;
      const tile = first + i - image * tilesOfImage;
      const ty = tile / tilesX;
      const tx = tile - ty * tilesX;
      const y = ptr(args, 0) + <usize>(image * outputHeight + 4 * ty) * yRow + (<usize>(4 * tx * outputs) << 2);
      transformGradientTile(
        y, min(4, outputHeight - 4 * ty), min(4, outputWidth - 4 * tx), yRow, outputs,
        m + (<usize>(i * outputs) << 2), mPlane, work,
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

/** out = Gᵀ in: six vectors to three, at a step of bytes. */
// @ts-ignore: decorator
@inline
function transformBack6(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const u1 = v128.load(from + fromStep);
  const u2 = v128.load(from + 2 * fromStep);
  const u3 = v128.load(from + 3 * fromStep);
  const u4 = v128.load(from + 4 * fromStep);
  const near = scale(<f32>(-1.0 / 6.0), f32x4.add(u1, u2));
  const far = f32x4.add(u3, u4);
  v128.store(to, f32x4.add(f32x4.add(scale(0.25, v128.load(from)), near), scale(<f32>(1.0 / 24.0), far)));
  v128.store(
    to + toStep,
    f32x4.add(scale(<f32>(-1.0 / 6.0), f32x4.sub(u1, u2)), scale(<f32>(1.0 / 12.0), f32x4.sub(u3, u4))),
  );
  v128.store(to + 2 * toStep, f32x4.add(f32x4.add(near, scale(<f32>(1.0 / 6.0), far)), v128.load(from + 5 * fromStep)));
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
  for (let output: usize = 0; output < <usize>outputs << 2; output += 16) {
    for (let k: usize = 0; k < 36; k++) {
      let at = ptr(args, 0) + k * plane + row + output;
      let sum = v128.load(at);
      for (let part = 1; part < parts; part++) {
        at += 36 * plane;
        sum = f32x4.add(sum, v128.load(at));
      }
      v128.store(scratch + (k << 4), sum);
    }
    const half = scratch + 576;
    for (let j: usize = 0; j < 6; j++) transformBack6(scratch + j * 16, 96, half + j * 16, 96);
    const to = ptr(args, 1) + row + output;
    for (let i: usize = 0; i < 3; i++) transformBack6(half + i * 96, 16, to + 3 * i * plane, plane);
  }
}
