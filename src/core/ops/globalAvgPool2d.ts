import type { Op } from '../graph/op.ts';
import { batched, expectCount, expectExactly, expectFeatureMap, listOf } from './checks.ts';

/** Mean over all pixels of each channel. Input: x [height, width, channels] -> [channels]. */
export const globalAvgPool2d: Op = {
  name: 'globalAvgPool2d',
  perSample: true,
  infer(inputs, _attributes, node) {
    expectCount('globalAvgPool2d', node, inputs, 1);
    expectFeatureMap('globalAvgPool2d', node, inputs[0]);
    return [batched([inputs[0].shape[2]])];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    const attributes = { inputShape: node.inputs[0].shape };
    return graph.apply(globalAvgPool2dBackward, [gradient], attributes, `${node.name}.gradInput`);
  },
  reference({ node, inputs: [x], outputs: [y] }) {
    const [height, width, channels] = node.inputs[0].shape;
    const pixels = height * width;
    y.fill(0);
    for (let i = 0; i < x.length; i++) y[Math.floor(i / (pixels * channels)) * channels + (i % channels)] += x[i];
    for (let i = 0; i < y.length; i++) y[i] /= pixels;
  },
};

/** Gradient of globalAvgPool2d. Input: gradOutput [channels]; attribute inputShape [height, width, channels]. */
export const globalAvgPool2dBackward: Op = {
  name: 'globalAvgPool2dBackward',
  infer(inputs, attributes, node) {
    expectCount('globalAvgPool2dBackward', node, inputs, 1);
    const input = listOf(attributes, 'inputShape', 3);
    expectExactly('globalAvgPool2dBackward', node, 'gradOutput', inputs[0], batched([input[2]]));
    return [batched(input)];
  },
  reference({ node, inputs: [gradient], outputs: [gradX] }) {
    const [height, width, channels] = node.outputs[0].shape;
    const pixels = height * width;
    for (let i = 0; i < gradX.length; i++) {
      gradX[i] = gradient[Math.floor(i / (pixels * channels)) * channels + (i % channels)] / pixels;
    }
  },
};
