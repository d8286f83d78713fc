import { describe, expect, it } from 'vitest';
import { completeOptions } from '../layers/options.ts';
import { createLearningRate, type ScheduleSpec, schedules } from './index.ts';

/** Options for schedules that require some. */
const required: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  step: { size: 10 },
  multiStep: { milestones: [10, 20] },
  exponential: { factor: 0.9 },
  cosineRestarts: { period: 7 },
};
const use = (spec: ScheduleSpec, totalSteps = 50) => createLearningRate(spec, { learningRate: 0.1, totalSteps });

describe('every schedule', () => {
  for (const { name, doc, options } of schedules) {
    it(`${name} gives sound rates, whatever the length of the training`, () => {
      expect(doc).toMatch(/\.$/);
      completeOptions({ options }, required[name] ?? {}, name);
      for (const totalSteps of [1, 2, 3, 50]) {
        const rate = use({ type: name, ...required[name] }, totalSteps);
        for (let step = 0; step <= totalSteps + 2; step++) {
          expect(rate.at(step), `step ${step} of ${totalSteps}`).toBeGreaterThanOrEqual(0);
          expect(rate.at(step), `step ${step} of ${totalSteps}`).toBeLessThanOrEqual(0.1);
        }
      }
    });
  }
});

describe('createLearningRate', () => {
  it('warms up into any schedule without a jump', () => {
    const rate = use({ type: 'constant', warmupSteps: 4 });
    expect([0, 1, 2, 3, 4, 40].map(rate.at)).toEqual(
      [0.025, 0.05, (0.1 * 3) / 4, 0.1, 0.1, 0.1].map((v) => expect.closeTo(v, 12)),
    );
    const cosine = use({ type: 'cosine', warmupSteps: 10 });
    expect(cosine.at(10)).toBeCloseTo(0.1, 12);
    expect(cosine.at(30)).toBeCloseTo(0.05, 12);
    expect(cosine.at(50)).toBeCloseTo(0, 12);
  });

  it('goes on from a state as if it had never stopped', () => {
    const spec = { type: 'reduceOnPlateau', patience: 1, factor: 0.5 };
    const losses = [1, 0.9, 0.95, 0.96, 0.97, 0.8, 0.9, 0.9, 0.9, 0.9];
    const whole = use(spec);
    const rates = losses.map((loss) => {
      whole.observe(loss);
      return whole.at(0);
    });
    expect(new Set(rates).size).toBeGreaterThan(2);
    let state = {};
    losses.forEach((loss, i) => {
      const resumed = createLearningRate(spec, { learningRate: 0.1, totalSteps: 50, state });
      resumed.observe(loss);
      expect(resumed.at(0)).toBe(rates[i]);
      state = JSON.parse(JSON.stringify(resumed.state));
    });
  });

  it('counts a loss that is not a number as no improvement', () => {
    const rate = use({ type: 'reduceOnPlateau', patience: 0, factor: 0.5 });
    rate.observe(Number.NaN);
    expect(rate.at(0)).toBe(0.05);
    rate.observe(1);
    expect(rate.at(0)).toBe(0.05);
    rate.observe(0.5);
    expect(rate.state.best).toBe(0.5);
  });

  it.each([
    [
      { type: 'cosin' },
      "Expected a learning-rate schedule for the training but received 'cosin'. Did you mean 'cosine'?",
    ],
    [{ type: 'step' }, "schedule 'step', option 'size' but received nothing"],
    [{ type: 'cosine', warmupSteps: -1 }, "schedule 'cosine', option 'warmupSteps' but received -1"],
    [{ type: 'multiStep', milestones: 3 }, 'Expected a list of numbers, each of at least 0'],
  ])('refuses %j', (spec, message) => {
    expect(() => use(spec)).toThrow(message);
  });
});

it('exponentialRamp rises from its start to the learning rate by the same factor a step', () => {
  const rate = use({ type: 'exponentialRamp', start: 1e-5 }, 9);
  expect(rate.at(0)).toBeCloseTo(1e-5, 15);
  expect(rate.at(8)).toBe(0.1);
  for (let step = 1; step < 9; step++) expect(rate.at(step) / rate.at(step - 1)).toBeCloseTo(10 ** 0.5, 9);
});
