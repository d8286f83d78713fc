import { invalid } from '../errors.ts';
import type { ValueType } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import {
  batched,
  channelsOf,
  expectChannels,
  expectCount,
  expectExactly,
  like,
  numberOf,
  subjectOf,
  unbatched,
} from './checks.ts';

/** Checks x and, both or neither, weight and bias [channels]; returns the number of channels. */
export function checkAffine(op: string, node: string, inputs: readonly ValueType[]): number {
  expectCount(op, node, inputs, 1, 3);
  expectChannels(op, node, inputs[0]);
  const channels = channelsOf(inputs[0]);
  for (let i = 1; i < inputs.length; i++) {
    expectExactly(op, node, i === 1 ? 'weight' : 'bias', inputs[i], unbatched([channels]));
  }
  return channels;
}

/**
 * Group normalisation (Wu and He 2018): each image's channels in `groups` equal parts, each part normalised over its
 * channels and pixels. groups = channels is instance norm. Inputs: x [..., channels], and both or neither of weight,
 * bias [channels]. Attributes: groups, eps. Outputs: y, and of each image mean and inverseDeviation [groups].
 */
export const groupNorm: Op = {
  name: 'groupNorm',
  perSample: true,
  infer(inputs, attributes, node) {
    const channels = checkAffine('groupNorm', node, inputs);
    const groups = numberOf(attributes, 'groups');
    if (channels % groups !== 0) {
      throw invalid(`channels that ${groups} groups divide`, subjectOf('groupNorm', node), inputs[0].shape);
    }
    return [like(inputs[0]), batched([groups]), batched([groups])];
  },
  gradient({ graph, node, outputGradients: [gradient], wanted }) {
    if (!gradient) return [];
    const [x, weight] = node.inputs;
    const [, mean, inverseDeviation] = node.outputs;
    const inputs = [x, gradient, mean, inverseDeviation, ...(weight ? [weight] : [])];
    const attributes = { groups: numberOf(node.attributes, 'groups') };
    const [gradX, gradWeight, gradBias] = graph.apply(groupNormBackward, inputs, attributes, `${node.name}.gradInput`);
    return [wanted[0] ? gradX : undefined, gradWeight, gradBias];
  },
  reference({ n, node, inputs: [x, weight, bias], outputs: [y, mean, inverseDeviation] }) {
    const eps = numberOf(node.attributes, 'eps');
    forEachGroup(n, node.inputs[0], numberOf(node.attributes, 'groups'), (part, elements, channel) => {
      let sum = 0;
      for (const i of elements) sum += x[i];
      const average = sum / elements.length;
      let squares = 0;
      for (const i of elements) squares += (x[i] - average) * (x[i] - average);
      mean[part] = average;
      inverseDeviation[part] = 1 / Math.sqrt(squares / elements.length + eps);
      for (const i of elements) {
        const normalised = (x[i] - average) * inverseDeviation[part];
        y[i] = weight ? normalised * weight[channel(i)] + bias[channel(i)] : normalised;
      }
    });
  },
};

/**
 * Gradients of groupNorm. Inputs: x, gradOutput, mean, inverseDeviation, optional weight; attribute groups. Outputs:
 * gradX, gradWeight, gradBias.
 */
export const groupNormBackward: Op = {
  name: 'groupNormBackward',
  infer(inputs, _attributes, node) {
    expectCount('groupNormBackward', node, inputs, 4, 5);
    expectExactly('groupNormBackward', node, 'gradOutput', inputs[1], inputs[0]);
    const channels = unbatched([channelsOf(inputs[0])]);
    return [like(inputs[0]), channels, channels];
  },
  reference({ n, node, inputs, outputs: [gradX, gradWeight, gradBias] }) {
    const [x, gradient, mean, inverseDeviation, weight] = inputs;
    gradWeight.fill(0);
    gradBias.fill(0);
    forEachGroup(n, node.inputs[0], numberOf(node.attributes, 'groups'), (part, elements, channel) => {
      let sum = 0;
      let product = 0;
      for (const i of elements) {
        const normalised = (x[i] - mean[part]) * inverseDeviation[part];
        const scaled = gradient[i] * (weight ? weight[channel(i)] : 1);
        sum += scaled;
        product += scaled * normalised;
        gradWeight[channel(i)] += gradient[i] * normalised;
        gradBias[channel(i)] += gradient[i];
      }
      for (const i of elements) {
        const normalised = (x[i] - mean[part]) * inverseDeviation[part];
        const scaled = gradient[i] * (weight ? weight[channel(i)] : 1);
        gradX[i] = inverseDeviation[part] * (scaled - (sum + normalised * product) / elements.length);
      }
    });
  },
};

/** Calls back for each image and group with the group's place in `mean` and the offsets of its elements. */
function forEachGroup(
  n: number,
  x: ValueType,
  groups: number,
  visit: (part: number, elements: readonly number[], channel: (offset: number) => number) => void,
): void {
  const channels = channelsOf(x);
  const perGroup = channels / groups;
  const pixels = x.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  for (let part = 0; part < n * groups; part++) {
    const image = Math.floor(part / groups);
    const elements: number[] = [];
    for (let pixel = 0; pixel < pixels; pixel++) {
      const first = (image * pixels + pixel) * channels + (part % groups) * perGroup;
      for (let c = 0; c < perGroup; c++) elements.push(first + c);
    }
    visit(part, elements, (offset) => offset % channels);
  }
}
