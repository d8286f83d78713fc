// Direct convolution and its weight gradient for 16 output channels at once, for turbo: see wide.ts, and
// winograd_products_wide.ts for how a loop must look so that V8 widens it.

import { epilogue, larger, madd, relu, zero } from './common';
import { placeOf4, storePlaces8 } from './places';
import { add16, put16 } from './winograd_products_wide';

/** Adds the residual (0: none), applies the epilogue and stores 16 channels of one pixel. */
// @ts-ignore: decorator
@inline
function store16(y: usize, a: v128, b: v128, c: v128, d: v128, code: i32, residual: usize): void {
  if (residual == 0 && code == 0) {
    put16(y, a, b, c, d);
  } else if (residual == 0 && code == 1) {
    put16(y, relu(a), relu(b), relu(c), relu(d));
  } else {
    if (residual != 0) {
      a = f32x4.add(a, v128.load(residual));
      b = f32x4.add(b, v128.load(residual, 16));
      c = f32x4.add(c, v128.load(residual, 32));
      d = f32x4.add(d, v128.load(residual, 48));
    }
    put16(y, epilogue(a, code), epilogue(b, code), epilogue(c, code), epilogue(d, code));
  }
}

/**
 * The pixels from `pixel` on, four at a time, of two tiles of channels; the arguments are those of conv2d_forward.
 * Returns the first pixel that is left over.
 */
export function forward16(
  pixel: i32, lastPixel: i32, row: usize, rowBytes: usize, place: usize, depthBytes: usize, x: usize, zeros: usize,
  weights: usize, tileBytes: usize, bias: usize, y: usize, code: i32, residual: usize, halving: bool, places: usize,
): i32 {
  for (; pixel + 4 <= lastPixel; pixel += 4, row += rowBytes << 2, place += 16) {
    const b0 = v128.load(bias);
    const b1 = v128.load(bias, 16);
    const b2 = v128.load(bias, 32);
    const b3 = v128.load(bias, 48);
    let s00 = b0, s01 = b1, s02 = b2, s03 = b3;
    let s10 = b0, s11 = b1, s12 = b2, s13 = b3;
    let s20 = b0, s21 = b1, s22 = b2, s23 = b3;
    let s30 = b0, s31 = b1, s32 = b2, s33 = b3;
    let w = weights;
    for (let tap: usize = row; tap < row + rowBytes; tap += 4) {
      const o0 = load<i32>(tap);
      const o1 = load<i32>(tap + rowBytes);
      const o2 = load<i32>(tap + (rowBytes << 1));
      const o3 = load<i32>(tap + rowBytes * 3);
      let a0 = o0 < 0 ? zeros : x + <usize>o0;
      let a1 = o1 < 0 ? zeros : x + <usize>o1;
      let a2 = o2 < 0 ? zeros : x + <usize>o2;
      let a3 = o3 < 0 ? zeros : x + <usize>o3;
      // All four pixels are padding: nothing is added.
      const end = (o0 & o1 & o2 & o3) < 0 ? a0 : a0 + depthBytes;
      let z = w;
      w += depthBytes << 3;
      while (a0 < end) {
        const w0 = v128.load(z);
        const w1 = v128.load(z, 16);
        const w2 = v128.load(z + tileBytes);
        const w3 = v128.load(z + tileBytes, 16);
        const x0 = v128.load32_splat(a0);
        s00 = madd(s00, x0, w0);
        s01 = madd(s01, x0, w1);
        s02 = madd(s02, x0, w2);
        s03 = madd(s03, x0, w3);
        const x1 = v128.load32_splat(a1);
        s10 = madd(s10, x1, w0);
        s11 = madd(s11, x1, w1);
        s12 = madd(s12, x1, w2);
        s13 = madd(s13, x1, w3);
        const x2 = v128.load32_splat(a2);
        s20 = madd(s20, x2, w0);
        s21 = madd(s21, x2, w1);
        s22 = madd(s22, x2, w2);
        s23 = madd(s23, x2, w3);
        const x3 = v128.load32_splat(a3);
        s30 = madd(s30, x3, w0);
        s31 = madd(s31, x3, w1);
        s32 = madd(s32, x3, w2);
        s33 = madd(s33, x3, w3);
        z += 32;
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
      }
    }
    const y0 = y + <usize>load<u32>(place);
    if (halving) {
      if (places != 0) {
        const to = places + (<usize>load<u32>(place) >> 2);
        storePlaces8(to, placeOf4(s00, s10, s20, s30), placeOf4(s01, s11, s21, s31), 8);
        storePlaces8(to + 8, placeOf4(s02, s12, s22, s32), placeOf4(s03, s13, s23, s33), 8);
      }
      s00 = larger(larger(s00, s10), larger(s20, s30));
      s01 = larger(larger(s01, s11), larger(s21, s31));
      s02 = larger(larger(s02, s12), larger(s22, s32));
      s03 = larger(larger(s03, s13), larger(s23, s33));
      store16(y0, s00, s01, s02, s03, code, 0);
      continue;
    }
    const y1 = y + <usize>load<u32>(place, 4);
    const y2 = y + <usize>load<u32>(place, 8);
    const y3 = y + <usize>load<u32>(place, 12);
    store16(y0, s00, s01, s02, s03, code, residual != 0 ? residual + (y0 - y) : 0);
    store16(y1, s10, s11, s12, s13, code, residual != 0 ? residual + (y1 - y) : 0);
    store16(y2, s20, s21, s22, s23, code, residual != 0 ? residual + (y2 - y) : 0);
    store16(y3, s30, s31, s32, s33, code, residual != 0 ? residual + (y3 - y) : 0);
  }
  return pixel;
}

