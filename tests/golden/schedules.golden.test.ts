import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLearningRate, type ScheduleSpec, schedules } from '../../src/core/schedules/index.ts';
import { expectClose } from './compare.ts';

interface Golden {
  readonly kind: string;
  readonly settings: Readonly<Record<string, never>>;
  readonly metrics?: readonly number[];
  readonly values: readonly number[];
}

const text = readFileSync(new URL('./data/lr_schedules.json', import.meta.url), 'utf8');
const goldens: Readonly<Record<string, Golden>> = JSON.parse(text).schedules;

/** PyTorch's classes and settings as ours. */
const specs: Readonly<Record<string, (s: Golden['settings']) => ScheduleSpec>> = {
  StepLR: (s) => ({ type: 'step', size: s.step_size, factor: s.gamma }),
  MultiStepLR: (s) => ({ type: 'multiStep', milestones: s.milestones, factor: s.gamma }),
  ExponentialLR: (s) => ({ type: 'exponential', factor: s.gamma }),
  CosineAnnealingLR: (s) => ({ type: 'cosine', steps: s.T_max, minimum: s.eta_min }),
  CosineAnnealingWarmRestarts: (s) => ({
    type: 'cosineRestarts',
    period: s.T_0,
    multiplier: s.T_mult,
    minimum: s.eta_min,
  }),
  PolynomialLR: (s) => ({ type: 'polynomial', steps: s.total_iters, power: s.power }),
  OneCycleLR: (s) => ({
    type: 'oneCycle',
    rise: s.pct_start,
    startDivisor: s.div_factor,
    endDivisor: s.final_div_factor,
    shape: s.anneal === 'cos' ? 'cosine' : 'linear',
  }),
  ReduceLROnPlateau: (s) => ({
    type: 'reduceOnPlateau',
    mode: s.mode,
    factor: s.factor,
    patience: s.patience,
    threshold: s.threshold,
    thresholdMode: s.threshold_mode === 'rel' ? 'relative' : 'absolute',
    cooldown: s.cooldown,
    minimum: s.min_lr,
  }),
  'linear warmup + cosine': (s) => ({ type: 'cosine', warmupSteps: s.warmup_steps, minimum: s.eta_min }),
};

describe('learning-rate schedules equal PyTorch', () => {
  it('has all of them', () => {
    expect(Object.keys(goldens)).toHaveLength(12);
    const used = new Set(Object.values(goldens).map(({ kind, settings }) => specs[kind](settings).type));
    const unproved = schedules.map(({ name }) => name).filter((name) => !used.has(name));
    // PyTorch has none that rises exponentially; schedules.test.ts has the formula.
    expect(unproved).toEqual(['constant', 'exponentialRamp']);
  });

  for (const [name, { kind, settings, metrics, values }] of Object.entries(goldens)) {
    it(name, () => {
      const learningRate: number = settings.base_lr ?? settings.max_lr;
      const rate = createLearningRate(specs[kind](settings), { learningRate, totalSteps: 100 });
      expect(values).toHaveLength(100);
      values.forEach((value, step) => {
        expectClose(`step ${step}`, [rate.at(step)], [value], 1e-16 * learningRate + 1e-12 * value);
        if (metrics) rate.observe(metrics[step]);
      });
    });
  }
});
