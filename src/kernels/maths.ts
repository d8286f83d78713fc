// The kernels' own functions of float32, four lanes at once, made of +, ×, ÷ and bit operations only: equal bits on every
// machine. One formula serves all: an element at a row's end goes through a lane of the same function (see
// lanes.ts), so a value's bits never depend on where it lies. NaN stays NaN.
//
// exp and tanh: Cephes (Moshier), expf.c and tanhf.c. erf: the rational approximation of Eigen 3.3 (SpecialFunctions).

/** 1.5 · 2^23: adding it rounds to a whole number, which then stands in the low bits. */
const ROUND: f32 = 12582912;
const ROUND_BITS: i32 = 0x4b400000;

/** e^x within 2 ulp; 0 below -86.99 (no denormals), infinity above 88.72. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  // pmin and pmax keep a first operand that is NaN.
  const bounded = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(89));
  const rounded = f32x4.add(f32x4.mul(bounded, f32x4.splat(1.44269504088896341)), f32x4.splat(ROUND));
  const k = f32x4.sub(rounded, f32x4.splat(ROUND));
  // x - k ln 2, with ln 2 in two parts.
  let r = f32x4.sub(bounded, f32x4.mul(k, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  // 2^(k-1), then twice that: k = 128 has no float of its own.
  const half = i32x4.shl(i32x4.add(rounded, i32x4.splat(126 - ROUND_BITS)), 23);
  p = f32x4.mul(p, half);
  return v128.andnot(f32x4.add(p, p), f32x4.lt(x, f32x4.splat(-86.99)));
}

/** 1 / (1 + e^-x) within 3 ulp. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(x))));
}

/** tanh x within 2 ulp. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-3.33332819422e-1));
  const near = f32x4.add(x, f32x4.mul(x, f32x4.mul(z, p)));
  const power = exp4(f32x4.add(size, size));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(power, f32x4.splat(1))));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, f32x4.splat(0.625)));
}

/** The error function within 3e-7 (absolute) and 5 ulp. */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  const b = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-4)), f32x4.splat(4));
  const z = f32x4.mul(b, b);
  let p = f32x4.splat(-2.72614225801306e-10);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.77068142495902e-8));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-2.10102402082508e-6));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.69250639462346e-5));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-7.34990630326855e-4));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-2.95459980854025e-3));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-1.60960333262415e-2));
  let q = f32x4.splat(-1.45660718464996e-5);
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(-2.13374055278905e-4));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(-1.68282697438203e-3));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(-7.37332916720468e-3));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(-1.42647390514189e-2));
  return f32x4.div(f32x4.mul(b, p), q);
}

/** Sum of the lanes, in a fixed order. */
// @ts-ignore: decorator
@inline
export function sum4(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

/** Largest lane; NaN when one is NaN. */
// @ts-ignore: decorator
@inline
export function max4(x: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max<f32>(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}
