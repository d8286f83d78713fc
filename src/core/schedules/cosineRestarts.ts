import { numberOption } from '../layers/options.ts';
import { cosineBetween } from './cosine.ts';
import type { Schedule } from './schedule.ts';

/** Loshchilov and Hutter 2017 (SGDR). */
export const cosineRestarts = {
  name: 'cosineRestarts',
  doc: 'Falls along half a cosine again and again, each time over more steps.',
  options: {
    period: { type: 'integer', minimum: 1, doc: 'Steps of the first fall.' },
    multiplier: { type: 'integer', default: 1, minimum: 1, doc: 'How much longer each fall is than the one before.' },
    minimum: { type: 'number', default: 0, minimum: 0, doc: 'The learning rate at the end of each fall.' },
  },
  rate({ step, learningRate, options }) {
    const multiplier = numberOption(options, 'multiplier');
    let period = numberOption(options, 'period');
    let position = step;
    if (multiplier === 1) position %= period;
    else {
      while (position >= period) {
        position -= period;
        period *= multiplier;
      }
    }
    return cosineBetween(learningRate, numberOption(options, 'minimum'), position / period);
  },
} as const satisfies Schedule;
