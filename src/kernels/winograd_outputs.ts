// The transforms of Winograd's products to outputs and their adjoint, of gradients; see winograd_transforms.ts.

import { larger, relu, relu6, zero } from './common';
import { placeOf4, storePlaces8 } from './places';
import { WIDE } from './wide';
import { put8, scale } from './winograd_transforms';

/** out = Aᵀ in: six to four times 8 channels, at a step of bytes. */
// @ts-ignore: decorator
@inline
function transformOutput6(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const p0 = from;
  const p1 = from + fromStep;
  const p2 = from + 2 * fromStep;
  const p3 = from + 3 * fromStep;
  const p4 = from + 4 * fromStep;
  const p5 = from + 5 * fromStep;
  const m0 = v128.load(p0);
  const m1 = v128.load(p1);
  const m2 = v128.load(p2);
  const m3 = v128.load(p3);
  const m4 = v128.load(p4);
  const m5 = v128.load(p5);
  const s1 = f32x4.add(m1, m2);
  const d1 = f32x4.sub(m1, m2);
  const s2 = f32x4.add(m3, m4);
  const d2 = f32x4.sub(m3, m4);
  const r0 = f32x4.add(f32x4.add(m0, s1), s2);
  const r1 = f32x4.add(d1, scale(2, d2));
  const r2 = f32x4.add(s1, scale(4, s2));
  const r3 = f32x4.add(f32x4.add(d1, scale(8, d2)), m5);
  const m0h = v128.load(p0, 16);
  const m1h = v128.load(p1, 16);
  const m2h = v128.load(p2, 16);
  const m3h = v128.load(p3, 16);
  const m4h = v128.load(p4, 16);
  const m5h = v128.load(p5, 16);
  const s1h = f32x4.add(m1h, m2h);
  const d1h = f32x4.sub(m1h, m2h);
  const s2h = f32x4.add(m3h, m4h);
  const d2h = f32x4.sub(m3h, m4h);
  const r0h = f32x4.add(f32x4.add(m0h, s1h), s2h);
  const r1h = f32x4.add(d1h, scale(2, d2h));
  const r2h = f32x4.add(s1h, scale(4, s2h));
  const r3h = f32x4.add(f32x4.add(d1h, scale(8, d2h)), m5h);
  put8(to, r0, r0h);
  put8(to + toStep, r1, r1h);
  put8(to + 2 * toStep, r2, r2h);
  put8(to + 3 * toStep, r3, r3h);
}

class None {
  // @ts-ignore: decorator
  @inline
  at(x: v128): v128 {
    return x;
  }
}

class Relu {
  // @ts-ignore: decorator
  @inline
  at(x: v128): v128 {
    return relu(x);
  }
}

class Relu6 {
  // @ts-ignore: decorator
  @inline
  at(x: v128): v128 {
    return relu6(x);
  }
}

/** to = E(from + bias + residual) of 8 channels of pixels in a row. */
// @ts-ignore: decorator
@inline
function finishRowBy<E>(from: usize, to: usize, columns: i32, pixel: usize, bias: usize, residual: usize): void {
  const b = v128.load(bias);
  const bh = v128.load(bias, 16);
  if (residual != 0) {
    for (; columns > 0; columns--, from += 32, to += pixel) {
      const v = f32x4.add(f32x4.add(v128.load(from), b), v128.load(to + residual));
      const vh = f32x4.add(f32x4.add(v128.load(from, 16), bh), v128.load(to + residual, 16));
      put8(to, changetype<E>(0).at(v), changetype<E>(0).at(vh));
    }
  } else {
    for (; columns > 0; columns--, from += 32, to += pixel) {
      const v = f32x4.add(v128.load(from), b);
      const vh = f32x4.add(v128.load(from, 16), bh);
      put8(to, changetype<E>(0).at(v), changetype<E>(0).at(vh));
    }
  }
}

