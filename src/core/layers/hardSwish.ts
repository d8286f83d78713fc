import { hardSwish as hardSwishOp } from '../ops/activations.ts';
import type { Layer } from './layer.ts';

export const hardSwish = {
  type: 'hardSwish',
  idPrefix: 'hardswish',
  doc: 'silu from straight pieces: cheap, for mobile nets.',
  inputs: 1,
  options: {},
  build: ({ inputs, apply }) => apply(hardSwishOp, inputs)[0],
} as const satisfies Layer;
