// The transforms of Winograd's F(4x4, 3x3) and their adjoints: of pixels, weights and gradients, a tile at a time. Lanes run
// over channels; see conv2d_winograd.ts for what they are parts of.

import { epilogue } from './common';

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
export function transformInputTile(
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
export function transformOutputTile(
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

/** The maxima of 2x2 of the same, for up to 2x2 windows of a tile. */
export function transformOutputTileHalved(
  m: usize, plane: usize, y: usize, rows: i32, columns: i32, rowBytes: usize, channels: i32, bias: usize, code: i32,
  scratch: usize,
): void {
  const pixel = <usize>channels << 2;
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    for (let j: usize = 0; j < 6; j++) transformOutput6(m + channel + j * plane, 6 * plane, scratch + j * 16, 96);
    const b = bias != 0 ? v128.load(bias + channel) : f32x4.splat(0);
    for (let i = 0; i < rows; i++) {
      const above = scratch + 384;
      transformOutput6(scratch + <usize>i * 192, 16, above, 16);
      transformOutput6(scratch + <usize>i * 192 + 96, 16, above + 64, 16);
      const to = y + <usize>i * rowBytes + channel;
      for (let j = 0; j < columns; j++) {
        const at = above + (<usize>j << 5);
        const top = f32x4.max(v128.load(at), v128.load(at, 16));
        const largest = f32x4.max(top, f32x4.max(v128.load(at, 64), v128.load(at, 80)));
        v128.store(to + <usize>j * pixel, epilogue(f32x4.add(largest, b), code));
      }
    }
  }
}

/** One column of G w: three values to six. */
// @ts-ignore: decorator
@inline
export function transformWeight3(w0: f32, w1: f32, w2: f32, to: usize, step: usize): void {
  const even = w0 + w2;
  const far = w0 * <f32>(1.0 / 24.0) + w2 * <f32>(1.0 / 6.0);
  store<f32>(to, w0 * <f32>0.25);
  store<f32>(to + step, (even + w1) * <f32>(-1.0 / 6.0));
  store<f32>(to + 2 * step, (even - w1) * <f32>(-1.0 / 6.0));
  store<f32>(to + 3 * step, far + w1 * <f32>(1.0 / 12.0));
  store<f32>(to + 4 * step, far - w1 * <f32>(1.0 / 12.0));
  store<f32>(to + 5 * step, w2);
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
export function transformGradientTile(
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
export function addInputTile(
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

/** out = Gᵀ in: six vectors to three, at a step of bytes. */
// @ts-ignore: decorator
@inline
export function transformBack6(from: usize, fromStep: usize, to: usize, toStep: usize): void {
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
