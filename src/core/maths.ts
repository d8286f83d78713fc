/**
 * The elementary functions, in float64 from + - × ÷ √ and bit patterns alone. JavaScript engines differ in the last bits
 * of theirs; with these, every number is the same on every machine. Within 2 ulp of the true value where results are
 * normal numbers (erf: 12 ulp). Method throughout: reduce the argument, then a Taylor series long enough that its first
 * neglected term is below 2^-55.
 */

const LN2_HIGH = 0.6931471803691238; // the first 32 bits of ln 2: times a whole number below 2^20 it is exact
const LN2_LOW = 1.9082149292705877e-10; // the rest
const LOG2_E = Math.LOG2E;
const SQRT_2 = Math.SQRT2;

const bits = new DataView(new ArrayBuffer(8));

/** x · 2^k, k in -2148 … 2046. Rounds once more where the result is subnormal. */
function scale(x: number, k: number): number {
  const half = k >> 1;
  return x * powerOfTwo(half) * powerOfTwo(k - half);
}

/** 2^k, k in -1074 … 1023. */
function powerOfTwo(k: number): number {
  if (k < -1022) return powerOfTwo(k + 64) * 5.421010862427522e-20;
  bits.setInt32(0, (k + 1023) << 20);
  bits.setInt32(4, 0);
  return bits.getFloat64(0);
}

/** Splits a positive normal number into m · 2^k with m in [1/√2, √2). Returns m; k is in `exponent`. */
let exponent = 0;
function mantissa(x: number): number {
  let shift = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // subnormal: times 2^54
    shift = 54;
  }
  bits.setFloat64(0, x);
  const high = bits.getInt32(0);
  exponent = (high >> 20) - 1023 - shift;
  bits.setInt32(0, (high & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m >= SQRT_2) {
    m *= 0.5;
    exponent++;
  }
  return m;
}

/** Σ c[i] x^i from c[0] on, by Horner's rule. */
function polynomial(x: number, coefficients: Float64Array): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}

/** 1/2!, 1/3!, … : e^r = 1 + r + r² (c0 + c1 r + …). */
const EXP_SERIES = series(14, (i) => factorial(i + 2));
/** 1/3, 1/5, … : atanh(s) = s (1 + s² (c0 + c1 s² + …)). */
const ATANH_SERIES = series(12, (i) => 2 * i + 3);
const ATANH_TAIL = ATANH_SERIES.slice(1);
/** -1/3!, 1/5!, … : sin(r) = r + r³ (c0 + c1 r² + …). */
const SIN_SERIES = series(9, (i) => factorial(2 * i + 3) * (i % 2 === 0 ? -1 : 1));
/** 1/4!, -1/6!, … : cos(r) = 1 - r²/2 + r⁴ (c0 + c1 r² + …). */
const COS_SERIES = series(9, (i) => factorial(2 * i + 4) * (i % 2 === 0 ? 1 : -1));

function factorial(n: number): number {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return product;
}

function series(length: number, denominator: (i: number) => number): Float64Array {
  return Float64Array.from({ length }, (_, i) => 1 / denominator(i));
}

/** e^(high + low), where low is small beside high: what pow and erf need beyond 53 bits. */
function expOfSum(high: number, low: number): number {
  if (Number.isNaN(high)) return high;
  if (high > 709.79) return Infinity;
  if (high < -745.2) return 0;
  const k = Math.round(high * LOG2_E);
  const a = high - k * LN2_HIGH;
  const b = k * LN2_LOW;
  const r = a - b;
  const lost = a - r - b + low;
  const curve = r * r * polynomial(r, EXP_SERIES);
  return scale(1 + (r + (curve + lost * (1 + r + curve))), k);
}

/** e^x. */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** e^x - 1, without cancellation near 0. */
export function expm1(x: number): number {
  if (Math.abs(x) < 0.5) return x + x * x * polynomial(x, EXP_SERIES);
  return exp(x) - 1;
}

