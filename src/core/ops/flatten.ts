import { invalid } from '../errors.ts';
import type { Op } from '../graph/op.ts';
import type { Shape } from '../shape.ts';
import { sizeOf } from '../shape.ts';
import { batched, expectCount, expectExactly, like, listOf, subjectOf } from './checks.ts';

/** Calls back for every element with its offset in [height, width, channels] and in [channels, height, width] order. */
function forEachElement(n: number, shape: Shape, visit: (pixelOrder: number, channelOrder: number) => void): void {
  const [height, width, channels] = shape.length === 3 ? shape : [1, 1, sizeOf(shape)];
  const pixels = height * width;
  for (let image = 0; image < n; image++) {
    const first = image * pixels * channels;
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let c = 0; c < channels; c++) visit(first + pixel * channels + c, first + c * pixels + pixel);
    }
  }
}

/**
 * A feature map as features, in the order channels, height, width as PyTorch does (a small transposing copy), so that a
 * following linear layer's weight is never permuted. Input: x [height, width, channels], or [features] unchanged.
 */
export const flatten: Op = {
  name: 'flatten',
  perSample: true,
  infer(inputs, _attributes, node) {
    expectCount('flatten', node, inputs, 1);
    const [x] = inputs;
    if ((x.shape.length !== 3 && x.shape.length !== 1) || !x.batched) {
      throw invalid('a feature map or features', subjectOf('flatten', node), x.shape);
    }
    return [batched([sizeOf(x.shape)])];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    const attributes = { inputShape: node.inputs[0].shape };
    return graph.apply(flattenBackward, [gradient], attributes, `${node.name}.gradInput`);
  },
  reference({ n, node, inputs: [x], outputs: [y] }) {
    forEachElement(n, node.inputs[0].shape, (pixelOrder, channelOrder) => {
      y[channelOrder] = x[pixelOrder];
    });
  },
};

/** Gradient of flatten: the copy back. Input: gradOutput [features]; attribute inputShape. */
export const flattenBackward: Op = {
  name: 'flattenBackward',
  infer(inputs, attributes, node) {
    expectCount('flattenBackward', node, inputs, 1);
    const input = listOf(attributes, 'inputShape');
    expectExactly('flattenBackward', node, 'gradOutput', inputs[0], batched([sizeOf(input)]));
    return [{ ...like(inputs[0]), shape: input }];
  },
  reference({ n, node, inputs: [gradient], outputs: [gradX] }) {
    forEachElement(n, node.outputs[0].shape, (pixelOrder, channelOrder) => {
      gradX[pixelOrder] = gradient[channelOrder];
    });
  },
};
