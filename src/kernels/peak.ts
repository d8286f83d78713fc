// What the machine's plain SIMD units can do: the register tile of the convolutions, on data that stays in the first
// cache, with nothing around it. Other kernels' figures are told as a share of this one's.

import { int, madd, ptr, zero } from './common';

/**
 * y[chunk, row, channel] = sum, `repeats` times over, over depth of x[row, depth] · w[depth, channel]; 4 rows and 8
 * channels, a chunk is one such product.
 *
 * args: 0 x [4][depth], 1 w [depth][8], 2 y [n][4][8], 3 depth, 4 repeats.
 */
export function multiplyAddPeak_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const rowBytes = <usize>int(args, 3) << 2;
  let s00 = zero(), s01 = zero(), s10 = zero(), s11 = zero();
  let s20 = zero(), s21 = zero(), s30 = zero(), s31 = zero();
  for (let repeat = int(args, 4); repeat > 0; repeat--) {
    let w = ptr(args, 1);
    let a0 = ptr(args, 0);
    let a1 = a0 + rowBytes;
    let a2 = a1 + rowBytes;
    let a3 = a2 + rowBytes;
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
  }
  const y = ptr(args, 2) + (<usize>chunk << 7);
  v128.store(y, s00);
  v128.store(y, s01, 16);
  v128.store(y, s10, 32);
  v128.store(y, s11, 48);
  v128.store(y, s20, 64);
  v128.store(y, s21, 80);
  v128.store(y, s30, 96);
  v128.store(y, s31, 112);
}
