import { avgPool2d as avgPool2dOp } from '../ops/avgPool2d.ts';
import type { Layer } from './layer.ts';
import { poolingAttributes, poolingOptions } from './pooling.ts';
import { layerWindow } from './window.ts';

export const avgPool2d = {
  type: 'avgPool2d',
  aliases: ['avgpool'],
  positional: ['kernelSize'],
  idPrefix: 'avgpool',
  doc: 'Takes the mean of each window and channel: a smaller, smoother feature map.',
  inputs: 1,
  options: {
    ...poolingOptions,
    countIncludePad: { type: 'boolean', default: true, doc: 'Whether the padding counts, as zeros, in the mean.' },
  },
  build(context, options) {
    const attributes = poolingAttributes('avgPool2d', context, options);
    const countIncludePad = options.countIncludePad as boolean;
    return context.apply(avgPool2dOp, context.inputs, { ...attributes, countIncludePad })[0];
  },
  window: layerWindow,
} as const satisfies Layer;
