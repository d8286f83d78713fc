import { channelsOf, numberOf } from '../../ops/checks.ts';
import { sizeOf } from '../../shape.ts';
import { type Argument, address, addressOr0, type Lowering, type LoweringContext } from '../lowering.ts';
import { floatTable, limitsOf, rowsOf } from './cuts.ts';

/** Channels a chunk of a combining call handles; equal to CHANNELS in kernels/norm.ts. */
const channelsPerChunk = 64;
/** Rows of a block of sums in group normalisation; equal to ROWS in kernels/groupNorm.ts. */
const groupNormRows = 1024;

const attribute = ({ node }: LoweringContext, name: string): number => numberOf(node.attributes, name);
const epilogues = ['relu', 'relu6'] as const;
const channelChunks = (channels: number): number => Math.ceil(channels / channelsPerChunk);

const batchNorm: Lowering = {
  op: 'batchNorm',
  epilogues,
  lower(context) {
    const { node, capacity, outputs, epilogue, scratch, call } = context;
    const [x, runningMean, runningVar, weight, bias] = node.inputs;
    const [y, mean, inverseDeviation] = outputs;
    const { channels, perSample, block, blocks } = rowsOf(x);
    const partials = scratch(blocks(capacity) * 3 * channels * 4);
    const [scale, shift] = [scratch(channels * 4), scratch(channels * 4)];
    const momentum = attribute(context, 'momentum');
    call('batchNorm_statistics', [address(x), partials, channels, perSample, block], blocks);
    call(
      'batchNorm_combine',
      [
        partials,
        ...[mean, inverseDeviation, runningMean, runningVar].map(address),
        addressOr0(weight),
        addressOr0(bias),
        scale,
        shift,
        channels,
        perSample,
        block,
        { float: attribute(context, 'eps') },
        { float: momentum },
        { float: 1 - momentum },
      ],
      channelChunks(channels),
    );
    const places = [address(x), address(y), address(mean), scale, shift];
    call('batchNorm_apply', [...places, channels, perSample, block, ...limitsOf(epilogue)], blocks);
  },
};

/** Calls the two kernels that sum dy and dy (x - mean) and finish the gradients by weight and bias. */
function callGradientSums(context: LoweringContext, mean: Argument, inverse: Argument, weight: Argument): Argument[] {
  const { node, capacity, outputs, scratch, call } = context;
  const [x, gradient] = node.inputs;
  const [, gradWeight, gradBias] = outputs;
  const { channels, perSample, block, blocks } = rowsOf(x);
  const partials = scratch(blocks(capacity) * 2 * channels * 4);
  const factors = [0, 1, 2].map(() => scratch(channels * 4));
  const sizes = [channels, perSample, block];
  call('batchNorm_backward_sums', [address(x), address(gradient), mean, partials, ...sizes], blocks);
  const results = [address(gradWeight), address(gradBias), ...factors];
  call('batchNorm_backward_combine', [partials, inverse, weight, ...results, ...sizes], channelChunks(channels));
  return factors;
}

const batchNormBackward: Lowering = {
  op: 'batchNormBackward',
  lower(context) {
    const { node, outputs, call } = context;
    const [x, gradient, mean, inverse, weight] = node.inputs;
    const factors = callGradientSums(context, address(mean), address(inverse), addressOr0(weight));
    const { channels, perSample, block, blocks } = rowsOf(x);
    const places = [address(x), address(gradient), address(outputs[0]), address(mean), ...factors];
    call('batchNorm_backward_apply', [...places, channels, perSample, block], blocks);
  },
};

const batchNormEval: Lowering = {
  op: 'batchNormEval',
  epilogues,
  lower(context) {
    const { node, outputs, epilogue, prepared, prepare, call } = context;
    const [x, mean, variance, weight, bias] = node.inputs;
    const { channels, perSample, block, blocks } = rowsOf(x);
    const [scale, shift] = [prepared(channels * 4), prepared(channels * 4)];
    const given = [address(variance), addressOr0(weight), addressOr0(bias)];
    prepare('batchNormEval_prepare', [...given, scale, shift, channels, { float: attribute(context, 'eps') }], 1);
    const places = [address(x), address(outputs[0]), address(mean), scale, shift];
    call('batchNorm_apply', [...places, channels, perSample, block, ...limitsOf(epilogue)], blocks);
  },
  lowerAffine({ prepared, prepare }, { inputs: [, mean, variance, weight, bias], attributes }) {
    const channels = sizeOf(mean.shape);
    const [scale, shift] = [prepared(channels * 4), prepared(channels * 4)];
    const given = [address(variance), addressOr0(weight), addressOr0(bias)];
    const eps = { float: numberOf(attributes, 'eps') };
    prepare('batchNormEval_affine', [...given, scale, shift, channels, eps, address(mean)], 1);
    return { scale, shift };
  },
};

