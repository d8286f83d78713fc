// Updates of parameters: one pass over parameter, gradient and states. `scalars` is what changes from step to step (see
// core/optimizers). A state below 1e-30 is written as 0: denormal numbers are up to 88 times slower in WebAssembly.

import { CHUNK, float, int, ptr, zero } from './common';
import { Four, get, One, put } from './lanes';

// @ts-ignore: decorator
@inline
function flush(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(1e-30)));
}

// @ts-ignore: decorator
@inline
function scalar(scalars: usize, k: i32): v128 {
  return v128.load_splat<f32>(scalars + (<usize>k << 2));
}

// @ts-ignore: decorator
@inline
function constant(args: usize, k: i32): v128 {
  return f32x4.splat(float(args, k));
}

/** parameter -= learningRate (gradient + decay parameter). args: parameter, gradient, scalars, elements, decay. */
export function sgd_update(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const rate = scalar(ptr(args, 2), 0);
  const decay = constant(args, 4);
  let p = ptr(args, 0) + (<usize>(chunk * CHUNK) << 2);
  let g = ptr(args, 1) + (<usize>(chunk * CHUNK) << 2);
  let left = min(CHUNK, int(args, 3) - chunk * CHUNK);
  for (; left >= 4; left -= 4, p += 16, g += 16) sgd<Four>(p, g, rate, decay);
  for (; left > 0; left--, p += 4, g += 4) sgd<One>(p, g, rate, decay);
}

// @ts-ignore: decorator
@inline
function sgd<L>(parameter: usize, gradient: usize, rate: v128, decay: v128): void {
  const p = get<L>(parameter);
  put<L>(parameter, f32x4.sub(p, f32x4.mul(rate, f32x4.add(get<L>(gradient), f32x4.mul(decay, p)))));
}

/** args: parameter, gradient, scalars, momentum, elements, decay, share of the momentum that goes on, nesterov 0/1. */
export function sgd_update_momentum(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const rate = scalar(ptr(args, 2), 0);
  const factor = scalar(ptr(args, 2), 1);
  const decay = constant(args, 5);
  const share = constant(args, 6);
  const nesterov = int(args, 7);
  const from = <usize>(chunk * CHUNK) << 2;
  let p = ptr(args, 0) + from;
  let g = ptr(args, 1) + from;
  let m = ptr(args, 3) + from;
  let left = min(CHUNK, int(args, 4) - chunk * CHUNK);
  for (; left >= 4; left -= 4, p += 16, g += 16, m += 16) momentum<Four>(p, g, m, rate, factor, decay, share, nesterov);
  for (; left > 0; left--, p += 4, g += 4, m += 4) momentum<One>(p, g, m, rate, factor, decay, share, nesterov);
}

// @ts-ignore: decorator
@inline
function momentum<L>(
  parameter: usize, gradient: usize, state: usize, rate: v128, factor: v128, decay: v128, share: v128, nesterov: i32,
): void {
  const p = get<L>(parameter);
  const g = f32x4.add(get<L>(gradient), f32x4.mul(decay, p));
  const m = flush(f32x4.add(f32x4.mul(share, get<L>(state)), f32x4.mul(factor, g)));
  put<L>(state, m);
  let step = m;
  if (nesterov) step = f32x4.add(g, f32x4.mul(share, m));
  put<L>(parameter, f32x4.sub(p, f32x4.mul(rate, step)));
}

/**
 * Adam and AdamW. args: parameter, gradient, scalars, mean, square, largest square (0 without amsgrad), elements,
 * 1 - beta1, beta2, 1 - beta2, eps, decay into the gradient, decay by itself.
 */
export function adam_update(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const scalars = ptr(args, 2);
  const step = scalar(scalars, 1);
  const root = scalar(scalars, 2);
  const rest1 = constant(args, 7);
  const beta2 = constant(args, 8);
  const rest2 = constant(args, 9);
  const eps = constant(args, 10);
  const decay = constant(args, 11);
  const shrink = f32x4.mul(scalar(scalars, 0), constant(args, 12));
  const from = <usize>(chunk * CHUNK) << 2;
  let p = ptr(args, 0) + from;
  let g = ptr(args, 1) + from;
  let m = ptr(args, 3) + from;
  let s = ptr(args, 4) + from;
  // Where there is no largest square, 0 stays 0.
  const advance: usize = ptr(args, 5) ? 16 : 0;
  let l = ptr(args, 5) ? ptr(args, 5) + from : 0;
  let left = min(CHUNK, int(args, 6) - chunk * CHUNK);
  for (; left >= 4; left -= 4, p += 16, g += 16, m += 16, s += 16, l += advance) {
    adam<Four>(p, g, m, s, l, step, root, rest1, beta2, rest2, eps, decay, shrink);
  }
  for (; left > 0; left--, p += 4, g += 4, m += 4, s += 4, l += advance >> 2) {
    adam<One>(p, g, m, s, l, step, root, rest1, beta2, rest2, eps, decay, shrink);
  }
}

