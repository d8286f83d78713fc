// Philox 4x32-10, the same numbers as core/random.ts: key (seed, purpose), counter (block, a low, a high, b).
// Four blocks at once: lane j of each word belongs to block + j.

/** `purposes.dropout` in core/random.ts. */
export const DROPOUT: i32 = 4;

const M0: i32 = 0xd2511f53;
const M1: i32 = 0xcd9e8d57;
const W0: i32 = 0x9e3779b9;
const W1: i32 = 0xbb67ae85;

/** Writes 16 words: those of blocks block … block + 3, in order, to `out` (16-byte stores). */
// @ts-ignore: decorator
@inline
export function philox16(out: usize, block: i32, low: i32, high: i32, b: i32, seed: i32, purpose: i32): void {
  let c0 = i32x4.add(i32x4.splat(block), i32x4(0, 1, 2, 3));
  let c1 = i32x4.splat(low);
  let c2 = i32x4.splat(high);
  let c3 = i32x4.splat(b);
  let key0 = seed;
  let key1 = purpose;
  const m0 = i32x4.splat(M0);
  const m1 = i32x4.splat(M1);
  for (let round = 0; round < 10; round++) {
    const p0 = i64x2.extmul_low_i32x4_u(c0, m0);
    const q0 = i64x2.extmul_high_i32x4_u(c0, m0);
    const p1 = i64x2.extmul_low_i32x4_u(c2, m1);
    const q1 = i64x2.extmul_high_i32x4_u(c2, m1);
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(p1, q1, 1, 3, 5, 7), c1), i32x4.splat(key0));
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(p0, q0, 1, 3, 5, 7), c3), i32x4.splat(key1));
    c1 = v128.shuffle<i32>(p1, q1, 0, 2, 4, 6);
    c3 = v128.shuffle<i32>(p0, q0, 0, 2, 4, 6);
    key0 += W0;
    key1 += W1;
  }
  // Lanes are blocks: transpose, so that a block's four words stand together.
  const a = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5);
  const d = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
  const e = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7);
  const f = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<i64>(a, d, 0, 2), 0);
  v128.store(out, v128.shuffle<i64>(a, d, 1, 3), 16);
  v128.store(out, v128.shuffle<i64>(e, f, 0, 2), 32);
  v128.store(out, v128.shuffle<i64>(e, f, 1, 3), 48);
}
