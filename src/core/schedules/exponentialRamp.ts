import { numberOption } from '../layers/options.ts';
import { pow } from '../maths.ts';
import type { Schedule } from './schedule.ts';

/** The range test of Smith 2017 ("Cyclical learning rates for training neural networks"), in equal ratios. */
export const exponentialRamp = {
  name: 'exponentialRamp',
  doc: 'Rises by the same factor at every step, to the learning rate that you ask for: to find one.',
  options: {
    start: { type: 'number', default: 1e-6, minimum: 1e-12, doc: 'The learning rate of the first step.' },
  },
  rate({ step, totalSteps, learningRate, options }) {
    const start = Math.min(learningRate, numberOption(options, 'start'));
    const share = totalSteps < 2 ? 1 : Math.min(1, step / (totalSteps - 1));
    return share === 1 ? learningRate : Math.min(learningRate, start * pow(learningRate / start, share));
  },
} as const satisfies Schedule;
