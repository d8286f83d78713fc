import { relu as reluOp } from '../ops/activations.ts';
import type { Layer } from './layer.ts';

export const relu = {
  type: 'relu',
  idPrefix: 'relu',
  doc: 'The rectifier: negative values become 0; the usual activation.',
  inputs: 1,
  options: {},
  build: ({ inputs, apply }) => apply(reluOp, inputs)[0],
} as const satisfies Layer;
