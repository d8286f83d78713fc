import { numberOption } from '../layers/options.ts';
import { pow } from '../maths.ts';
import type { Schedule } from './schedule.ts';

export const polynomial = {
  name: 'polynomial',
  doc: 'Falls to zero along a power of the steps that remain; power 1 is a straight line.',
  options: {
    power: { type: 'number', default: 1, minimum: 0, doc: 'The exponent: larger falls faster at first.' },
    steps: { type: 'integer', optional: true, minimum: 1, doc: 'Steps until zero; left out: the whole training.' },
  },
  rate({ step, totalSteps, learningRate, options }) {
    const steps = (options.steps as number | undefined) ?? totalSteps;
    return learningRate * pow(Math.max(0, 1 - step / steps), numberOption(options, 'power'));
  },
} as const satisfies Schedule;
