import type { Value } from '../graph/graph.ts';
import type { Initialization, LayerContext, Options, OptionValues } from './layer.ts';
import { numberOption } from './options.ts';

/** How the parameters of a matrix start. */
export const linearStartOptions = {
  initialization: {
    type: 'choice',
    choices: ['default', 'zeroBias', 'normal', 'uniformFanOut'],
    default: 'default',
    doc: "How weights start: PyTorch's default (biases too), that with zero biases, normal, or uniform by fan-out.",
  },
  deviation: {
    type: 'number',
    default: 0.01,
    minimum: 0,
    doc: "Standard deviation of weights that start 'normal'.",
  },
} as const satisfies Options;

/**
 * The weight [features, inputs] and, unless the option `bias` is off, the bias of a linear layer.
 *
 * @param permutation how the weight lies in memory.
 */
export function linearParameters(
  context: LayerContext,
  options: OptionValues,
  inputs: number,
  permutation: readonly number[],
): Value[] {
  const features = numberOption(options, 'features');
  const weight = context.parameter({
    name: 'weight',
    fileShape: [features, inputs],
    permutation,
    initialization: weightStart(options, inputs, features),
    trainable: true,
    decay: true,
  });
  if (!options.bias) return [weight];
  const isDefault = options.initialization === 'default';
  const bias = context.parameter({
    name: 'bias',
    fileShape: [features],
    permutation: [0],
    initialization: isDefault ? { kind: 'uniform', bound: 1 / Math.sqrt(inputs) } : { kind: 'zeros' },
    trainable: true,
    decay: false,
  });
  return [weight, bias];
}

function weightStart(options: OptionValues, inputs: number, features: number): Initialization {
  switch (options.initialization) {
    case 'normal':
      return { kind: 'normal', deviation: numberOption(options, 'deviation') };
    case 'uniformFanOut':
      return { kind: 'uniform', bound: 1 / Math.sqrt(features) };
    default:
      return { kind: 'kaimingUniform', slope: Math.sqrt(5), fanIn: inputs };
  }
}
