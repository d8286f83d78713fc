import type { ValueType } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { channelsOf, expectChannels, expectCount, expectExactly, like, numberOf, unbatched } from './checks.ts';

/** Checks x, runningMean, runningVar, weight?, bias? and returns the number of channels. */
export function checkBatchNorm(op: string, node: string, inputs: readonly ValueType[]): number {
  expectCount(op, node, inputs, 3, 5);
  expectChannels(op, node, inputs[0]);
  const channels = channelsOf(inputs[0]);
  const names = ['', 'runningMean', 'runningVar', 'weight', 'bias'];
  for (let i = 1; i < inputs.length; i++) expectExactly(op, node, names[i], inputs[i], unbatched([channels]));
  return channels;
}

/**
 * Batch normalisation in training (Ioffe and Szegedy 2015), over batch and pixels of each channel. Inputs: x
 * [..., channels], runningMean, runningVar, and either both or neither of weight, bias (all [channels]). Attributes:
 * eps, momentum. Outputs: y, mean, inverseDeviation = 1/sqrt(biased variance + eps).
 *
 * Writes runningMean and runningVar: running = (1 - momentum) running + momentum batch, with the unbiased variance as
 * PyTorch does (with a single value a channel there is none: the biased one, 0, is taken).
 */
export const batchNorm: Op = {
  name: 'batchNorm',
  mutates: [1, 2],
  infer(inputs, _attributes, node) {
    const channels = checkBatchNorm('batchNorm', node, inputs);
    return [like(inputs[0]), unbatched([channels]), unbatched([channels])];
  },
  gradient({ graph, node, outputGradients: [gradient], wanted }) {
    if (!gradient) return [];
    const [x, , , weight] = node.inputs;
    const [, mean, inverseDeviation] = node.outputs;
    const inputs = [x, gradient, mean, inverseDeviation, ...(weight ? [weight] : [])];
    const [gradX, gradWeight, gradBias] = graph.apply(batchNormBackward, inputs, {}, `${node.name}.gradInput`);
    return [wanted[0] ? gradX : undefined, undefined, undefined, gradWeight, gradBias];
  },
  reference({ node, inputs: [x, runningMean, runningVar, weight, bias], outputs: [y, mean, inverseDeviation] }) {
    const eps = numberOf(node.attributes, 'eps');
    const momentum = numberOf(node.attributes, 'momentum');
    const channels = mean.length;
    const count = x.length / channels;
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let i = c; i < x.length; i += channels) sum += x[i];
      mean[c] = sum / count;
      let squares = 0;
      for (let i = c; i < x.length; i += channels) squares += (x[i] - mean[c]) * (x[i] - mean[c]);
      inverseDeviation[c] = 1 / Math.sqrt(squares / count + eps);
      for (let i = c; i < x.length; i += channels) {
        const normalised = (x[i] - mean[c]) * inverseDeviation[c];
        y[i] = weight ? normalised * weight[c] + bias[c] : normalised;
      }
      runningMean[c] = (1 - momentum) * runningMean[c] + momentum * mean[c];
      runningVar[c] = (1 - momentum) * runningVar[c] + momentum * (squares / Math.max(1, count - 1));
    }
  },
};

/**
 * Gradients of batchNorm. Inputs: x, gradOutput, mean, inverseDeviation, optional weight. Outputs: gradX, gradWeight,
 * gradBias (the last two also without weight: the sums are needed anyway).
 */
export const batchNormBackward: Op = {
  name: 'batchNormBackward',
  infer(inputs, _attributes, node) {
    expectCount('batchNormBackward', node, inputs, 4, 5);
    expectExactly('batchNormBackward', node, 'gradOutput', inputs[1], inputs[0]);
    const channels = unbatched([channelsOf(inputs[0])]);
    return [like(inputs[0]), channels, channels];
  },
  reference({ inputs: [x, gradient, mean, inverseDeviation, weight], outputs: [gradX, gradWeight, gradBias] }) {
    const channels = mean.length;
    const count = x.length / channels;
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      let product = 0;
      for (let i = c; i < x.length; i += channels) {
        sum += gradient[i];
        product += gradient[i] * (x[i] - mean[c]) * inverseDeviation[c];
      }
      gradWeight[c] = product;
      gradBias[c] = sum;
      const scale = (weight ? weight[c] : 1) * inverseDeviation[c];
      for (let i = c; i < x.length; i += channels) {
        const normalised = (x[i] - mean[c]) * inverseDeviation[c];
        gradX[i] = scale * (gradient[i] - sum / count - (normalised * product) / count);
      }
    }
  },
};
