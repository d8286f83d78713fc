import { concat as concatOp } from '../ops/concat.ts';
import type { Layer } from './layer.ts';

export const concat = {
  type: 'concat',
  idPrefix: 'concat',
  doc: 'Puts the channels of branches side by side: the junction of an Inception block.',
  inputs: 'many',
  options: {},
  build: ({ inputs, apply }) => apply(concatOp, inputs)[0],
} as const satisfies Layer;