/** The same with the epilogue of a code (see `epilogue`): no condition inside a loop. `from` is 32 bytes a pixel. */
function finishRow(
  from: usize, to: usize, columns: i32, pixel: usize, bias: usize, code: i32, residual: usize,
): void {
  if (code == 0) finishRowBy<None>(from, to, columns, pixel, bias, residual);
  else if (code == 1) finishRowBy<Relu>(from, to, columns, pixel, bias, residual);
  else finishRowBy<Relu6>(from, to, columns, pixel, bias, residual);
}

/** Four pixels of 8 channels: E(Aᵀ in + bias + residual), the pixels at a step of bytes. */
// @ts-ignore: decorator
@inline
function finish4<E>(from: usize, to: usize, pixel: usize, bias: usize, residual: usize): void {
  const m0 = v128.load(from);
  const m1 = v128.load(from, 32);
  const m2 = v128.load(from, 64);
  const m3 = v128.load(from, 96);
  const m4 = v128.load(from, 128);
  const m5 = v128.load(from, 160);
  const b = v128.load(bias);
  const s1 = f32x4.add(m1, m2);
  const d1 = f32x4.sub(m1, m2);
  const s2 = f32x4.add(m3, m4);
  const d2 = f32x4.sub(m3, m4);
  let r0 = f32x4.add(f32x4.add(f32x4.add(m0, s1), s2), b);
  let r1 = f32x4.add(f32x4.add(d1, scale(2, d2)), b);
  let r2 = f32x4.add(f32x4.add(s1, scale(4, s2)), b);
  let r3 = f32x4.add(f32x4.add(f32x4.add(d1, scale(8, d2)), m5), b);
  if (residual != 0) {
    const at = to + residual;
    r0 = f32x4.add(r0, v128.load(at));
    r1 = f32x4.add(r1, v128.load(at + pixel));
    r2 = f32x4.add(r2, v128.load(at + 2 * pixel));
    r3 = f32x4.add(r3, v128.load(at + 3 * pixel));
  }
  v128.store(to, changetype<E>(0).at(r0));
  v128.store(to + pixel, changetype<E>(0).at(r1));
  v128.store(to + 2 * pixel, changetype<E>(0).at(r2));
  v128.store(to + 3 * pixel, changetype<E>(0).at(r3));
}

/** The four rows of a whole tile, from the half-done transform. */
function finishTile<E>(from: usize, to: usize, rowBytes: usize, pixel: usize, bias: usize, residual: usize): void {
  for (let end = from + 4 * 192; from < end; from += 192, to += rowBytes) {
    finish4<E>(from, to, pixel, bias, residual);
    finish4<E>(from + 16, to + 16, pixel, bias + 16, residual);
  }
}

/** Where 8 channels' bias is, or, without one, zeros. */
// @ts-ignore: decorator
@inline
function biasOr0(bias: usize, channel: usize, zeros: usize): usize {
  put8(zeros, zero(), zero());
  return bias != 0 ? bias + channel : zeros;
}

/** y of one tile: Aᵀ M A, bias and epilogue; what lies beyond the picture is not stored. */
export function transformOutputTile(
  m: usize, plane: usize, y: usize, rows: i32, columns: i32, rowBytes: usize, channels: i32, bias: usize, code: i32,
  residual: usize, scratch: usize,
): void {
  const pixel = <usize>channels << 2;
  const done = scratch + 24 * 32;
  const fromResidual = residual != 0 ? residual - y : 0;
  for (let channel: usize = 0; channel < pixel; channel += 32) {
    for (let j: usize = 0; j < 6; j++) transformOutput6(m + channel + j * plane, 6 * plane, scratch + j * 32, 192);
    const b = biasOr0(bias, channel, done + 4 * 32);
    // Turbo's compiler wants both halves of 8 channels side by side.
    if (!WIDE && rows == 4 && columns == 4) {
      if (code == 0) finishTile<None>(scratch, y + channel, rowBytes, pixel, b, fromResidual);
      else if (code == 1) finishTile<Relu>(scratch, y + channel, rowBytes, pixel, b, fromResidual);
      else finishTile<Relu6>(scratch, y + channel, rowBytes, pixel, b, fromResidual);
      continue;
    }
    for (let i = 0; i < rows; i++) {
      transformOutput6(scratch + <usize>i * 192, 32, done, 32);
      finishRow(done, y + <usize>i * rowBytes + channel, columns, pixel, b, code, fromResidual);
    }
  }
}

