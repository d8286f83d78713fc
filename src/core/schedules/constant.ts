import type { Schedule } from './schedule.ts';

export const constant = {
  name: 'constant',
  doc: 'The same learning rate throughout.',
  options: {},
  rate: ({ learningRate }) => learningRate,
} as const satisfies Schedule;
