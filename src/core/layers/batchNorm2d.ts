import { batchNorm } from '../ops/batchNorm.ts';
import { batchNormEval } from '../ops/batchNormEval.ts';
import { affineParameters } from './affine.ts';
import { inputChannels } from './convolution.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';

export const batchNorm2d = {
  type: 'batchNorm2d',
  aliases: ['bn', 'batchnorm'],
  idPrefix: 'bn',
  doc: 'Batch normalisation: brings each channel to mean 0 and deviation 1 over the batch, so that deep nets train fast.',
  inputs: 1,
  options: {
    eps: { type: 'number', default: 1e-5, minimum: 0, doc: 'Added to the variance, against division by zero.' },
    momentum: {
      type: 'number',
      default: 0.1,
      minimum: 0,
      maximum: 1,
      doc: 'Weight of a new batch in the running statistics.',
    },
    affine: { type: 'boolean', default: true, doc: 'Learns a scale and a shift for each channel.' },
    trainScale: {
      type: 'boolean',
      default: true,
      doc: 'Without it the scale stays as it starts; the shift is learned.',
    },
    initialScale: {
      type: 'number',
      default: 1,
      doc: 'Where the scale starts; 0 at the end of a residual branch lets deep nets begin as the identity.',
    },
  },
  build(context, options) {
    const channels = inputChannels('batchNorm2d', context);
    const affine = options.affine
      ? affineParameters(context, channels, {
          trainable: options.trainScale as boolean,
          value: numberOption(options, 'initialScale'),
        })
      : [];
    const shared = { fileShape: [channels], permutation: [0], trainable: false, decay: false };
    const mean = context.parameter({ ...shared, name: 'running_mean', initialization: { kind: 'zeros' } });
    const variance = context.parameter({ ...shared, name: 'running_var', initialization: { kind: 'ones' } });
    const inputs = [context.inputs[0], mean, variance, ...affine];
    const eps = numberOption(options, 'eps');
    if (!context.training) return context.apply(batchNormEval, inputs, { eps })[0];
    return context.apply(batchNorm, inputs, { eps, momentum: numberOption(options, 'momentum') })[0];
  },
} as const satisfies Layer;
