import { describe, expect, it } from 'vitest';
import { mcnemarTest } from './mcnemar.ts';
import { incompleteBeta, meanAndDeviation, studentBelow, welchTest } from './welch.ts';

/** The same sums, term by term. */
function plainBinomial(n: number, k: number): number {
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return ways / 2 ** n;
}

describe("McNemar's test", () => {
  it('gives the published values of Fagerland et al., table 2 (1 and 7 of 21)', () => {
    const { exactP, midP, difference } = mcnemarTest(1, 7, 21);
    expect(exactP).toBeCloseTo(0.0703, 4);
    expect(midP).toBeCloseTo(0.0391, 4);
    expect(difference).toBeCloseTo(6 / 21, 12);
  });

  it('agrees with sums term by term, and with its mirror image', () => {
    for (const [b, c] of [
      [0, 0],
      [0, 1],
      [3, 3],
      [2, 9],
      [20, 31],
    ]) {
      const { exactP, midP } = mcnemarTest(b, c, 100);
      const [n, k] = [b + c, Math.min(b, c)];
      let below = 0;
      for (let i = 0; i < k; i++) below += plainBinomial(n, i);
      const at = plainBinomial(n, k);
      expect(exactP).toBeCloseTo(Math.min(1, 2 * (below + at)), 12);
      expect(midP).toBeCloseTo(b === c ? 1 - at / 2 : 2 * below + at, 12);
      const mirror = mcnemarTest(c, b, 100);
      expect([mirror.exactP, mirror.midP, mirror.difference]).toEqual([
        exactP,
        midP,
        expect.closeTo((b - c) / 100, 12),
      ]);
      expect(mirror.interval[0]).toBeCloseTo(-mcnemarTest(b, c, 100).interval[1], 12);
    }
  });

  it('stands large counts', () => {
    const { exactP, midP, interval } = mcnemarTest(49_000, 51_000, 1_000_000);
    // Close to the normal distribution: z = 2000 / √100000 = 6.32.
    expect(exactP).toBeGreaterThan(1e-10);
    expect(exactP).toBeLessThan(1e-9);
    expect(midP).toBeLessThan(exactP);
    expect(interval[0]).toBeGreaterThan(0.0013);
    expect(interval[1]).toBeLessThan(0.0027);
  });

  it('finds a difference in about 5 % of pairs that are equally good', () => {
    let state = 12345;
    const random = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 4294967296;
    let found = 0;
    for (let trial = 0; trial < 2000; trial++) {
      let first = 0;
      for (let i = 0; i < 40; i++) if (random() < 0.5) first++;
      if (mcnemarTest(first, 40 - first, 400).midP < 0.05) found++;
    }
    expect(found / 2000).toBeGreaterThan(0.025);
    expect(found / 2000).toBeLessThan(0.065);
  });
});

describe("Student's distribution", () => {
  it('has its closed forms for 1, 2 and 4 degrees of freedom', () => {
    for (const t of [-5, -1, -0.1, 0, 0.3, 1, 2, 12.7]) {
      expect(studentBelow(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12);
      expect(studentBelow(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12);
      const u = t / Math.sqrt(1 + (t * t) / 4);
      expect(studentBelow(t, 4)).toBeCloseTo(0.5 + (3 / 8) * u * (1 - (u * u) / 12), 12);
    }
    expect(studentBelow(1.959963984540054, 1e7)).toBeCloseTo(0.975, 6);
    expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 12);
  });
});

describe("Welch's test", () => {
  it('gives the values worked out by hand', () => {
    // Means 2 and 5, variances 1 and 1, three each: t = 3 / √(2/3), 4 degrees.
    const found = welchTest([1, 2, 3], [4, 5, 6])!;
    expect(found.t).toBeCloseTo(3.674234614, 8);
    expect(found.degrees).toBeCloseTo(4, 10);
    expect(found.p).toBeCloseTo(2 * (1 - studentBelow(3.674234614174767, 4)), 12);
    expect(found.p).toBeCloseTo(0.0213, 4);
    // 2.776445 is the 97.5 % quantile for 4 degrees.
    expect(found.interval[0]).toBeCloseTo(3 - 2.776445105 * Math.sqrt(2 / 3), 6);
  });

  it('gives nothing where there is nothing to measure by', () => {
    expect(welchTest([1, 1], [1, 1])).toBeUndefined();
    expect(welchTest([1], [2, 3])).toBeUndefined();
    expect(meanAndDeviation([2])).toEqual({ mean: 2, deviation: 0 });
  });
});
