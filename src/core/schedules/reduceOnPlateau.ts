import { numberOption } from '../layers/options.ts';
import type { Schedule, ScheduleState } from './schedule.ts';

/** A smaller change than this is not made (PyTorch's `eps`). */
const smallestChange = 1e-8;

/** PyTorch's ReduceLROnPlateau. The state: rate, best metric so far, bad measurements in a row, cooldown left. */
export const reduceOnPlateau = {
  name: 'reduceOnPlateau',
  doc: 'Multiplies the learning rate by a factor whenever the validation loss has stopped improving.',
  options: {
    factor: { type: 'number', default: 0.1, minimum: 0, maximum: 1, doc: 'What the learning rate is multiplied by.' },
    patience: { type: 'integer', default: 10, minimum: 0, doc: 'Measurements without improvement that are borne.' },
    threshold: { type: 'number', default: 1e-4, minimum: 0, doc: 'The least change that counts as an improvement.' },
    thresholdMode: {
      type: 'choice',
      choices: ['relative', 'absolute'],
      default: 'relative',
      doc: 'Whether the threshold is a fraction of the best metric or a difference from it.',
    },
    mode: {
      type: 'choice',
      choices: ['min', 'max'],
      default: 'min',
      doc: 'Whether a smaller or a larger metric is better.',
    },
    cooldown: {
      type: 'integer',
      default: 0,
      minimum: 0,
      doc: 'Measurements after a drop in which none is counted bad.',
    },
    minimum: { type: 'number', default: 0, minimum: 0, doc: 'The learning rate never falls below this.' },
  },
  rate: ({ learningRate, state }) => state.rate ?? learningRate,
  observe({ learningRate, options, state }, metric): ScheduleState {
    const seen = state.best !== undefined;
    const isBetter = !Number.isNaN(metric) && (!seen || improves(metric, state.best, options));
    let rate = state.rate ?? learningRate;
    let bad = isBetter ? 0 : (state.bad ?? 0) + 1;
    let cooldown = state.cooldown ?? 0;
    if (cooldown > 0) {
      cooldown--;
      bad = 0;
    }
    if (bad > numberOption(options, 'patience')) {
      const lower = Math.max(rate * numberOption(options, 'factor'), numberOption(options, 'minimum'));
      if (rate - lower > smallestChange) rate = lower;
      cooldown = numberOption(options, 'cooldown');
      bad = 0;
    }
    const best = isBetter ? metric : state.best;
    return { rate, bad, cooldown, ...(best === undefined ? {} : { best }) };
  },
} as const satisfies Schedule;

function improves(metric: number, best: number, options: Parameters<Schedule['rate']>[0]['options']): boolean {
  const threshold = numberOption(options, 'threshold');
  const sign = options.mode === 'min' ? -1 : 1;
  const bar = options.thresholdMode === 'relative' ? best * (1 + sign * threshold) : best + sign * threshold;
  return sign * (metric - bar) > 0;
}
