// The products of Winograd's planes for 16 outputs at once, for turbo (see wide.ts). V8 makes one operation on 256 bits of
// two on 128 where the stores are neighbours, loads stand together before the stores, and sums begin without a condition.

import { madd, zero } from './common';

/** M[row, 16 channels] of one plane from two packed tiles of U. */
export function multiplyPlane16(v: usize, u: usize, m: usize, rows: i32, inputs: i32, mRow: usize): void {
  const vRow = <usize>inputs << 2;
  const tile = <usize>inputs << 5;
  for (; rows >= 4; rows -= 4, m += mRow << 2) {
    let a1 = v + vRow;
    let a2 = a1 + vRow;
    let a3 = a2 + vRow;
    let s00 = zero(), s01 = zero(), s02 = zero(), s03 = zero();
    let s10 = zero(), s11 = zero(), s12 = zero(), s13 = zero();
    let s20 = zero(), s21 = zero(), s22 = zero(), s23 = zero();
    let s30 = zero(), s31 = zero(), s32 = zero(), s33 = zero();
    let w = u;
    let z = u + tile;
    const end = a1;
    while (v < end) {
      const w0 = v128.load(w);
      const w1 = v128.load(w, 16);
      const w2 = v128.load(z);
      const w3 = v128.load(z, 16);
      const x0 = v128.load32_splat(v);
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
      w += 32;
      z += 32;
      v += 4;
      a1 += 4;
      a2 += 4;
      a3 += 4;
    }
    v = a3;
    put16(m, s00, s01, s02, s03);
    put16(m + mRow, s10, s11, s12, s13);
    put16(m + (mRow << 1), s20, s21, s22, s23);
    put16(m + mRow * 3, s30, s31, s32, s33);
  }
  for (; rows > 0; rows--, m += mRow) {
    let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero();
    let w = u;
    let z = u + tile;
    const end = v + vRow;
    for (; v < end; v += 4, w += 32, z += 32) {
      const w0 = v128.load(w);
      const w1 = v128.load(w, 16);
      const w2 = v128.load(z);
      const w3 = v128.load(z, 16);
      const x = v128.load32_splat(v);
      s0 = madd(s0, x, w0);
      s1 = madd(s1, x, w1);
      s2 = madd(s2, x, w2);
      s3 = madd(s3, x, w3);
    }
    put16(m, s0, s1, s2, s3);
  }
}

/** dU[4 inputs, 16 outputs] += Σ over rows of V · dM: `v` and `m` are the first row's, `u` the first input's. */
export function multiplyTransposed16(v: usize, vEnd: usize, vRow: usize, m: usize, mRow: usize, u: usize): void {
  let s00 = zero(), s01 = zero(), s02 = zero(), s03 = zero();
  let s10 = zero(), s11 = zero(), s12 = zero(), s13 = zero();
  let s20 = zero(), s21 = zero(), s22 = zero(), s23 = zero();
  let s30 = zero(), s31 = zero(), s32 = zero(), s33 = zero();
  for (; v < vEnd; v += vRow, m += mRow) {
    const g0 = v128.load(m);
    const g1 = v128.load(m, 16);
    const g2 = v128.load(m, 32);
    const g3 = v128.load(m, 48);
    const x0 = v128.load32_splat(v);
    s00 = madd(s00, x0, g0);
    s01 = madd(s01, x0, g1);
    s02 = madd(s02, x0, g2);
    s03 = madd(s03, x0, g3);
    const x1 = v128.load32_splat(v, 4);
    s10 = madd(s10, x1, g0);
    s11 = madd(s11, x1, g1);
    s12 = madd(s12, x1, g2);
    s13 = madd(s13, x1, g3);
    const x2 = v128.load32_splat(v, 8);
    s20 = madd(s20, x2, g0);
    s21 = madd(s21, x2, g1);
    s22 = madd(s22, x2, g2);
    s23 = madd(s23, x2, g3);
    const x3 = v128.load32_splat(v, 12);
    s30 = madd(s30, x3, g0);
    s31 = madd(s31, x3, g1);
    s32 = madd(s32, x3, g2);
    s33 = madd(s33, x3, g3);
  }
  add16(u, s00, s01, s02, s03);
  add16(u + mRow, s10, s11, s12, s13);
  add16(u + (mRow << 1), s20, s21, s22, s23);
  add16(u + mRow * 3, s30, s31, s32, s33);
}

/** Stores 16 neighbours. */
// @ts-ignore: decorator
@inline
export function put16(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(to, a);
  v128.store(to, b, 16);
  v128.store(to, c, 32);
  v128.store(to, d, 48);
}

/** Adds to 16 neighbours. */
// @ts-ignore: decorator
@inline
export function add16(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  const t0 = v128.load(to);
  const t1 = v128.load(to, 16);
  const t2 = v128.load(to, 32);
  const t3 = v128.load(to, 48);
  put16(to, f32x4.add(t0, a), f32x4.add(t1, b), f32x4.add(t2, c), f32x4.add(t3, d));
}
