import { globalAvgPool2d as globalAvgPool2dOp } from '../ops/globalAvgPool2d.ts';
import type { Layer } from './layer.ts';

export const globalAvgPool2d = {
  type: 'globalAvgPool2d',
  aliases: ['globalpool', 'gap'],
  idPrefix: 'globalpool',
  doc: 'The mean of each channel over the whole picture: a feature map of any size becomes one number a channel.',
  inputs: 1,
  options: {},
  build: ({ inputs, apply }) => apply(globalAvgPool2dOp, inputs)[0],
  window: () => 'all',
} as const satisfies Layer;