// @ts-ignore: decorator
@inline
function adam<L>(
  parameter: usize, gradient: usize, mean: usize, square: usize, largest: usize, step: v128, root: v128,
  rest1: v128, beta2: v128, rest2: v128, eps: v128, decay: v128, shrink: v128,
): void {
  let p = get<L>(parameter);
  const g = f32x4.add(get<L>(gradient), f32x4.mul(decay, p));
  p = f32x4.sub(p, f32x4.mul(shrink, p));
  let m = get<L>(mean);
  m = flush(f32x4.add(m, f32x4.mul(rest1, f32x4.sub(g, m))));
  put<L>(mean, m);
  let s = flush(f32x4.add(f32x4.mul(beta2, get<L>(square)), f32x4.mul(rest2, f32x4.mul(g, g))));
  put<L>(square, s);
  if (largest) {
    s = f32x4.max(s, get<L>(largest));
    put<L>(largest, s);
  }
  const divisor = f32x4.add(f32x4.mul(f32x4.sqrt(s), root), eps);
  put<L>(parameter, f32x4.sub(p, f32x4.div(f32x4.mul(step, m), divisor)));
}

/**
 * args: parameter, gradient, scalars, square, mean (0 unless centered), momentum (0 where none), elements, alpha,
 * 1 - alpha, eps, decay, share of the momentum that goes on.
 */
export function rmsprop_update(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const rate = scalar(ptr(args, 2), 0);
  const alpha = constant(args, 7);
  const rest = constant(args, 8);
  const eps = constant(args, 9);
  const decay = constant(args, 10);
  const share = constant(args, 11);
  const from = <usize>(chunk * CHUNK) << 2;
  const p = ptr(args, 0) + from;
  const g = ptr(args, 1) + from;
  const s = ptr(args, 3) + from;
  const c = ptr(args, 4) ? ptr(args, 4) + from : 0;
  const m = ptr(args, 5) ? ptr(args, 5) + from : 0;
  const bytes = <usize>min(CHUNK, int(args, 6) - chunk * CHUNK) << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) rmsprop<Four>(at, p, g, s, c, m, rate, alpha, rest, eps, decay, share);
  for (; at < bytes; at += 4) rmsprop<One>(at, p, g, s, c, m, rate, alpha, rest, eps, decay, share);
}

// @ts-ignore: decorator
@inline
function rmsprop<L>(
  at: usize, parameter: usize, gradient: usize, square: usize, mean: usize, momentum: usize,
  rate: v128, alpha: v128, rest: v128, eps: v128, decay: v128, share: v128,
): void {
  const p = get<L>(parameter + at);
  const g = f32x4.add(get<L>(gradient + at), f32x4.mul(decay, p));
  const s = flush(f32x4.add(f32x4.mul(alpha, get<L>(square + at)), f32x4.mul(rest, f32x4.mul(g, g))));
  put<L>(square + at, s);
  let variance = s;
  if (mean) {
    let c = get<L>(mean + at);
    c = flush(f32x4.add(c, f32x4.mul(rest, f32x4.sub(g, c))));
    put<L>(mean + at, c);
    variance = f32x4.max(f32x4.sub(s, f32x4.mul(c, c)), zero());
  }
  let step = f32x4.div(g, f32x4.add(f32x4.sqrt(variance), eps));
  if (momentum) {
    step = flush(f32x4.add(f32x4.mul(share, get<L>(momentum + at)), step));
    put<L>(momentum + at, step);
  }
  put<L>(parameter + at, f32x4.sub(p, f32x4.mul(rate, step)));
}

/** Σ x² of a chunk, in float64: partials[first + chunk]. args: x, partials (float64), first, elements. */
export function gradientNorm_squares(args: usize, chunk: i32, n: i32, scratch: usize): void {
  let x = ptr(args, 0) + (<usize>(chunk * CHUNK) << 2);
  let left = min(CHUNK, int(args, 3) - chunk * CHUNK);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; left >= 4; left -= 4, x += 16) {
    const v = v128.load(x);
    const a = f64x2.promote_low_f32x4(v);
    const b = f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  low = f64x2.add(low, high);
  let sum = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
  for (; left > 0; left--, x += 4) sum += <f64>load<f32>(x) * <f64>load<f32>(x);
  store<f64>(ptr(args, 1) + (<usize>(int(args, 2) + chunk) << 3), sum);
}

