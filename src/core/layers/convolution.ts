import { invalid } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { expectFeatureMap } from '../ops/checks.ts';
import { conv2d as conv2dOp } from '../ops/conv2d.ts';
import type { Initialization, LayerContext, Options, OptionValues } from './layer.ts';
import { pairOf } from './options.ts';
import { windowAttributes } from './window.ts';

/** The options that conv2d and depthwiseConv2d share. */
export const convolutionOptions = {
  kernelSize: { type: 'size', minimum: 1, doc: 'Height and width of the sliding window.' },
  stride: { type: 'size', default: 1, minimum: 1, doc: 'Step of the window; 2 halves height and width.' },
  padding: {
    type: 'padding',
    default: 'valid',
    minimum: 0,
    doc: "Zeros around the input; 'valid' is none, 'same' keeps height and width at stride 1.",
  },
  dilation: { type: 'size', default: 1, minimum: 1, doc: 'Distance between the taps of the window.' },
  bias: {
    type: 'boolean',
    default: true,
    doc: 'Adds a trained number to each channel; superfluous before batchNorm2d.',
  },
  initialization: {
    type: 'choice',
    choices: ['default', 'kaimingNormal'],
    default: 'default',
    doc: "How weights start: PyTorch's default, or normal by fan-out with zero biases (He et al. 2015).",
  },
} as const satisfies Options;

/**
 * Lowers a convolution: weight is OIHW in files and [kernelHeight, kernelWidth, input / groups, output] in memory.
 *
 * The fans of a grouped convolution count what really connects: fan-in (inputChannels / groups) x taps, as in PyTorch,
 * and fan-out (outputChannels / groups) x taps (PyTorch forgets the groups there).
 *
 * @throws FoveaError when the input is no feature map or its channels do not divide into the groups.
 */
export function buildConvolution(
  context: LayerContext,
  options: OptionValues,
  channels: number,
  groups: number,
): Value {
  const [x] = context.inputs;
  const { shape } = x;
  if (shape[2] % groups !== 0 || channels % groups !== 0) {
    throw invalid(
      `channels that ${groups} groups divide`,
      `layer '${context.id}'`,
      `${shape[2]} channels in and ${channels} out`,
      'Change groups or channels, here or in the layer before',
    );
  }
  const [height, width] = pairOf(options.kernelSize);
  const taps = height * width;
  const fanIn = (shape[2] / groups) * taps;
  const isDefault = options.initialization === 'default';
  const weightStart: Initialization = isDefault
    ? { kind: 'kaimingUniform', slope: Math.sqrt(5), fanIn }
    : { kind: 'kaimingNormal', fan: (channels / groups) * taps };
  const weight = context.parameter({
    name: 'weight',
    fileShape: [channels, shape[2] / groups, height, width],
    permutation: [2, 3, 1, 0],
    initialization: weightStart,
    trainable: true,
    decay: true,
  });
  const inputs = [x, weight];
  if (options.bias) {
    const biasStart: Initialization = isDefault ? { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) } : { kind: 'zeros' };
    inputs.push(
      context.parameter({
        name: 'bias',
        fileShape: [channels],
        permutation: [0],
        initialization: biasStart,
        trainable: true,
        decay: false,
      }),
    );
  }
  return context.apply(conv2dOp, inputs, { ...windowAttributes(options, shape), groups })[0];
}

/** Channels of the feature map that comes in. @throws FoveaError when it is none. */
export function inputChannels(type: string, context: LayerContext): number {
  expectFeatureMap(type, context.id, context.inputs[0]);
  return context.inputs[0].shape[2];
}
