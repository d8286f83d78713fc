import { maxPool2d as maxPool2dOp } from '../ops/maxPool2d.ts';
import type { Layer } from './layer.ts';
import { poolingAttributes, poolingOptions } from './pooling.ts';
import { layerWindow } from './window.ts';

export const maxPool2d = {
  type: 'maxPool2d',
  aliases: ['pool', 'maxpool'],
  positional: ['kernelSize'],
  idPrefix: 'maxpool',
  doc: 'Keeps the largest value of each window and channel: a smaller feature map that cares less about exact places.',
  inputs: 1,
  options: poolingOptions,
  build: (context, options) =>
    context.apply(maxPool2dOp, context.inputs, poolingAttributes('maxPool2d', context, options))[0],
  window: layerWindow,
} as const satisfies Layer;
