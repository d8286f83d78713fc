import { numberOption } from '../layers/options.ts';
import { power, type Schedule } from './schedule.ts';

export const exponential = {
  name: 'exponential',
  doc: 'Multiplies the learning rate by a factor at every step.',
  options: { factor: { type: 'number', minimum: 0, doc: 'What the learning rate is multiplied by at each step.' } },
  rate: ({ step, learningRate, options }) => learningRate * power(numberOption(options, 'factor'), step),
} as const satisfies Schedule;
