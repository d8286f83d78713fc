// The matrix products between Winograd's transforms: one of the 36 planes of a block of tiles.

import { int, madd, ptr } from './common';
import { WIDE } from './wide';
import { multiplyPlane16, multiplyTransposed16 } from './winograd_products_wide';

/** M[row, 8 channels] for 4 or fewer rows of V and a packed tile of U: the matrix product of one plane. */
export function multiplyPlane(v: usize, u: usize, m: usize, rows: i32, inputs: i32, outputs: i32): void {
  const vRow = <usize>inputs << 2;
  const mRow = <usize>outputs << 2;
  let output = 0;
  if (WIDE) {
    for (; output + 16 <= outputs; output += 16, u += <usize>inputs << 6, m += 64) {
      multiplyPlane16(v, u, m, rows, inputs, mRow);
    }
  }
  for (; output < outputs; output += 8, u += <usize>inputs << 5, m += 32) {
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

/** dU[input, output] += Σ over rows of V[row, input] · dM[row, output], of one plane. */
export function multiplyTransposed(v: usize, m: usize, u: usize, rows: i32, inputs: i32, outputs: i32): void {
  const vRow = <usize>inputs << 2;
  const mRow = <usize>outputs << 2;
  const vEnd = v + <usize>rows * vRow;
  let output = 0;
  if (WIDE) {
    for (; output + 16 <= outputs; output += 16, m += 64, u += 64) {
      for (let input: usize = 0, to: usize = u; input < vRow; input += 16, to += mRow << 2) {
        multiplyTransposed16(v + input, vEnd, vRow, m, mRow, to);
      }
    }
  }
  for (; output < outputs; output += 8, m += 32, u += 32) {
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
 * All planes of a block, `repeats` times over, for measuring; a chunk is a block.
 * args: 0 V, 1 U, 2 M, 3 tiles, 4 inputs, 5 outputs, 6 repeats.
 */
export function winogradProducts_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const tiles = int(args, 3);
  const inputs = int(args, 4);
  const outputs = int(args, 5);
  const vPlane = <usize>(tiles * inputs) << 2;
  const mPlane = <usize>(tiles * outputs) << 2;
  const uPlane = <usize>(inputs * outputs) << 2;
  const v = ptr(args, 0) + <usize>(36 * chunk) * vPlane;
  const m = ptr(args, 2) + <usize>(36 * chunk) * mPlane;
  for (let repeat = int(args, 6); repeat > 0; repeat--) {
    for (let k: usize = 0; k < 36; k++) {
      multiplyPlane(v + k * vPlane, ptr(args, 1) + k * uPlane, m + k * mPlane, tiles, inputs, outputs);
    }
  }
}
