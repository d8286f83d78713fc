import { gelu as geluOp, geluTanh } from '../ops/activations.ts';
import type { Layer } from './layer.ts';

export const gelu = {
  type: 'gelu',
  idPrefix: 'gelu',
  doc: 'x times the normal distribution function: the smooth rectifier of ConvNeXt and transformers.',
  inputs: 1,
  options: {
    approximate: { type: 'boolean', default: false, doc: 'Computes it by tanh: faster, and nearly the same.' },
  },
  build: ({ inputs, apply }, options) => apply(options.approximate ? geluTanh : geluOp, inputs)[0],
} as const satisfies Layer;
