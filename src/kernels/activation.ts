// Activations and their gradients. Forward kernels take the words of `unary` (x = input, y = result), backward kernels
// those of `binary`: a = gradient of the result, b = the op's input, or its result where the class says so.

import { relu, relu6, zero } from './common';
import { binary, unary } from './elementwise';
import { erf4, exp4, sigmoid4, tanh4 } from './maths';

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** value where lo < x < hi, else 0. */
// @ts-ignore: decorator
@inline
function inside(value: v128, x: v128, low: f32, high: f32): v128 {
  return v128.and(value, v128.and(f32x4.gt(x, splat(low)), f32x4.lt(x, splat(high))));
}

class Relu {
  // @ts-ignore: decorator
  @inline
  at(x: v128, parameter: v128): v128 {
    return relu(x);
  }
}
export function relu_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  unary<Relu>(args, chunk, n);
}

class ReluBackward {
  // @ts-ignore: decorator
  @inline
  at(dy: v128, y: v128, parameter: v128): v128 {
    // b: the result.
    return v128.and(dy, f32x4.gt(y, zero()));
  }
}
export function relu_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<ReluBackward>(args, chunk, n);
}

class Relu6 {
  // @ts-ignore: decorator
  @inline
  at(x: v128, parameter: v128): v128 {
    return relu6(x);
  }
}
export function relu6_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  unary<Relu6>(args, chunk, n);
}

class Relu6Backward {
  // @ts-ignore: decorator
  @inline
  at(dy: v128, y: v128, parameter: v128): v128 {
    // b: the result.
    return inside(dy, y, 0, 6);
  }
}
export function relu6_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<Relu6Backward>(args, chunk, n);
}

/** parameter: slope below zero. */
class LeakyRelu {
  // @ts-ignore: decorator
  @inline
  at(x: v128, slope: v128): v128 {
    return v128.bitselect(x, f32x4.mul(x, slope), f32x4.gt(x, zero()));
  }
}
export function leakyRelu_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  unary<LeakyRelu>(args, chunk, n);
}

class LeakyReluBackward {
  // @ts-ignore: decorator
  @inline
  at(dy: v128, x: v128, slope: v128): v128 {
    return v128.bitselect(dy, f32x4.mul(dy, slope), f32x4.gt(x, zero()));
  }
}
export function leakyRelu_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<LeakyReluBackward>(args, chunk, n);
}

/** parameter: alpha. */
class Elu {
  // @ts-ignore: decorator
  @inline
  at(x: v128, alpha: v128): v128 {
    const below = f32x4.mul(alpha, f32x4.sub(exp4(f32x4.min(x, zero())), splat(1)));
    return v128.bitselect(x, below, f32x4.gt(x, zero()));
  }
}
export function elu_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  unary<Elu>(args, chunk, n);
}

class EluBackward {
  // @ts-ignore: decorator
  @inline
  at(dy: v128, x: v128, alpha: v128): v128 {
    const below = f32x4.mul(f32x4.mul(dy, alpha), exp4(f32x4.min(x, zero())));
    return v128.bitselect(dy, below, f32x4.gt(x, zero()));
  }
}
export function elu_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<EluBackward>(args, chunk, n);
}

class Sigmoid {
  // @ts-ignore: decorator
  @inline
  at(x: v128, parameter: v128): v128 {
    return sigmoid4(x);
  }
}
export function sigmoid_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  unary<Sigmoid>(args, chunk, n);
}

class SigmoidBackward {
  // @ts-ignore: decorator
  @inline
  at(dy: v128, y: v128, parameter: v128): v128 {
    // b: the result.
    return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(splat(1), y)));
  }
}
export function sigmoid_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<SigmoidBackward>(args, chunk, n);
}

class Tanh {
  // @ts-ignore: decorator
  @inline
  at(x: v128, parameter: v128): v128 {
    return tanh4(x);
  }
}
export function tanh_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  unary<Tanh>(args, chunk, n);
}

class TanhBackward {
  // @ts-ignore: decorator
  @inline
  at(dy: v128, y: v128, parameter: v128): v128 {
    // b: the result.
    return f32x4.mul(dy, f32x4.sub(splat(1), f32x4.mul(y, y)));
  }
}
export function tanh_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<TanhBackward>(args, chunk, n);
}

class Silu {
  // @ts-ignore: decorator
  @inline
  at(x: v128, parameter: v128): v128 {
    return f32x4.div(x, f32x4.add(splat(1), exp4(f32x4.neg(x))));
  }
}
export function silu_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  unary<Silu>(args, chunk, n);
}