/** `to`[3 rows, 16 channels] += Σ over pixels of x[row] · gradient; the arguments are those of conv2d_backward_weight. */
export function weightGradient3x16(
  x: usize, g: usize, pixelBytes: usize, entry: usize, tableEnd: usize, to: usize,
): void {
  let s00 = zero(), s01 = zero(), s02 = zero(), s03 = zero();
  let s10 = zero(), s11 = zero(), s12 = zero(), s13 = zero();
  let s20 = zero(), s21 = zero(), s22 = zero(), s23 = zero();
  for (; entry < tableEnd; entry += 4, g += pixelBytes) {
    const offset = load<i32>(entry);
    if (offset < 0) continue;
    const a = x + <usize>offset;
    const g0 = v128.load(g);
    const g1 = v128.load(g, 16);
    const g2 = v128.load(g, 32);
    const g3 = v128.load(g, 48);
    const x0 = v128.load32_splat(a);
    s00 = madd(s00, x0, g0);
    s01 = madd(s01, x0, g1);
    s02 = madd(s02, x0, g2);
    s03 = madd(s03, x0, g3);
    const x1 = v128.load32_splat(a, 4);
    s10 = madd(s10, x1, g0);
    s11 = madd(s11, x1, g1);
    s12 = madd(s12, x1, g2);
    s13 = madd(s13, x1, g3);
    const x2 = v128.load32_splat(a, 8);
    s20 = madd(s20, x2, g0);
    s21 = madd(s21, x2, g1);
    s22 = madd(s22, x2, g2);
    s23 = madd(s23, x2, g3);
  }
  add16(to, s00, s01, s02, s03);
  add16(to + pixelBytes, s10, s11, s12, s13);
  add16(to + (pixelBytes << 1), s20, s21, s22, s23);
}

/** The same for 4 rows. */
export function weightGradient4x16(
  x: usize, g: usize, pixelBytes: usize, entry: usize, tableEnd: usize, to: usize,
): void {
  let s00 = zero(), s01 = zero(), s02 = zero(), s03 = zero();
  let s10 = zero(), s11 = zero(), s12 = zero(), s13 = zero();
  let s20 = zero(), s21 = zero(), s22 = zero(), s23 = zero();
  let s30 = zero(), s31 = zero(), s32 = zero(), s33 = zero();
  for (; entry < tableEnd; entry += 4, g += pixelBytes) {
    const offset = load<i32>(entry);
    if (offset < 0) continue;
    const a = x + <usize>offset;
    const g0 = v128.load(g);
    const g1 = v128.load(g, 16);
    const g2 = v128.load(g, 32);
    const g3 = v128.load(g, 48);
    const x0 = v128.load32_splat(a);
    s00 = madd(s00, x0, g0);
    s01 = madd(s01, x0, g1);
    s02 = madd(s02, x0, g2);
    s03 = madd(s03, x0, g3);
    const x1 = v128.load32_splat(a, 4);
    s10 = madd(s10, x1, g0);
    s11 = madd(s11, x1, g1);
    s12 = madd(s12, x1, g2);
    s13 = madd(s13, x1, g3);
    const x2 = v128.load32_splat(a, 8);
    s20 = madd(s20, x2, g0);
    s21 = madd(s21, x2, g1);
    s22 = madd(s22, x2, g2);
    s23 = madd(s23, x2, g3);
    const x3 = v128.load32_splat(a, 12);
    s30 = madd(s30, x3, g0);
    s31 = madd(s31, x3, g1);
    s32 = madd(s32, x3, g2);
    s33 = madd(s33, x3, g3);
  }
  add16(to, s00, s01, s02, s03);
  add16(to + pixelBytes, s10, s11, s12, s13);
  add16(to + (pixelBytes << 1), s20, s21, s22, s23);
  add16(to + pixelBytes * 3, s30, s31, s32, s33);
}