/** The place of the maximum of four pixels, two above and two 128 bytes below, with their bias. */
// @ts-ignore: decorator
@inline
function placeAt(at: usize, bias: v128): v128 {
  const a = f32x4.add(v128.load(at), bias);
  const b = f32x4.add(v128.load(at, 32), bias);
  return placeOf4(a, b, f32x4.add(v128.load(at, 128), bias), f32x4.add(v128.load(at, 160), bias));
}

/** The maxima of 2x2 of the same, for up to 2x2 windows of a tile, and (unless 0) their places, a byte each. */
export function transformOutputTileHalved(
  m: usize, plane: usize, y: usize, places: usize, rows: i32, columns: i32, rowBytes: usize, channels: i32, bias: usize, code: i32,
  scratch: usize,
): void {
  const pixel = <usize>channels << 2;
  const above = scratch + 24 * 32;
  const largest = above + 8 * 32;
  for (let channel: usize = 0; channel < pixel; channel += 32) {
    for (let j: usize = 0; j < 6; j++) transformOutput6(m + channel + j * plane, 6 * plane, scratch + j * 32, 192);
    const b = biasOr0(bias, channel, largest + 2 * 32);
    for (let i = 0; i < rows; i++) {
      transformOutput6(scratch + <usize>i * 384, 32, above, 32);
      transformOutput6(scratch + <usize>i * 384 + 192, 32, above + 128, 32);
      for (let j: usize = 0; j < 64; j += 32) {
        const at = above + 2 * j;
        const top = larger(v128.load(at), v128.load(at, 32));
        const v = larger(top, larger(v128.load(at, 128), v128.load(at, 160)));
        const toph = larger(v128.load(at, 16), v128.load(at, 48));
        const vh = larger(toph, larger(v128.load(at, 144), v128.load(at, 176)));
        put8(largest + j, v, vh);
      }
      if (places != 0) {
        // A sum with the bias may tie where the products do not: the place is that of the sums.
        let to = places + (<usize>i * rowBytes + channel) / 4;
        for (let at = above; at < above + <usize>columns * 64; at += 64, to += <usize>channels) {
          storePlaces8(to, placeAt(at, v128.load(b)), placeAt(at + 16, v128.load(b, 16)), 8);
        }
      }
      finishRow(largest, y + <usize>i * rowBytes + channel, columns, pixel, b, code, 0);
    }
  }
}

/** out = A in: four to six times 8 channels, at a step of bytes. */
// @ts-ignore: decorator
@inline
function transformGradient4(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const p0 = from;
  const p1 = from + fromStep;
  const p2 = from + 2 * fromStep;
  const p3 = from + 3 * fromStep;
  const y0 = v128.load(p0);
  const y1 = v128.load(p1);
  const y2 = v128.load(p2);
  const y3 = v128.load(p3);
  const e = f32x4.add(y0, y2);
  const o = f32x4.add(y1, y3);
  const e4 = f32x4.add(y0, scale(4, y2));
  const o4 = f32x4.add(scale(2, y1), scale(8, y3));
  const r1 = f32x4.add(e, o);
  const r2 = f32x4.sub(e, o);
  const r3 = f32x4.add(e4, o4);
  const r4 = f32x4.sub(e4, o4);
  const y0h = v128.load(p0, 16);
  const y1h = v128.load(p1, 16);
  const y2h = v128.load(p2, 16);
  const y3h = v128.load(p3, 16);
  const eh = f32x4.add(y0h, y2h);
  const oh = f32x4.add(y1h, y3h);
  const e4h = f32x4.add(y0h, scale(4, y2h));
  const o4h = f32x4.add(scale(2, y1h), scale(8, y3h));
  const r1h = f32x4.add(eh, oh);
  const r2h = f32x4.sub(eh, oh);
  const r3h = f32x4.add(e4h, o4h);
  const r4h = f32x4.sub(e4h, o4h);
  put8(to, y0, y0h);
  put8(to + toStep, r1, r1h);
  put8(to + 2 * toStep, r2, r2h);
  put8(to + 3 * toStep, r3, r3h);
  put8(to + 4 * toStep, r4, r4h);
  put8(to + 5 * toStep, y3, y3h);
}

