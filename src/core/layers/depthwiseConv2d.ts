import { buildConvolution, convolutionOptions, inputChannels } from './convolution.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';
import { layerWindow } from './window.ts';

export const depthwiseConv2d = {
  type: 'depthwiseConv2d',
  aliases: ['depthwise'],
  positional: ['kernelSize'],
  idPrefix: 'depthwise',
  doc: 'Convolution of each channel by itself: cheap, and usually followed by a 1x1 conv2d that mixes the channels.',
  inputs: 1,
  options: {
    multiplier: { type: 'integer', default: 1, minimum: 1, doc: 'Output channels for each input channel.' },
    ...convolutionOptions,
  },
  build(context, options) {
    const channels = inputChannels('depthwiseConv2d', context);
    return buildConvolution(context, options, channels * numberOption(options, 'multiplier'), channels);
  },
  window: layerWindow,
} as const satisfies Layer;
