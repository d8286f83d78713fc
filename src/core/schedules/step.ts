import { numberOption } from '../layers/options.ts';
import { power, type Schedule } from './schedule.ts';

export const step = {
  name: 'step',
  doc: 'Multiplies the learning rate by a factor at regular intervals.',
  options: {
    size: { type: 'integer', minimum: 1, doc: 'Steps between two drops.' },
    factor: { type: 'number', default: 0.1, minimum: 0, doc: 'What the learning rate is multiplied by at each drop.' },
  },
  rate: ({ step, learningRate, options }) =>
    learningRate * power(numberOption(options, 'factor'), Math.floor(step / numberOption(options, 'size'))),
} as const satisfies Schedule;