class SiluBackward {
  // @ts-ignore: decorator
  @inline
  at(dy: v128, x: v128, parameter: v128): v128 {
    const s = sigmoid4(x);
    const slope = f32x4.add(splat(1), f32x4.mul(x, f32x4.sub(splat(1), s)));
    return f32x4.mul(dy, f32x4.mul(s, slope));
  }
}
export function silu_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<SiluBackward>(args, chunk, n);
}

class HardSigmoid {
  // @ts-ignore: decorator
  @inline
  at(x: v128, parameter: v128): v128 {
    return f32x4.div(relu6(f32x4.add(x, splat(3))), splat(6));
  }
}
export function hardSigmoid_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  unary<HardSigmoid>(args, chunk, n);
}

class HardSigmoidBackward {
  // @ts-ignore: decorator
  @inline
  at(dy: v128, x: v128, parameter: v128): v128 {
    return inside(f32x4.div(dy, splat(6)), x, -3, 3);
  }
}
export function hardSigmoid_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<HardSigmoidBackward>(args, chunk, n);
}

class HardSwish {
  // @ts-ignore: decorator
  @inline
  at(x: v128, parameter: v128): v128 {
    const gate = relu6(f32x4.add(x, splat(3)));
    return f32x4.div(f32x4.mul(x, gate), splat(6));
  }
}
export function hardSwish_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  unary<HardSwish>(args, chunk, n);
}

class HardSwishBackward {
  // @ts-ignore: decorator
  @inline
  at(dy: v128, x: v128, parameter: v128): v128 {
    const between = f32x4.mul(dy, f32x4.add(f32x4.div(x, splat(3)), splat(0.5)));
    const above = v128.and(dy, f32x4.ge(x, splat(3)));
    return v128.bitselect(between, above, v128.and(f32x4.gt(x, splat(-3)), f32x4.lt(x, splat(3))));
  }
}
export function hardSwish_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<HardSwishBackward>(args, chunk, n);
}

class Gelu {
  // @ts-ignore: decorator
  @inline
  at(x: v128, parameter: v128): v128 {
    return f32x4.mul(f32x4.mul(x, splat(0.5)), f32x4.add(splat(1), erf4(f32x4.mul(x, splat(0.70710678118654752)))));
  }
}
export function gelu_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  unary<Gelu>(args, chunk, n);
}

class GeluBackward {
  // @ts-ignore: decorator
  @inline
  at(dy: v128, x: v128, parameter: v128): v128 {
    const cdf = f32x4.mul(splat(0.5), f32x4.add(splat(1), erf4(f32x4.mul(x, splat(0.70710678118654752)))));
    const density = f32x4.mul(splat(0.39894228040143268), exp4(f32x4.mul(f32x4.mul(x, x), splat(-0.5))));
    return f32x4.mul(dy, f32x4.add(cdf, f32x4.mul(x, density)));
  }
}
export function gelu_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<GeluBackward>(args, chunk, n);
}

const ROOT: f32 = 0.79788456080286536; // √(2/π)
const CUBE: f32 = 0.044715;

// @ts-ignore: decorator
@inline
function geluInner(x: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(x, x), x);
  return f32x4.mul(splat(ROOT), f32x4.add(x, f32x4.mul(splat(CUBE), cube)));
}

class GeluTanh {
  // @ts-ignore: decorator
  @inline
  at(x: v128, parameter: v128): v128 {
    return f32x4.mul(f32x4.mul(x, splat(0.5)), f32x4.add(splat(1), tanh4(geluInner(x))));
  }
}
export function geluTanh_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  unary<GeluTanh>(args, chunk, n);
}

class GeluTanhBackward {
  // @ts-ignore: decorator
  @inline
  at(dy: v128, x: v128, parameter: v128): v128 {
    const t = tanh4(geluInner(x));
    const inner = f32x4.mul(splat(ROOT), f32x4.add(splat(1), f32x4.mul(splat(3 * CUBE), f32x4.mul(x, x))));
    const slope = f32x4.mul(f32x4.mul(x, inner), f32x4.sub(splat(1), f32x4.mul(t, t)));
    return f32x4.mul(dy, f32x4.mul(splat(0.5), f32x4.add(f32x4.add(splat(1), t), slope)));
  }
}
export function geluTanh_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  binary<GeluTanhBackward>(args, chunk, n);
}
