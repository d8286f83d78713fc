import { channelsOf, expectChannels } from '../ops/checks.ts';
import { layerNorm as layerNormOp } from '../ops/layerNorm.ts';
import { affineParameters } from './affine.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';

export const layerNorm = {
  type: 'layerNorm',
  aliases: ['ln'],
  idPrefix: 'ln',
  doc: 'Normalises the channels of each pixel by itself, as ConvNeXt does; after flatten, all features.',
  inputs: 1,
  options: {
    eps: { type: 'number', default: 1e-5, minimum: 0, doc: 'Added to the variance, against division by zero.' },
    affine: { type: 'boolean', default: true, doc: 'Learns a scale and a shift for each channel.' },
  },
  build(context, options) {
    const [x] = context.inputs;
    expectChannels('layerNorm', context.id, x);
    const affine = options.affine ? affineParameters(context, channelsOf(x)) : [];
    return context.apply(layerNormOp, [x, ...affine], { eps: numberOption(options, 'eps') })[0];
  },
  window: (_options, input) => (input.length === 1 ? 'all' : undefined),
} as const satisfies Layer;
