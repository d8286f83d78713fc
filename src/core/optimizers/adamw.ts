import { adamOptions, adamScalars, adamStates, adamUpdate } from './adam.ts';
import type { Optimizer } from './optimizer.ts';

/** AdamW (Loshchilov and Hutter 2019): weights shrink by learningRate · weightDecay apart from the adapted step. */
export const adamw: Optimizer = {
  name: 'adamw',
  doc: 'Adam with weight decay of its own: learns fast with little tuning.',
  options: {
    ...adamOptions,
    weightDecay: { type: 'number', doc: 'Strength with which weights shrink at each step.', default: 0.01, minimum: 0 },
  },
  states: adamStates,
  scalars: adamScalars,
  update: adamUpdate('adamwUpdate', true),
};
