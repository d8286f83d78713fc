import { sigmoid as sigmoidOp } from '../ops/activations.ts';
import type { Layer } from './layer.ts';

export const sigmoid = {
  type: 'sigmoid',
  idPrefix: 'sigmoid',
  doc: 'Squeezes values into 0 to 1: for gates; as an activation it trains slowly.',
  inputs: 1,
  options: {},
  build: ({ inputs, apply }) => apply(sigmoidOp, inputs)[0],
} as const satisfies Layer;
