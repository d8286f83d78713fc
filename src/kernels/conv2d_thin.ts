// The direct convolution of thin inputs (see conv2d.ts): their taps are whole kernel rows of a framed picture, so no tap lies
// outside, and from a pixel's first tap the others follow at a step. In a function of its own, all of which fits the registers.

import { epilogue, larger, madd } from './common';
import { placeOf4, storePlaces8 } from './places';

// @ts-ignore: decorator
@inline
function finish(to: usize, low: v128, high: v128, code: i32): void {
  v128.store(to, epilogue(low, code));
  v128.store(to, epilogue(high, code), 16);
}

/**
 * Eight channels of pixels, four at once, up to `end` of the table (a row of `rowBytes` a pixel, of which the first word
 * counts); `place` are the pixels' places in y. With halving each four are a window whose maximum is stored, and in
 * `places` (as y, a byte each; or 0) which of them it is. @returns the row of the table of the first pixel that is left.
 */
export function forwardThin(
  row: usize, end: usize, rowBytes: usize, place: usize, depthBytes: usize, step: usize, x: usize, weights: usize,
  bias: usize, y: usize, code: i32, halving: bool, places: usize,
): usize {
  const weightsEnd = weights + ((rowBytes * depthBytes) << 1);
  const toNextTap = step - depthBytes;
  for (; row + (rowBytes << 2) <= end; row += rowBytes << 2, place += 16) {
    const b0 = v128.load(bias);
    const b1 = v128.load(bias, 16);
    let s00 = b0, s01 = b1;
    let s10 = b0, s11 = b1;
    let s20 = b0, s21 = b1;
    let s30 = b0, s31 = b1;
    let a0 = x + <usize>load<i32>(row);
    let a1 = x + <usize>load<i32>(row + rowBytes);
    let a2 = x + <usize>load<i32>(row + (rowBytes << 1));
    let a3 = x + <usize>load<i32>(row + rowBytes * 3);
    let w = weights;
    while (w < weightsEnd) {
      const endOfTap = a0 + depthBytes;
      while (a0 < endOfTap) {
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
      a0 += toNextTap;
      a1 += toNextTap;
      a2 += toNextTap;
      a3 += toNextTap;
    }
    const to = <usize>load<u32>(place);
    if (halving) {
      if (places != 0) storePlaces8(places + (to >> 2), placeOf4(s00, s10, s20, s30), placeOf4(s01, s11, s21, s31), 8);
      finish(y + to, larger(larger(s00, s10), larger(s20, s30)), larger(larger(s01, s11), larger(s21, s31)), code);
      continue;
    }
    finish(y + to, s00, s01, code);
    finish(y + <usize>load<u32>(place, 4), s10, s11, code);
    finish(y + <usize>load<u32>(place, 8), s20, s21, code);
    finish(y + <usize>load<u32>(place, 12), s30, s31, code);
  }
  return row;
}
