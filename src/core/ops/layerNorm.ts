import type { Op } from '../graph/op.ts';
import { batched, channelsOf, expectCount, expectExactly, like, numberOf, unbatched } from './checks.ts';
import { checkAffine } from './groupNorm.ts';

/**
 * Layer normalisation over the channels of each pixel by itself (as ConvNeXt does), or over features. Inputs: x
 * [..., channels], and both or neither of weight, bias [channels]. Attribute: eps. Outputs: y, and of each pixel mean
 * and inverseDeviation (the shape of x without its last dimension).
 */
export const layerNorm: Op = {
  name: 'layerNorm',
  perSample: true,
  infer(inputs, _attributes, node) {
    checkAffine('layerNorm', node, inputs);
    const pixels = inputs[0].shape.slice(0, -1);
    return [like(inputs[0]), batched(pixels), batched(pixels)];
  },
  gradient({ graph, node, outputGradients: [gradient], wanted }) {
    if (!gradient) return [];
    const [x, weight] = node.inputs;
    const [, mean, inverseDeviation] = node.outputs;
    const inputs = [x, gradient, mean, inverseDeviation, ...(weight ? [weight] : [])];
    const [gradX, gradWeight, gradBias] = graph.apply(layerNormBackward, inputs, {}, `${node.name}.gradInput`);
    return [wanted[0] ? gradX : undefined, gradWeight, gradBias];
  },
  reference({ node, inputs: [x, weight, bias], outputs: [y, mean, inverseDeviation] }) {
    const eps = numberOf(node.attributes, 'eps');
    const channels = channelsOf(node.inputs[0]);
    for (let pixel = 0; pixel < mean.length; pixel++) {
      const first = pixel * channels;
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += x[first + c];
      const average = sum / channels;
      let squares = 0;
      for (let c = 0; c < channels; c++) squares += (x[first + c] - average) * (x[first + c] - average);
      mean[pixel] = average;
      inverseDeviation[pixel] = 1 / Math.sqrt(squares / channels + eps);
      for (let c = 0; c < channels; c++) {
        const normalised = (x[first + c] - average) * inverseDeviation[pixel];
        y[first + c] = weight ? normalised * weight[c] + bias[c] : normalised;
      }
    }
  },
};

/**
 * Gradients of layerNorm. Inputs: x, gradOutput, mean, inverseDeviation, optional weight. Outputs: gradX, gradWeight,
 * gradBias.
 */
export const layerNormBackward: Op = {
  name: 'layerNormBackward',
  infer(inputs, _attributes, node) {
    expectCount('layerNormBackward', node, inputs, 4, 5);
    expectExactly('layerNormBackward', node, 'gradOutput', inputs[1], inputs[0]);
    const channels = unbatched([channelsOf(inputs[0])]);
    return [like(inputs[0]), channels, channels];
  },
  reference({ inputs: [x, gradient, mean, inverseDeviation, weight], outputs: [gradX, gradWeight, gradBias] }) {
    const channels = gradWeight.length;
    gradWeight.fill(0);
    gradBias.fill(0);
    for (let pixel = 0; pixel < mean.length; pixel++) {
      let sum = 0;
      let product = 0;
      for (let c = 0; c < channels; c++) {
        const i = pixel * channels + c;
        const normalised = (x[i] - mean[pixel]) * inverseDeviation[pixel];
        const scaled = gradient[i] * (weight ? weight[c] : 1);
        sum += scaled;
        product += scaled * normalised;
        gradWeight[c] += gradient[i] * normalised;
        gradBias[c] += gradient[i];
      }
      for (let c = 0; c < channels; c++) {
        const i = pixel * channels + c;
        const normalised = (x[i] - mean[pixel]) * inverseDeviation[pixel];
        const scaled = gradient[i] * (weight ? weight[c] : 1);
        gradX[i] = inverseDeviation[pixel] * (scaled - (sum + normalised * product) / channels);
      }
    }
  },
};
