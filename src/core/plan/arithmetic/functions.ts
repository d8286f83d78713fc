import { log } from '../../maths.ts';
import { fround } from './float32.ts';

/**
 * The kernels' own functions of float32 (kernels/maths.ts) once more, one element at a time, so that an arithmetic can be
 * followed to the bit. A contract test compares them with what kernels give. In double precision: the host's root alone.
 */
export const functions = {
  root: (x: number, precision: Precision): number => (precision === 'double' ? Math.sqrt(x) : fround(Math.sqrt(x))),
  /** Of float64 alone. */
  log: (x: number): number => log(x),
  exp: single(exp),
  sigmoid: single(sigmoid),
  tanh: single(tanh),
  erf: single(erf),
} as const satisfies Record<string, (x: number, precision: Precision) => number>;

type Precision = 'single' | 'double';

function single(compute: (x: number) => number) {
  return (x: number, precision: Precision): number => {
    if (precision === 'double') throw new Error('this function is one of float32');
    return compute(x);
  };
}

const multiply = (a: number, b: number): number => fround(a * b);
const add = (a: number, b: number): number => fround(a + b);
const clamp = (x: number, low: number, high: number): number => (x < low ? low : x > high ? high : x);

/** Horner's rule, highest power first, every step rounded. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let result = fround(coefficients[0]);
  for (let i = 1; i < coefficients.length; i++) result = add(multiply(result, x), fround(coefficients[i]));
  return result;
}

const roundingShift = 12582912;
const exponents = [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1];

function exp(x: number): number {
  if (x < fround(-86.99)) return 0;
  const bounded = clamp(x, -87, 89);
  const k = fround(add(multiply(bounded, fround(Math.LOG2E)), roundingShift) - roundingShift);
  const rough = fround(bounded - multiply(k, 0.693359375));
  const r = fround(rough - multiply(k, fround(-2.1219444e-4)));
  const p = add(add(multiply(polynomial(r, exponents), multiply(r, r)), r), 1);
  const half = multiply(p, powerOfTwo(k - 1));
  return add(half, half);
}

/** 2 to a whole power of -126 … 127. */
function powerOfTwo(power: number): number {
  if (Number.isNaN(power)) return power;
  const bits = new Uint32Array([((power + 127) << 23) >>> 0]);
  return new Float32Array(bits.buffer)[0];
}

function sigmoid(x: number): number {
  return fround(1 / add(1, exp(-x)));
}

const tangents = [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1];

function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.625) {
    const z = multiply(x, x);
    return add(x, multiply(x, multiply(z, polynomial(z, tangents))));
  }
  const far = fround(1 - fround(2 / add(exp(add(size, size)), 1)));
  return x < 0 ? -far : far;
}

const numerator = [
  -2.72614225801306e-10, 2.77068142495902e-8, -2.10102402082508e-6, -5.69250639462346e-5, -7.34990630326855e-4,
  -2.95459980854025e-3, -1.60960333262415e-2,
];
const denominator = [
  -1.45660718464996e-5, -2.13374055278905e-4, -1.68282697438203e-3, -7.37332916720468e-3, -1.42647390514189e-2,
];

function erf(x: number): number {
  const b = clamp(x, -4, 4);
  const z = multiply(b, b);
  return fround(multiply(b, polynomial(z, numerator)) / polynomial(z, denominator));
}
