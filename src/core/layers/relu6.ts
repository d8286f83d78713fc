import { relu6 as relu6Op } from '../ops/activations.ts';
import type { Layer } from './layer.ts';

export const relu6 = {
  type: 'relu6',
  idPrefix: 'relu',
  doc: 'The rectifier cut off at 6: for small and mobile nets.',
  inputs: 1,
  options: {},
  build: ({ inputs, apply }) => apply(relu6Op, inputs)[0],
} as const satisfies Layer;
