import { softmax as softmaxOp } from '../ops/softmax.ts';
import type { Layer } from './layer.ts';

export const softmax = {
  type: 'softmax',
  idPrefix: 'softmax',
  doc: 'Makes positive weights that add up to 1, over the channels of each pixel: for attention inside a net.',
  inputs: 1,
  options: {},
  probabilities: true,
  build: ({ inputs, apply }) => apply(softmaxOp, inputs)[0],
} as const satisfies Layer;
