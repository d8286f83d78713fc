import { invalid } from '../errors.ts';
import { linear as linearOp } from '../ops/linear.ts';
import type { Layer } from './layer.ts';
import { linearParameters, linearStartOptions } from './linearParameters.ts';

export const linear = {
  type: 'linear',
  aliases: ['linear', 'dense', 'fc'],
  positional: ['features'],
  idPrefix: 'fc',
  doc: 'Fully connected layer: each output is a weighted sum of all inputs.',
  inputs: 1,
  options: {
    features: { type: 'integer', minimum: 1, doc: 'How many outputs; in the last layer the number of classes.' },
    bias: { type: 'boolean', default: true, doc: 'Adds a trained number to each output.' },
    ...linearStartOptions,
  },
  build(context, options) {
    const [x] = context.inputs;
    if (x.shape.length !== 1) {
      throw invalid(
        'features (one dimension)',
        `linear '${context.id}'`,
        x.shape,
        'Put flatten or a global pooling before it',
      );
    }
    return context.apply(linearOp, [x, ...linearParameters(context, options, x.shape[0], [1, 0])])[0];
  },
  window: () => 'all',
} as const satisfies Layer;
