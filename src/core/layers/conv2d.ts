import { invalid } from '../errors.ts';
import { buildConvolution, convolutionOptions, convolutionStarts, inputChannels } from './convolution.ts';
import type { Layer, LayerContext } from './layer.ts';
import { numberOption } from './options.ts';
import { layerWindow } from './window.ts';

export const conv2d = {
  type: 'conv2d',
  aliases: ['conv'],
  positional: ['channels', 'kernelSize'],
  idPrefix: 'conv',
  doc: 'Convolution: slides small learned filters over the feature map, each giving one channel.',
  inputs: 1,
  options: {
    channels: { type: 'integer', minimum: 1, doc: 'How many filters: the channels of the output.' },
    ...convolutionOptions,
    initialization: {
      type: 'choice',
      choices: [...convolutionStarts, 'whitening'],
      default: 'default',
      doc: "How weights start, as in depthwiseConv2d; 'whitening': computed from training pictures, and not trained.",
    },
    groups: {
      type: 'integer',
      default: 1,
      minimum: 1,
      doc: 'Cuts the channels into groups that do not see each other.',
    },
  },
  build(context, options) {
    inputChannels('conv2d', context);
    if (options.initialization === 'whitening') expectPictures(context);
    return buildConvolution(context, options, numberOption(options, 'channels'), numberOption(options, 'groups'));
  },
  window: layerWindow,
} as const satisfies Layer;

/** Whitening is computed from pictures, so a convolution of anything else cannot have it. */
function expectPictures({ id, inputs: [x] }: LayerContext): void {
  if (x.node === undefined || x.node.op.name === 'imageToFloat') return;
  const mend = "Choose another initialization for it, such as 'kaimingNormal'";
  throw invalid("a first layer, which reads the pictures ('whitening')", `layer '${id}'`, 'a feature map', mend);
}
