import { invalid } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { expectFeatureMap } from '../ops/checks.ts';
import { conv2d as conv2dOp } from '../ops/conv2d.ts';
import type { Initialization, LayerContext, Options, OptionValues } from './layer.ts';
import { numberOption, pairOf } from './options.ts';
import { windowAttributes } from './window.ts';

/**
 * kaimingNormal: normal by fan-out; kaimingNormalIn and kaimingUniform: normal and uniform by fan-in (He et al. 2015);
 * normal: of the option `deviation`; dirac: the first filters pass on one channel each, the others start by PyTorch's
 * default (Zagoruyko and Komodakis 2017).
 */
export const convolutionStarts = [
  'default',
  'kaimingNormal',
  'kaimingNormalIn',
  'kaimingUniform',
  'normal',
  'dirac',
] as const;

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
    choices: convolutionStarts,
    default: 'default',
    doc: "How weights start: PyTorch's default (biases too), or one of the other ways with zero biases.",
  },
  deviation: {
    type: 'number',
    default: 0.02,
    minimum: 0,
    doc: "Standard deviation of weights that start 'normal'.",
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
  const fans = { fanIn, fanOut: (channels / groups) * taps };
  const weight = context.parameter({
    name: 'weight',
    fileShape: [channels, shape[2] / groups, height, width],
    permutation: [2, 3, 1, 0],
    initialization: weightStart(options, fans, groups),
    // Whitening stays as the pictures made it.
    trainable: options.initialization !== 'whitening',
    decay: true,
  });
  const inputs = [x, weight];
  if (options.bias) {
    const isDefault = options.initialization === 'default';
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

function weightStart(
  options: OptionValues,
  { fanIn, fanOut }: { readonly fanIn: number; readonly fanOut: number },
  groups: number,
): Initialization {
  switch (options.initialization) {
    case 'kaimingNormal':
      return { kind: 'kaimingNormal', fan: fanOut };
    case 'kaimingNormalIn':
      return { kind: 'kaimingNormal', fan: fanIn };
    case 'kaimingUniform':
      return { kind: 'kaimingUniform', slope: 0, fanIn };
    case 'normal':
      return { kind: 'normal', deviation: numberOption(options, 'deviation') };
    case 'dirac':
      return { kind: 'dirac', groups, fanIn };
    case 'whitening':
      return { kind: 'whitening', fanIn };
    default:
      return { kind: 'kaimingUniform', slope: Math.sqrt(5), fanIn };
  }
}

/** Channels of the feature map that comes in. @throws FoveaError when it is none. */
export function inputChannels(type: string, context: LayerContext): number {
  expectFeatureMap(type, context.id, context.inputs[0]);
  return context.inputs[0].shape[2];
}
