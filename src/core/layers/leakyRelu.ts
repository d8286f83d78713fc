import { leakyRelu as leakyReluOp } from '../ops/activations.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';

export const leakyRelu = {
  type: 'leakyRelu',
  idPrefix: 'leakyrelu',
  doc: 'A rectifier that lets a small part of negative values through, so that no unit dies.',
  inputs: 1,
  options: {
    slope: { type: 'number', default: 0.01, minimum: 0, doc: 'What negative values are multiplied by.' },
  },
  build: ({ inputs, apply }, options) => apply(leakyReluOp, inputs, { slope: numberOption(options, 'slope') })[0],
} as const satisfies Layer;