const batchNormEvalBackward: Lowering = {
  op: 'batchNormEvalBackward',
  lower(context) {
    const { node, outputs, prepared, prepare, call } = context;
    const [x, gradient, mean, variance, weight] = node.inputs;
    const { channels, perSample, block } = rowsOf(x);
    // The inverse deviation is the scale without a weight.
    const [inverse, unused] = [prepared(channels * 4), prepared(channels * 4)];
    const eps = { float: attribute(context, 'eps') };
    prepare('batchNormEval_prepare', [address(variance), 0, 0, inverse, unused, channels, eps], 1);
    const [scale] = callGradientSums(context, address(mean), inverse, addressOr0(weight));
    call(
      'multiply_channels',
      [address(gradient), scale, address(outputs[0]), channels, perSample, block, 0],
      (n) => n * Math.ceil(perSample / block),
    );
  },
};

/** Sums [gradWeight, gradBias] over partial results: one for each `block` rows, of which a sample has `perSample`. */
function sumParameters({ outputs, call }: LoweringContext, partials: Argument, perSample: number, block: number): void {
  const channels = channelsOf(outputs[1]);
  outputs.slice(1).forEach((sum, i) => {
    const words = [channels, 2 * channels, i * channels, perSample, block];
    call('sumPartials', [partials, address(sum), ...words], channelChunks(channels));
  });
}

const groupNorm: Lowering = {
  op: 'groupNorm',
  epilogues,
  lower(context) {
    const { node, outputs, epilogue, call, threadScratch } = context;
    const [x, weight, bias] = node.inputs;
    const { channels, perSample } = rowsOf(x);
    threadScratch((3 + 3 * Math.ceil(perSample / groupNormRows)) * channels * 4);
    const places = [address(x), ...outputs.map(address), addressOr0(weight), addressOr0(bias)];
    const words = [channels, perSample, attribute(context, 'groups'), { float: attribute(context, 'eps') }];
    call('groupNorm_forward', [...places, ...words, ...limitsOf(epilogue)], (n) => n);
  },
};

const groupNormBackward: Lowering = {
  op: 'groupNormBackward',
  lower(context) {
    const { node, outputs, capacity, scratch, call, threadScratch } = context;
    const [x, gradient, mean, inverse, weight] = node.inputs;
    const { channels, perSample } = rowsOf(x);
    threadScratch((4 + 2 * Math.ceil(perSample / groupNormRows)) * channels * 4);
    const partials = scratch(capacity * 2 * channels * 4);
    const places = [...[x, gradient, mean, inverse].map(address), addressOr0(weight), address(outputs[0]), partials];
    call('groupNorm_backward', [...places, channels, perSample, attribute(context, 'groups')], (n) => n);
    sumParameters(context, partials, 1, 1);
  },
};

const layerNorm: Lowering = {
  op: 'layerNorm',
  epilogues,
  lower(context) {
    const { node, outputs, epilogue, call } = context;
    const [x, weight, bias] = node.inputs;
    const { channels, perSample, block, blocks } = rowsOf(x);
    const affine = [
      weight ? address(weight) : floatTable(new Float32Array(channels).fill(1)),
      bias ? address(bias) : floatTable(new Float32Array(channels)),
    ];
    const words = [channels, perSample, block, { float: attribute(context, 'eps') }, ...limitsOf(epilogue)];
    call('layerNorm_forward', [address(x), ...outputs.map(address), ...affine, ...words], blocks);
  },
};

const layerNormBackward: Lowering = {
  op: 'layerNormBackward',
  lower(context) {
    const { node, outputs, capacity, scratch, call } = context;
    const [x, gradient, mean, inverse, weight] = node.inputs;
    const { channels, perSample, block, blocks } = rowsOf(x);
    const partials = scratch(blocks(capacity) * 2 * channels * 4);
    const factors = weight ? address(weight) : floatTable(new Float32Array(channels).fill(1));
    const places = [...[x, gradient, mean, inverse].map(address), factors, address(outputs[0]), partials];
    call('layerNorm_backward', [...places, channels, perSample, block], blocks);
    sumParameters(context, partials, perSample, block);
  },
};

const biasBackward: Lowering = {
  op: 'biasBackward',
  // Each window's gradient stands somewhere once: the places do not matter to the sum.
  doubles: () => true,
  lower({ node, outputs: [sum], capacity, doubling, scratch, call }) {
    const gradient = doubling?.gradient ?? node.inputs[0];
    const { channels, perSample, block, blocks } = rowsOf(gradient);
    const partials = scratch(blocks(capacity) * channels * 4);
    call('biasBackward_sums', [address(gradient), partials, channels, perSample, block], blocks);
    call('sumPartials', [partials, address(sum), channels, channels, 0, perSample, block], channelChunks(channels));
  },
};

export const normLowerings: readonly Lowering[] = [
  batchNorm,
  batchNormBackward,
  batchNormEval,
  batchNormEvalBackward,
  groupNorm,
  groupNormBackward,
  layerNorm,
  layerNormBackward,
  biasBackward,
];
