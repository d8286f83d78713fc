import { describe, expect, it } from 'vitest';
import { areaUnderRisk, atThreshold, chooseThreshold, coverageCurve } from './coverage.ts';

const confidences = [0.9, 0.8, 0.8, 0.7, 0.6];
const right = [1, 1, 0, 1, 0];

describe('accuracy over coverage', () => {
  it('answers the surest first, equal ones together', () => {
    expect(
      coverageCurve(confidences, right).map(({ threshold, answered, accuracy }) => [threshold, answered, accuracy]),
    ).toEqual([
      [0.9, 1, 1],
      [0.8, 3, 2 / 3],
      [0.7, 4, 3 / 4],
      [0.6, 5, 3 / 5],
    ]);
    // (0 + 2 · 1/3 + 1/4 + 2/5) / 5
    expect(areaUnderRisk(confidences, right)).toBeCloseTo((2 / 3 + 1 / 4 + 2 / 5) / 5, 12);
  });

  it('ends at all pictures, however many there are', () => {
    const many = Array.from({ length: 1234 }, (_, i) => i / 1234);
    const curve = coverageCurve(
      many,
      many.map((_, i) => i % 2),
    );
    expect(curve.length).toBe(100);
    expect(curve.at(-1)).toMatchObject({ answered: 1234, coverage: 1, accuracy: 0.5 });
  });
});

describe('a threshold', () => {
  it('answers at least the asked share', () => {
    expect(chooseThreshold(confidences, right, { coverage: 0.5 })).toMatchObject({ threshold: 0.8, coverage: 0.6 });
    expect(chooseThreshold(confidences, right, { coverage: 0.6 })?.threshold).toBe(0.8);
    expect(chooseThreshold(confidences, right, { coverage: 1 })).toBeUndefined();
  });

  it('answers as many as it can with the asked share of errors', () => {
    expect(chooseThreshold(confidences, right, { maxError: 0.3 })).toMatchObject({ threshold: 0.7, accuracy: 0.75 });
    expect(chooseThreshold(confidences, right, { maxError: 0 })?.threshold).toBe(0.9);
    expect(chooseThreshold(confidences, right, { maxError: 0.4 })).toBeUndefined();
    expect(() => chooseThreshold([0.9, 0.8], [0, 1], { maxError: 0.1 })).toThrow(/at best 50\.00 % are, of 100\.0 %/);
    expect(() => chooseThreshold(confidences, right, { maxError: 1 })).toThrow(/below 1.* 'maxError'/);
    expect(() => chooseThreshold(confidences, right, { coverage: 0 })).toThrow(/above 0.* 'coverage'/);
  });

  it('gives on the same pictures what was chosen', () => {
    const chosen = chooseThreshold(confidences, right, { coverage: 0.7 })!;
    expect(atThreshold(confidences, right, chosen.threshold)).toEqual(chosen);
  });
});
