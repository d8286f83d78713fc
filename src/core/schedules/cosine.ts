import { numberOption } from '../layers/options.ts';
import { cos } from '../maths.ts';
import type { Schedule } from './schedule.ts';

/** From `start` (fraction 0) to `end` (fraction 1) along half a cosine. */
export const cosineBetween = (start: number, end: number, fraction: number): number =>
  end + ((start - end) * (1 + cos(Math.PI * fraction))) / 2;

/** Loshchilov and Hutter 2017 (SGDR), without restarts. */
export const cosine = {
  name: 'cosine',
  doc: 'Falls along half a cosine: slowly, then fast, then slowly again; a good default.',
  options: {
    minimum: { type: 'number', default: 0, minimum: 0, doc: 'The learning rate at the end.' },
    steps: {
      type: 'integer',
      optional: true,
      minimum: 1,
      doc: 'Steps until the minimum; left out: the whole training.',
    },
  },
  rate({ step, totalSteps, learningRate, options }) {
    const steps = (options.steps as number | undefined) ?? totalSteps;
    return cosineBetween(learningRate, numberOption(options, 'minimum'), Math.min(1, step / steps));
  },
} as const satisfies Schedule;
