import { invalid } from '../errors.ts';
import { describeType, sameType, type ValueType } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { sizeOf } from '../shape.ts';
import { biasBackward } from './biasBackward.ts';
import { batched, channelsOf, expectCount, expectFeatureMap, like, listOf, subjectOf } from './checks.ts';

/**
 * Product of two values: of one shape; a feature map [height, width, channels] with a factor a channel and image,
 * [channels] or [1, 1, channels], as squeeze-and-excitation needs; or anything batched with a factor a channel for all
 * images, unbatched [channels]. Inputs: a, b (the second is the smaller).
 */
export const multiply: Op = {
  name: 'multiply',
  perSample: true,
  inPlace: 0,
  infer(inputs, _attributes, node) {
    expectCount('multiply', node, inputs, 2);
    const [a, b] = inputs;
    const scalesChannels =
      a.shape.length === 3 &&
      sizeOf(b.shape) === channelsOf(a) &&
      channelsOf(b) === channelsOf(a) &&
      a.batched &&
      b.batched;
    if (!sameType(a, b) && !scalesChannels && !scalesAll(a, b)) {
      const expected = 'two inputs of one shape, or a feature map and a factor for each of its channels';
      throw invalid(expected, subjectOf('multiply', node), inputs.map(describeType).join(' and '));
    }
    return [like(a)];
  },
  gradient({ graph, node, outputGradients: [gradient], wanted }) {
    if (!gradient) return [];
    const [a, b] = node.inputs;
    const gradB = () => {
      const name = `${node.name}.gradInput2`;
      const ofImages = (part: string) =>
        a.shape.length === 1 || sameType(a, b)
          ? graph.apply(multiply, [gradient, a], {}, part)
          : graph.apply(multiplyBackwardScale, [gradient, a], { scaleShape: b.shape }, part);
      return scalesAll(a, b) ? graph.apply(biasBackward, ofImages(`${name}.images`), {}, name) : ofImages(name);
    };
    return [
      wanted[0] ? graph.apply(multiply, [gradient, b], {}, `${node.name}.gradInput`)[0] : undefined,
      wanted[1] ? gradB()[0] : undefined,
    ];
  },
  reference({ node, inputs: [a, b], outputs: [y] }) {
    if (sameType(node.inputs[0], node.inputs[1])) {
      for (let i = 0; i < y.length; i++) y[i] = a[i] * b[i];
      return;
    }
    const imageSize = sizeOf(node.inputs[0].shape);
    const channels = channelsOf(node.inputs[0]);
    const step = node.inputs[1].batched ? channels : 0;
    for (let i = 0; i < y.length; i++) y[i] = a[i] * b[Math.floor(i / imageSize) * step + (i % channels)];
  },
};

/** Whether b is a factor a channel for all images of a. */
const scalesAll = (a: ValueType, b: ValueType): boolean =>
  a.batched && !b.batched && a.type === b.type && b.shape.length === 1 && b.shape[0] === channelsOf(a);

/**
 * Gradient of multiply by its channel factors: gradOutput · a summed over the pixels of each image and channel.
 * Inputs: gradOutput, a [height, width, channels]; attribute scaleShape, the shape of the factors.
 */
export const multiplyBackwardScale: Op = {
  name: 'multiplyBackwardScale',
  infer(inputs, attributes, node) {
    expectCount('multiplyBackwardScale', node, inputs, 2);
    expectFeatureMap('multiplyBackwardScale', node, inputs[0]);
    return [batched(listOf(attributes, 'scaleShape'))];
  },
  reference({ node, inputs: [gradient, a], outputs: [gradScale] }) {
    const imageSize = sizeOf(node.inputs[0].shape);
    const channels = channelsOf(node.inputs[0]);
    gradScale.fill(0);
    for (let i = 0; i < a.length; i++) {
      gradScale[Math.floor(i / imageSize) * channels + (i % channels)] += gradient[i] * a[i];
    }
  },
};
