import { groupNorm as groupNormOp } from '../ops/groupNorm.ts';
import { affineParameters } from './affine.ts';
import { inputChannels } from './convolution.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';

export const groupNorm = {
  type: 'groupNorm',
  aliases: ['gn'],
  positional: ['groups'],
  idPrefix: 'gn',
  doc: 'Normalises groups of channels within each picture: a batch norm that does not depend on the batch.',
  inputs: 1,
  options: {
    groups: { type: 'integer', minimum: 1, doc: 'Into how many groups the channels are cut; it must divide them.' },
    eps: { type: 'number', default: 1e-5, minimum: 0, doc: 'Added to the variance, against division by zero.' },
    affine: { type: 'boolean', default: true, doc: 'Learns a scale and a shift for each channel.' },
  },
  build(context, options) {
    const channels = inputChannels('groupNorm', context);
    const affine = options.affine ? affineParameters(context, channels) : [];
    const attributes = { groups: numberOption(options, 'groups'), eps: numberOption(options, 'eps') };
    return context.apply(groupNormOp, [...context.inputs, ...affine], attributes)[0];
  },
  window: () => 'all',
} as const satisfies Layer;
