import { float, int, ptr } from './common';
import { DROPOUT, philox16 } from './random';

/**
 * y = x scale for pictures that are kept, else 0; y may be x. Picture i takes word i & 3 of the block with counter
 * (i >> 2, step, key, 0) and key (seed, purpose), and is kept when word >>> 8 is at least the threshold. A chunk is a
 * picture. Scratch: 64 bytes.
 * args: x, y, address of (seed, step), elements of a picture, key, threshold, scale.
 */
export function stochasticDepth_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const seed = load<i32>(ptr(args, 2));
  const step = load<i32>(ptr(args, 2), 4);
  philox16(scratch, chunk >> 2, step, int(args, 4), 0, seed, DROPOUT);
  const word = load<u32>(scratch + (<usize>(chunk & 3) << 2));
  const kept = <i32>(word >>> 8) >= int(args, 5);
  const bytes = <usize>int(args, 3) << 2;
  const x = ptr(args, 0) + <usize>chunk * bytes;
  const y = ptr(args, 1) + <usize>chunk * bytes;
  if (!kept) {
    memory.fill(y, 0, bytes);
    return;
  }
  const scale = float(args, 6);
  const factors = f32x4.splat(scale);
  const wide = bytes & ~15;
  let at: usize = 0;
  for (; at < wide; at += 16) v128.store(y + at, f32x4.mul(v128.load(x + at), factors));
  for (; at < bytes; at += 4) store<f32>(y + at, load<f32>(x + at) * scale);
}