/** 8 channels of a window of 2x2 of a frame that is four pixels wide, from its gradient and its maximum's place. */
// @ts-ignore: decorator
@inline
function spreadWindow(gradient: usize, places: usize, frame: usize): void {
  const bytes = i16x8.extend_low_i8x16_u(v128.load64_zero(places));
  const low = i32x4.extend_low_i16x8_u(bytes);
  const high = i32x4.extend_high_i16x8_u(bytes);
  const g = v128.load(gradient);
  const gh = v128.load(gradient, 16);
  for (let k: i32 = 0; k < 4; k++) {
    const here = i32x4.splat(k);
    const to = frame + (<usize>(4 * (k >> 1) + (k & 1)) << 5);
    put8(to, v128.and(g, i32x4.eq(low, here)), v128.and(gh, i32x4.eq(high, here)));
  }
}

/**
 * dM of one tile of an image, from the gradient of the result, or (`places` not 0) from that of its windows of 2x2 and
 * the places of their maxima. Each 8 channels go `group` bytes beyond those before.
 */
export function transformGradient(
  gradient: usize, places: usize, image: i32, ty: i32, tx: i32, height: i32, width: i32, channels: i32, m: usize,
  plane: usize, group: usize, scratch: usize,
): void {
  if (places == 0) {
    const row = <usize>(width * channels) << 2;
    const y = gradient + <usize>(image * height + 4 * ty) * row + (<usize>(4 * tx * channels) << 2);
    transformGradientTile(y, min(4, height - 4 * ty), min(4, width - 4 * tx), row, channels, m, plane, group, scratch);
    return;
  }
  const windowsX = width >> 1;
  const rows = min(2, (height >> 1) - 2 * ty);
  const columns = min(2, windowsX - 2 * tx);
  const frame = scratch + 24 * 32;
  if (rows < 2 || columns < 2) memory.fill(frame, 0, 16 * 32);
  const first = <usize>(((image * (height >> 1) + 2 * ty) * windowsX + 2 * tx) * channels);
  for (let channel = 0; channel < channels; channel += 8, m += group) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const at = first + <usize>((i * windowsX + j) * channels + channel);
        spreadWindow(gradient + (at << 2), places + at, frame + (<usize>(8 * i + 2 * j) << 5));
      }
    }
    transformGradient8(frame, 32, 128, m, plane, scratch);
  }
}

/** dM of 4x4 pixels of 8 channels. */
// @ts-ignore: decorator
@inline
function transformGradient8(from: usize, step: usize, fromRow: usize, m: usize, plane: usize, scratch: usize): void {
  for (let j: usize = 0; j < 4; j++) transformGradient4(from + j * step, fromRow, scratch + j * 32, 128);
  for (let i: usize = 0; i < 6; i++) transformGradient4(scratch + i * 128, 32, m + 6 * i * plane, plane);
}

/**
 * dM of one tile: A dY Aᵀ of up to 4x4 pixels; those beyond the picture are zeros. Each 8 channels go `group` bytes beyond
 * those before.
 */
function transformGradientTile(
  y: usize, rows: i32, columns: i32, rowBytes: usize, channels: i32, m: usize, plane: usize, group: usize,
  scratch: usize,
): void {
  const pixel = <usize>channels << 2;
  const frame = scratch + 24 * 32;
  const inside = rows == 4 && columns == 4;
  let step = pixel;
  let fromRow = rowBytes;
  if (!inside) {
    step = 32;
    fromRow = 128;
    memory.fill(frame, 0, 16 * 32);
  }
  for (let channel: usize = 0; channel < pixel; channel += 32, m += group) {
    let from = y + channel;
    if (!inside) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const at = from + <usize>i * rowBytes + <usize>j * pixel;
          put8(frame + (<usize>(4 * i + j) << 5), v128.load(at), v128.load(at, 16));
        }
      }
      from = frame;
    }
    transformGradient8(from, step, fromRow, m, plane, scratch);
  }
}
