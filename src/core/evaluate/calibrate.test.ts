import { describe, expect, it } from 'vitest';
import { isUnknown } from '../classifier/calibration.ts';
import { RandomStream } from '../random.ts';
import { calibrate } from './calibrate.ts';
import { probabilitiesOf } from './probabilities.ts';

/** Labels drawn by probabilities, whose logarithms are told three times as strongly: the right temperature is 3. */
function tooSure(n: number): { logits: Float64Array; labels: Int32Array } {
  const random = new RandomStream(3, 'sample', n);
  const logits = Float64Array.from({ length: 3 * n }, () => 3 * random.uniform());
  const probabilities = probabilitiesOf(logits, 3);
  const labels = Int32Array.from({ length: n }, (_, i) => {
    const u = random.uniform();
    const [a, b] = probabilities.subarray(3 * i);
    return u < a ? 0 : u < a + b ? 1 : 2;
  });
  return { logits: logits.map((value) => 3 * value), labels };
}

describe('calibration', () => {
  it('finds the temperature of answers that are too sure, and makes the calibration error small', () => {
    const { logits, labels } = tooSure(20_000);
    const found = calibrate(logits, labels, 3, { coverage: 0.8 });
    expect(found.temperature).toBeGreaterThan(2.8);
    expect(found.temperature).toBeLessThan(3.2);
    expect(found.ece.before).toBeGreaterThan(0.2);
    expect(found.ece.after).toBeLessThan(0.02);
    expect(found.loss.after).toBeLessThan(found.loss.before);
    expect(found.rejection?.coverage).toBeGreaterThanOrEqual(0.8);
    expect(found.rejection?.coverage).toBeLessThan(0.81);
    expect(isUnknown(found, found.rejection!.threshold)).toBe(false);
    expect(isUnknown(found, found.rejection!.threshold - 1e-9)).toBe(true);
    expect(isUnknown(undefined, 0)).toBe(false);
  });

  it('learns nothing from pictures without mistakes', () => {
    const found = calibrate([2, 0, 0, 1, 3, 0], Int32Array.of(0, 1, 0), 2);
    expect(found).toMatchObject({ temperature: 1, note: expect.stringMatching(/Only 0 of 3/) });
    expect(found.ece.before).toBe(found.ece.after);
  });
});
