import { describe, expect, it } from 'vitest';
import { cos, erf, exp, expm1, log, pow, sin, tan, tanh } from './maths.ts';
import { RandomStream } from './random.ts';

const view = new DataView(new ArrayBuffer(8));

/** The distance to the next float64 above |x|. */
function ulp(x: number): number {
  view.setFloat64(0, Math.abs(x));
  view.setBigInt64(0, view.getBigInt64(0) + 1n);
  return view.getFloat64(0) - Math.abs(x);
}

/** Compares with the host's function at `count` points; both may be off by a little. */
function compare(
  ours: (x: number) => number,
  host: (x: number) => number,
  low: number,
  high: number,
  ulps: number,
): void {
  const random = new RandomStream(1, 'sample');
  for (let i = 0; i < 20000; i++) {
    const x = low + (high - low) * random.uniform();
    const expected = host(x);
    const difference = Math.abs(ours(x) - expected) / ulp(expected);
    if (!(difference <= ulps)) throw new Error(`at ${x}: ${ours(x)}, host ${expected}, ${difference} ulp apart`);
  }
}

describe('maths', () => {
  it('exp', () => {
    compare(exp, Math.exp, -700, 700, 2);
    compare(exp, Math.exp, -1, 1, 2);
    expect([exp(0), exp(-0), exp(Infinity), exp(-Infinity), exp(NaN)]).toEqual([1, 1, Infinity, 0, NaN]);
    expect([exp(709.78), exp(709.8), exp(-746), exp(1)]).toEqual([Math.exp(709.78), Infinity, 0, Math.E]);
    expect(exp(-745)).toBe(5e-324);
    expect(exp(-720)).toBeCloseTo(Math.exp(-720), 320);
    expect(exp(-720)).toBeGreaterThan(0);
  });
  it('expm1', () => {
    compare(expm1, Math.expm1, -2, 2, 3);
    expect(expm1(1e-20)).toBe(1e-20);
    expect(expm1(-50)).toBe(-1);
  });
  it('log', () => {
    compare(log, Math.log, 1e-300, 10, 2);
    compare(log, Math.log, 0.5, 2, 2);
    compare(log, Math.log, 1, 1e300, 2);
    expect([log(0), log(-0), log(-1), log(Infinity), log(NaN)]).toEqual([-Infinity, -Infinity, NaN, Infinity, NaN]);
    expect(log(1)).toBe(0);
    expect(log(5e-324)).toBeCloseTo(Math.log(5e-324), 10);
    expect(log(exp(3))).toBeCloseTo(3, 15);
  });
  it('sin, cos, tan', () => {
    compare(sin, Math.sin, -10, 10, 2);
    compare(cos, Math.cos, -10, 10, 2);
    compare(tan, Math.tan, -10, 10, 4);
    compare(sin, Math.sin, -1.6e6, 1.6e6, 2);
    compare(cos, Math.cos, -1.6e6, 1.6e6, 2);
    expect([sin(0), cos(0), sin(Math.PI / 2), cos(Math.PI)]).toEqual([0, 1, 1, -1]);
    expect(Object.is(sin(-0), -0)).toBe(true);
    // Near a multiple of π all leading bits cancel.
    expect(sin(Math.PI)).toBe(1.2246467991473532e-16);
    expect(cos(Math.PI / 2)).toBe(6.123233995736766e-17);
    expect([sin(2e6), sin(Infinity), cos(NaN)]).toEqual([NaN, NaN, NaN]);
  });
  it('tanh', () => {
    compare(tanh, Math.tanh, -20, 20, 3);
    compare(tanh, Math.tanh, -1, 1, 3);
    expect([tanh(0), tanh(40), tanh(-40), tanh(Infinity), tanh(NaN)]).toEqual([0, 1, -1, 1, NaN]);
  });
  it('erf, against values of C', () => {
    const values = [
      [1e-10, 1.1283791670955126e-10],
      [0.1, 0.1124629160182849],
      [0.5, 0.5204998778130465],
      [1, 0.8427007929497149],
      [1.5, 0.9661051464753108],
      [2, 0.9953222650189527],
      [2.4, 0.999311486103355],
      [2.6, 0.9997639655834707],
      [3, 0.9999779095030014],
      [4, 0.9999999845827421],
      [5, 0.9999999999984626],
      [5.9, 0.9999999999999999],
    ];
    for (const [x, expected] of values) {
      expect(Math.abs(erf(x) - expected) / ulp(expected), `${x}`).toBeLessThanOrEqual(12);
      expect(erf(-x)).toBe(-erf(x));
    }
    expect([erf(0), erf(7), erf(-Infinity), erf(NaN)]).toEqual([0, 1, -1, NaN]);
    // The two methods meet without a step.
    expect(Math.abs(erf(2.5) - erf(2.5 - 1e-12))).toBeLessThan(1e-14);
  });
  it('pow', () => {
    const random = new RandomStream(2, 'sample');
    for (let i = 0; i < 20000; i++) {
      const x = exp((random.uniform() - 0.5) * 20);
      const y = (random.uniform() - 0.5) * 60;
      const expected = x ** y;
      expect(Math.abs(pow(x, y) - expected) / ulp(expected), `${x} ${y}`).toBeLessThanOrEqual(2);
    }
    // What bias corrections need: exact where a product is exact, and right after many steps.
    expect([pow(2, 10), pow(3, 4), pow(0.5, 3), pow(10, 2), pow(2, -1)]).toEqual([1024, 81, 0.125, 100, 0.5]);
    // 0.999^100000 by Python's decimal.
    expect(pow(0.999, 100000) / 3.5385276883431275e-44).toBeCloseTo(1, 14);
  });
  it('pow treats the special cases as the host does', () => {
    const cases = [0, -0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, Infinity, -Infinity, NaN, 1e300, 5e-324, 2 ** 53, 1e308];
    for (const x of cases) {
      for (const y of cases) {
        const expected = x ** y;
        const actual = pow(x, y);
        const same = Object.is(actual, expected) || Math.abs(actual - expected) <= 4 * ulp(expected);
        if (!same) throw new Error(`pow(${x}, ${y}) is ${actual}, host ${expected}`);
      }
    }
  });
});