/** The natural logarithm; NaN below 0, -Infinity at 0. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const f = mantissa(x) - 1;
  const k = exponent;
  // log(1 + f) = 2 atanh(s) with s = f / (2 + f); 2s = f - s f keeps the bits that dividing would lose.
  const s = f / (2 + f);
  const z = s * s;
  const tail = 2 * s * z * polynomial(z, ATANH_SERIES) - s * f;
  return k * LN2_HIGH + (f + (tail + k * LN2_LOW));
}

/** Splits x into 26 + 27 bits, for exact products (Dekker 1971). */
function highPart(x: number): number {
  const t = 134217729 * x;
  return t - (t - x);
}

/** a · b - product, exactly, where product = fl(a · b) and nothing overflows. */
function productError(a: number, b: number, product: number): number {
  const ah = highPart(a);
  const al = a - ah;
  const bh = highPart(b);
  const bl = b - bh;
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}

const THIRD = 1 / 3;
const THIRD_LOW = 1.850371707708594e-17; // 1/3 - THIRD

/** log(x) to about 100 bits for normal positive x: the high part is returned, the low part is in `logLow`. */
let logLow = 0;
function logHighAndLow(x: number): number {
  const m = mantissa(x);
  const k = exponent;
  // s = (m - 1) / (m + 1) as sh + sl.
  const numerator = m - 1;
  const sum = m + 1;
  const sumLost = m - (sum - 1);
  const sh = numerator / sum;
  const shSum = sh * sum;
  const sl = (numerator - shSum - productError(sh, sum, shSum) - sh * sumLost) / sum;
  // z = s² as zh + zl.
  const zh = sh * sh;
  const zl = productError(sh, sh, zh) + 2 * sh * sl;
  // p = 1/3 + z (1/5 + z …) as ph + pl: only the first term needs its low part.
  const rest = zh * polynomial(zh, ATANH_TAIL);
  const ph = THIRD + rest;
  const pl = THIRD - ph + rest + THIRD_LOW;
  // q = z p as qh + ql, then t = s q, and log m = 2 (s + t).
  const qh = zh * ph;
  const ql = productError(zh, ph, qh) + zh * pl + zl * ph;
  const th = sh * qh;
  const tl = productError(sh, qh, th) + sh * ql + sl * qh;
  const mh = sh + th;
  const ml = sh - mh + th + (sl + tl);
  // + k ln 2 in two parts.
  const kh = k * LN2_HIGH;
  const high = kh + 2 * mh;
  const low = (Math.abs(kh) > Math.abs(2 * mh) ? kh - high + 2 * mh : 2 * mh - high + kh) + (2 * ml + k * LN2_LOW);
  const result = high + low;
  logLow = high - result + low;
  return result;
}

/** x to the power y, with the special cases of Math.pow. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const size = Math.abs(x);
  if (!Number.isFinite(y)) return size === 1 ? NaN : size > 1 === y > 0 ? Infinity : 0;
  const whole = Math.floor(y) === y;
  const odd = whole && Math.abs(y) < 9007199254740992 && Math.abs(y) % 2 === 1;
  const sign = odd && (x < 0 || Object.is(x, -0)) ? -1 : 1;
  if (size === 0 || size === Infinity) return sign * ((size === 0) === y > 0 ? 0 : Infinity);
  if (x < 0 && !whole) return NaN;
  if (y === 1) return x;
  if (size === 1) return sign;
  const high = logHighAndLow(size);
  // Far outside the range of results the exact product would overflow; the answer is plain.
  if (Math.abs(high * y) > 800) return sign * (high * y > 0 ? Infinity : 0);
  const product = high * y;
  return sign * expOfSum(product, productError(high, y, product) + logLow * y);
}

const PI_HALF_1 = 1.5707963267341256; // the first 33 bits of π/2
const PI_HALF_2 = 6.077100506303966e-11; // the next 33
const PI_HALF_3 = 2.0222662487959506e-21; // the rest
const TWO_OVER_PI = 0.6366197723675814;

/** Beyond this, reducing by π/2 would lose bits. */
const LARGEST_ANGLE = 1647099;

