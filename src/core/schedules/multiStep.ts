import { numberOption } from '../layers/options.ts';
import { power, type Schedule } from './schedule.ts';

export const multiStep = {
  name: 'multiStep',
  doc: 'Multiplies the learning rate by a factor at the steps that you name.',
  options: {
    milestones: { type: 'numbers', minimum: 0, doc: 'The steps at which the learning rate drops.' },
    factor: {
      type: 'number',
      default: 0.1,
      minimum: 0,
      doc: 'What the learning rate is multiplied by at each milestone.',
    },
  },
  rate({ step, learningRate, options }) {
    const passed = (options.milestones as readonly number[]).filter((milestone) => milestone <= step).length;
    return learningRate * power(numberOption(options, 'factor'), passed);
  },
} as const satisfies Schedule;
