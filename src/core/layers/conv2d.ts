import { buildConvolution, convolutionOptions, inputChannels } from './convolution.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';
import { layerWindow } from './window.ts';

export const conv2d = {
  type: 'conv2d',
  idPrefix: 'conv',
  doc: 'Convolution: slides small learned filters over the feature map, each giving one channel.',
  inputs: 1,
  options: {
    channels: { type: 'integer', minimum: 1, doc: 'How many filters: the channels of the output.' },
    ...convolutionOptions,
    groups: {
      type: 'integer',
      default: 1,
      minimum: 1,
      doc: 'Cuts the channels into groups that do not see each other.',
    },
  },
  build(context, options) {
    inputChannels('conv2d', context);
    return buildConvolution(context, options, numberOption(options, 'channels'), numberOption(options, 'groups'));
  },
  window: layerWindow,
} as const satisfies Layer;