/** Reduces x to r in ±π/4: returns the high part; the low part is in `angleLow`, the quadrant (0 … 3) in `quadrant`. */
let angleLow = 0;
let quadrant = 0;
function reduceAngle(x: number): number {
  if (!(Math.abs(x) <= LARGEST_ANGLE)) {
    quadrant = 0;
    angleLow = NaN;
    return NaN;
  }
  const k = Math.round(x * TWO_OVER_PI);
  quadrant = k & 3;
  const first = x - k * PI_HALF_1;
  const second = first - k * PI_HALF_2;
  const lost = first - second - k * PI_HALF_2;
  const third = k * PI_HALF_3;
  const result = second + (lost - third);
  angleLow = second - result + (lost - third);
  return result;
}

function sinReduced(r: number, low: number): number {
  const z = r * r;
  return r + (r * z * polynomial(z, SIN_SERIES) + low * (1 - 0.5 * z));
}

function cosReduced(r: number, low: number): number {
  const z = r * r;
  const half = 0.5 * z;
  const main = 1 - half;
  return main + (1 - main - half + (z * z * polynomial(z, COS_SERIES) - r * low));
}

/** sin(x), x in radians, |x| ≤ 1 647 099; NaN beyond. */
export function sin(x: number): number {
  if (Math.abs(x) < 1e-9) return x;
  const r = reduceAngle(x);
  const value = (quadrant & 1) === 0 ? sinReduced(r, angleLow) : cosReduced(r, angleLow);
  return quadrant < 2 ? value : -value;
}

/** cos(x), x in radians, |x| ≤ 1 647 099; NaN beyond. */
export function cos(x: number): number {
  const r = reduceAngle(x);
  const value = (quadrant & 1) === 0 ? cosReduced(r, angleLow) : sinReduced(r, angleLow);
  return quadrant === 0 || quadrant === 3 ? value : -value;
}

/** tan(x), x in radians, |x| ≤ 1 647 099; NaN beyond. */
export function tan(x: number): number {
  if (Math.abs(x) < 1e-9) return x;
  return sin(x) / cos(x);
}

/** The hyperbolic tangent. */
export function tanh(x: number): number {
  if (Math.abs(x) > 22) return x > 0 ? 1 : -1;
  if (Math.abs(x) < 1e-9) return x;
  const t = expm1(2 * Math.abs(x));
  const value = t / (t + 2);
  return x < 0 ? -value : value;
}

const TWO_OVER_ROOT_PI = 1.1283791670955126;
const INVERSE_ROOT_PI = 0.5641895835477563;

/** e^(-x²), with the bits of x² that rounding would lose. */
function gaussian(x: number): number {
  const square = x * x;
  return expOfSum(-square, -productError(x, x, square));
}

/** The error function 2/√π ∫₀ˣ e^(-t²) dt (series and continued fraction: Abramowitz and Stegun 7.1.6, 7.1.14). */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  if (size >= 6) return x > 0 ? 1 : -1;
  if (size < 1e-9) return x * TWO_OVER_ROOT_PI;
  const square = size * size;
  let value: number;
  if (size < 2.5) {
    let term = 1;
    let sum = 1;
    for (let i = 1; term > sum * 1e-17; i++) {
      term *= (2 * square) / (2 * i + 1);
      sum += term;
    }
    value = TWO_OVER_ROOT_PI * size * gaussian(size) * sum;
  } else {
    let fraction = size;
    for (let i = 50; i >= 1; i--) fraction = size + i / 2 / fraction;
    value = 1 - (INVERSE_ROOT_PI * gaussian(size)) / fraction;
  }
  return x < 0 ? -value : value;
}
