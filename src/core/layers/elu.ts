import { elu as eluOp } from '../ops/activations.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';

export const elu = {
  type: 'elu',
  idPrefix: 'elu',
  doc: 'A rectifier whose negative side bends smoothly towards -alpha.',
  inputs: 1,
  options: {
    alpha: { type: 'number', default: 1, minimum: 0, doc: 'How far below zero it goes.' },
  },
  build: ({ inputs, apply }, options) => apply(eluOp, inputs, { alpha: numberOption(options, 'alpha') })[0],
} as const satisfies Layer;
