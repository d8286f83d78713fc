// What acts on each element alone. A function is a class with a method `at` for four lanes: a loop is written once, and
// the compiler puts the method into it. Outputs may be the inputs (in place).

import { CHUNK, float, int, ptr, relu, relu6, zero } from './common';
import { Four, get, One, put, whole } from './lanes';

/** args: x, y, elements of a sample (of the whole, when not batched), batched 0/1, parameter. `at(x, parameter)`. */
// @ts-ignore: decorator
@inline
export function unary<F>(args: usize, chunk: i32, n: i32): void {
  const total = int(args, 2) * (int(args, 3) ? n : 1);
  const parameter = f32x4.splat(float(args, 4));
  const from = chunk * CHUNK;
  let left = min(CHUNK, total - from);
  let x = ptr(args, 0) + (<usize>from << 2);
  let y = ptr(args, 1) + (<usize>from << 2);
  for (; left >= 4; left -= 4, x += 16, y += 16) put<Four>(y, changetype<F>(0).at(get<Four>(x), parameter));
  for (; left > 0; left--, x += 4, y += 4) put<One>(y, changetype<F>(0).at(get<One>(x), parameter));
}

/** args: a, b, y, elements of a sample (of the whole, when not batched), batched 0/1, parameter. `at(a, b, parameter)`. */
// @ts-ignore: decorator
@inline
export function binary<F>(args: usize, chunk: i32, n: i32): void {
  const total = int(args, 3) * (int(args, 4) ? n : 1);
  const parameter = f32x4.splat(float(args, 5));
  const from = chunk * CHUNK;
  let left = min(CHUNK, total - from);
  let a = ptr(args, 0) + (<usize>from << 2);
  let b = ptr(args, 1) + (<usize>from << 2);
  let y = ptr(args, 2) + (<usize>from << 2);
  for (; left >= 4; left -= 4, a += 16, b += 16, y += 16) {
    put<Four>(y, changetype<F>(0).at(get<Four>(a), get<Four>(b), parameter));
  }
  for (; left > 0; left--, a += 4, b += 4, y += 4) {
    put<One>(y, changetype<F>(0).at(get<One>(a), get<One>(b), parameter));
  }
}

class Add {
  // @ts-ignore: decorator
  @inline
  at(a: v128, b: v128, parameter: v128): v128 {
    return f32x4.add(a, b);
  }
}
/** a + b; args as `binary`. */
export function add_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<Add>(args, chunk, n);
}

class AddRelu {
  // @ts-ignore: decorator
  @inline
  at(a: v128, b: v128, parameter: v128): v128 {
    return relu(f32x4.add(a, b));
  }
}
/** max(a + b, 0); args as `binary`. */
export function add_forward_relu(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<AddRelu>(args, chunk, n);
}

class AddRelu6 {
  // @ts-ignore: decorator
  @inline
  at(a: v128, b: v128, parameter: v128): v128 {
    return relu6(f32x4.add(a, b));
  }
}
/** min(max(a + b, 0), 6); args as `binary`. */
export function add_forward_relu6(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<AddRelu6>(args, chunk, n);
}

class Multiply {
  // @ts-ignore: decorator
  @inline
  at(a: v128, b: v128, parameter: v128): v128 {
    return f32x4.mul(a, b);
  }
}
/** a b; args as `binary`. */
export function multiply_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<Multiply>(args, chunk, n);
}

/**
 * y = x factor of each sample's channel. A chunk: `block` pixels of one sample; y may be x.
 * args: x, factors, y, channels, pixels, block, words from one sample's factors to the next's (0: the same for all).
 */
export function multiply_channels(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const pixels = int(args, 4);
  const block = int(args, 5);
  const blocks = (pixels + block - 1) / block;
  const sample = chunk / blocks;
  const from = (chunk % blocks) * block;
  const row = <usize>int(args, 3) << 2;
  const factors = ptr(args, 1) + (<usize>(sample * int(args, 6)) << 2);
  const first = <usize>(sample * pixels + from) * row;
  let x = ptr(args, 0) + first;
  let y = ptr(args, 2) + first;
  for (let left = min(block, pixels - from); left > 0; left--, x += row, y += row) {
    let at: usize = 0;
    for (; at < whole(row); at += 16) v128.store(y + at, f32x4.mul(v128.load(x + at), v128.load(factors + at)));
    for (; at < row; at += 4) store<f32>(y + at, load<f32>(x + at) * load<f32>(factors + at));
  }
}

// @ts-ignore: decorator
@inline
function sumOfProducts<L>(a: usize, b: usize, row: usize, pixels: i32): v128 {
  let even = zero();
  let odd = zero();
  for (; pixels >= 2; pixels -= 2, a += 2 * row, b += 2 * row) {
    even = f32x4.add(even, f32x4.mul(get<L>(a), get<L>(b)));
    odd = f32x4.add(odd, f32x4.mul(get<L>(a + row), get<L>(b + row)));
  }
  if (pixels) even = f32x4.add(even, f32x4.mul(get<L>(a), get<L>(b)));
  return f32x4.add(even, odd);
}

/** sum = Σ a b over the pixels of each channel. A chunk: one sample. args: a, b, sum, channels, pixels. */
export function multiply_backward_scale(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const pixels = int(args, 4);
  const row = <usize>int(args, 3) << 2;
  const a = ptr(args, 0) + <usize>(chunk * pixels) * row;
  const b = ptr(args, 1) + <usize>(chunk * pixels) * row;
  const sum = ptr(args, 2) + <usize>chunk * row;
  let at: usize = 0;
  for (; at < whole(row); at += 16) put<Four>(sum + at, sumOfProducts<Four>(a + at, b + at, row, pixels));
  for (; at < row; at += 4) put<One>(sum + at, sumOfProducts<One>(a + at, b + at, row, pixels));
}

/** args: y, elements of a sample (of the whole, when not batched), batched 0/1, value. */
export function constant_fill(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const total = int(args, 1) * (int(args, 2) ? n : 1);
  const value = float(args, 3);
  const to = ptr(args, 0) + (<usize>min((chunk + 1) * CHUNK, total) << 2);
  for (let y = ptr(args, 0) + (<usize>(chunk * CHUNK) << 2); y < to; y += 4) store<f32>(y, value);
}
