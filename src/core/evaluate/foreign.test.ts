import { expect, it } from 'vitest';
import { RandomStream } from '../random.ts';
import { evaluateForeign, familiarityScores } from './foreign.ts';

const noise = (n: number, seed: number, loud: number): Float64Array => {
  const random = new RandomStream(seed, 'sample', n);
  const logits = Float64Array.from({ length: 3 * n }, () => random.uniform());
  for (let i = 0; i < n; i++) logits[3 * i] += loud * random.uniform();
  return logits;
};

it('tells pictures apart that speak more quietly, and not those that speak alike', () => {
  const far = evaluateForeign(noise(400, 1, 20), noise(300, 2, 1), 3);
  expect(far.images).toBe(300);
  expect(far.auroc).toBeGreaterThan(0.9);
  expect(far.interval[0]).toBeLessThan(far.auroc);
  expect(far.interval[1]).toBeGreaterThan(far.auroc);
  for (const side of ['known', 'foreign'] as const) {
    expect(far.histogram.reduce((sum, bin) => sum + bin[side], 0)).toBeCloseTo(1, 9);
  }
  const alike = evaluateForeign(noise(400, 1, 5), noise(400, 3, 5), 3);
  expect(alike.interval[0]).toBeLessThan(0.5);
  expect(alike.interval[1]).toBeGreaterThan(0.5);
  expect(alike.falseAlarms).toBeGreaterThan(0.85);
});

it('has scores that follow from their definitions', () => {
  const logits = [1, 2, 3];
  const [energy, maxLogit, maxProbability] = familiarityScores.map(({ score }) => score(logits, 3, 2)[0]);
  expect(energy).toBeCloseTo(2 * Math.log(Math.exp(0.5) + Math.exp(1) + Math.exp(1.5)), 12);
  expect(maxLogit).toBe(3);
  expect(maxProbability).toBeCloseTo(Math.exp(1.5) / (Math.exp(0.5) + Math.exp(1) + Math.exp(1.5)), 12);
});
