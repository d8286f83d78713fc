import { silu as siluOp } from '../ops/activations.ts';
import type { Layer } from './layer.ts';

export const silu = {
  type: 'silu',
  idPrefix: 'silu',
  doc: 'x times its sigmoid, also called swish: a smooth rectifier.',
  inputs: 1,
  options: {},
  build: ({ inputs, apply }) => apply(siluOp, inputs)[0],
} as const satisfies Layer;
