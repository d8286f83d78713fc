import { conv2d } from '../ops/conv2d.ts';
import { inputChannels } from './convolution.ts';
import type { Layer } from './layer.ts';
import { linearParameters, linearStartOptions } from './linearParameters.ts';

export const pixelLinear = {
  type: 'pixelLinear',
  positional: ['features'],
  idPrefix: 'pixelfc',
  doc: 'A linear layer on the channels of each pixel: a 1x1 convolution whose weight is a matrix, as in ConvNeXt.',
  inputs: 1,
  options: {
    features: { type: 'integer', minimum: 1, doc: 'How many channels it gives.' },
    bias: { type: 'boolean', default: true, doc: 'Adds a trained number to each channel.' },
    ...linearStartOptions,
  },
  build(context, options) {
    const channels = inputChannels('pixelLinear', context);
    const parameters = linearParameters(context, options, channels, [-1, -1, 1, 0]);
    return context.apply(conv2d, [...context.inputs, ...parameters], { stride: [1, 1], groups: 1 })[0];
  },
} as const satisfies Layer;
