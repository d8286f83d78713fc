import { tanh as tanhOp } from '../ops/activations.ts';
import type { Layer } from './layer.ts';

export const tanh = {
  type: 'tanh',
  idPrefix: 'tanh',
  doc: 'Squeezes values into -1 to 1: the activation of early convolutional nets.',
  inputs: 1,
  options: {},
  build: ({ inputs, apply }) => apply(tanhOp, inputs)[0],
} as const satisfies Layer;
