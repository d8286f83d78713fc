import { CHUNK, float, int, ptr } from './common';
import { Four, get, One, put } from './lanes';
import { DROPOUT, philox16 } from './random';

// @ts-ignore: decorator
@inline
function masked<L>(x: usize, word: usize, y: usize, threshold: v128, scale: v128): void {
  const kept = i32x4.ge_s(i32x4.shr_u(get<L>(word), 8), threshold);
  put<L>(y, v128.and(f32x4.mul(get<L>(x), scale), kept));
}

/**
 * y = x scale where kept, else 0; y may be x. Element e takes word e & 3 of the block with counter (e >> 2, step, key, 0)
 * and key (seed, purpose), and is kept when word >>> 8 is at least the threshold. Scratch: 64 bytes.
 * args: x, y, address of (seed, step), elements of a sample (of the whole, when not batched), batched 0/1, key,
 * threshold, scale.
 */
export function dropout_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const seed = load<i32>(ptr(args, 2));
  const step = load<i32>(ptr(args, 2), 4);
  const total = int(args, 3) * (int(args, 4) ? n : 1);
  const key = int(args, 5);
  const threshold = i32x4.splat(int(args, 6));
  const scale = f32x4.splat(float(args, 7));
  const from = chunk * CHUNK;
  const to = min(from + CHUNK, total);
  let x = ptr(args, 0) + (<usize>from << 2);
  let y = ptr(args, 1) + (<usize>from << 2);
  for (let e = from; e < to; e += 16, x += 64, y += 64) {
    philox16(scratch, e >> 2, step, key, 0, seed, DROPOUT);
    const left = min(to - e, 16);
    let i = 0;
    for (; i + 4 <= left; i += 4) {
      const at = <usize>i << 2;
      masked<Four>(x + at, scratch + at, y + at, threshold, scale);
    }
    for (; i < left; i++) {
      const at = <usize>i << 2;
      masked<One>(x + at, scratch + at, y + at, threshold, scale);
    }
  }
}
