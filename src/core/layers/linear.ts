import { invalid } from '../errors.ts';
import { linear as linearOp } from '../ops/linear.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';

export const linear = {
  type: 'linear',
  idPrefix: 'fc',
  doc: 'Fully connected layer: each output is a weighted sum of all inputs.',
  inputs: 1,
  options: {
    features: { type: 'integer', minimum: 1, doc: 'How many outputs; in the last layer the number of classes.' },
    bias: { type: 'boolean', default: true, doc: 'Adds a trained number to each output.' },
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
    const [inputs] = x.shape;
    const features = numberOption(options, 'features');
    const weight = context.parameter({
      name: 'weight',
      fileShape: [features, inputs],
      permutation: [1, 0],
      initialization: { kind: 'kaimingUniform', slope: Math.sqrt(5), fanIn: inputs },
      trainable: true,
      decay: true,
    });
    if (!options.bias) return context.apply(linearOp, [x, weight])[0];
    const bias = context.parameter({
      name: 'bias',
      fileShape: [features],
      permutation: [0],
      initialization: { kind: 'uniform', bound: 1 / Math.sqrt(inputs) },
      trainable: true,
      decay: false,
    });
    return context.apply(linearOp, [x, weight, bias])[0];
  },
  window: () => 'all',
} as const satisfies Layer;