/** √ of the sum of partials. One chunk. args: partials (float64), norm, count. */
export function gradientNorm_combine(args: usize, chunk: i32, n: i32, scratch: usize): void {
  let sum: f64 = 0;
  for (let i = 0; i < int(args, 2); i++) sum += load<f64>(ptr(args, 0) + (<usize>i << 3));
  store<f32>(ptr(args, 1), <f32>sqrt<f64>(sum));
}

/** min(1, maxNorm / (norm + 1e-6)). One chunk. args: norm, scale, maxNorm. */
export function clipScale_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  store<f32>(ptr(args, 1), <f32>min<f64>(1, <f64>float(args, 2) / (<f64>load<f32>(ptr(args, 0)) + 1e-6)));
}

/** target *= scale. args: target, scale, elements. */
export function scaleInPlace_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const scale = scalar(ptr(args, 1), 0);
  let x = ptr(args, 0) + (<usize>(chunk * CHUNK) << 2);
  let left = min(CHUNK, int(args, 2) - chunk * CHUNK);
  for (; left >= 4; left -= 4, x += 16) put<Four>(x, f32x4.mul(get<Four>(x), scale));
  for (; left > 0; left--, x += 4) put<One>(x, f32x4.mul(get<One>(x), scale));
}

/** average = keep average + rest parameter. args: average, parameter, shares (keep, rest), elements. */
export function ema_update(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const keep = scalar(ptr(args, 2), 0);
  const rest = scalar(ptr(args, 2), 1);
  let a = ptr(args, 0) + (<usize>(chunk * CHUNK) << 2);
  let p = ptr(args, 1) + (<usize>(chunk * CHUNK) << 2);
  let left = min(CHUNK, int(args, 3) - chunk * CHUNK);
  for (; left >= 4; left -= 4, a += 16, p += 16) average<Four>(a, p, keep, rest);
  for (; left > 0; left--, a += 4, p += 4) average<One>(a, p, keep, rest);
}

// @ts-ignore: decorator
@inline
function average<L>(state: usize, parameter: usize, keep: v128, rest: v128): void {
  put<L>(state, flush(f32x4.add(f32x4.mul(keep, get<L>(state)), f32x4.mul(rest, get<L>(parameter)))));
}

/** args: parameter, gradient, scalars, momentum, elements, beta1, 1 - beta1, beta2, 1 - beta2, decay. */
export function lion_update(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const rate = scalar(ptr(args, 2), 0);
  const beta1 = constant(args, 5);
  const rest1 = constant(args, 6);
  const beta2 = constant(args, 7);
  const rest2 = constant(args, 8);
  const shrink = f32x4.mul(rate, constant(args, 9));
  const from = <usize>(chunk * CHUNK) << 2;
  let p = ptr(args, 0) + from;
  let g = ptr(args, 1) + from;
  let m = ptr(args, 3) + from;
  let left = min(CHUNK, int(args, 4) - chunk * CHUNK);
  for (; left >= 4; left -= 4, p += 16, g += 16, m += 16) lion<Four>(p, g, m, rate, beta1, rest1, beta2, rest2, shrink);
  for (; left > 0; left--, p += 4, g += 4, m += 4) lion<One>(p, g, m, rate, beta1, rest1, beta2, rest2, shrink);
}

// @ts-ignore: decorator
@inline
function lion<L>(
  parameter: usize, gradient: usize, momentum: usize, rate: v128, beta1: v128, rest1: v128, beta2: v128, rest2: v128,
  shrink: v128,
): void {
  let p = get<L>(parameter);
  const g = get<L>(gradient);
  const m = get<L>(momentum);
  const direction = f32x4.add(f32x4.mul(beta1, m), f32x4.mul(rest1, g));
  // The rate with the direction's sign; nothing where it is 0, NaN where it is that.
  const signed = v128.or(rate, v128.and(direction, f32x4.splat(-0.0)));
  let step = v128.and(signed, f32x4.ne(direction, zero()));
  step = v128.or(step, f32x4.ne(direction, direction));
  p = f32x4.sub(p, f32x4.mul(shrink, p));
  put<L>(parameter, f32x4.sub(p, step));
  put<L>(momentum, flush(f32x4.add(f32x4.mul(beta2, m), f32x4.mul(rest2, g))));
}

/** target = clamp(target), NaN staying NaN. args: target, elements, limit. */
export function clipValue_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const high = constant(args, 2);
  const low = f32x4.neg(high);
  let x = ptr(args, 0) + (<usize>(chunk * CHUNK) << 2);
  let left = min(CHUNK, int(args, 1) - chunk * CHUNK);
  for (; left >= 4; left -= 4, x += 16) put<Four>(x, f32x4.pmin(f32x4.pmax(get<Four>(x), low), high));
  for (; left > 0; left--, x += 4) put<One>(x, f32x4.pmin(f32x4.pmax(get<One>(x), low), high));
}
