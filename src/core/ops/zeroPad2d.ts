import { invalid } from '../errors.ts';
import type { Op } from '../graph/op.ts';
import type { Shape } from '../shape.ts';
import { batched, expectCount, expectExactly, expectFeatureMap, listOf, subjectOf } from './checks.ts';

const padded = (shape: Shape, [top, bottom, left, right]: readonly number[]): Shape => [
  shape[0] + top + bottom,
  shape[1] + left + right,
  shape[2],
];

/** Calls back for every element of the inner feature map with its offset there and in the padded one. */
function forEachElement(
  n: number,
  [height, width, channels]: Shape,
  padding: readonly number[],
  visit: (inner: number, outer: number) => void,
): void {
  const [outerHeight, outerWidth] = padded([height, width, channels], padding);
  for (let image = 0; image < n; image++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const inner = ((image * height + y) * width + x) * channels;
        const outer = ((image * outerHeight + y + padding[0]) * outerWidth + x + padding[2]) * channels;
        for (let c = 0; c < channels; c++) visit(inner + c, outer + c);
      }
    }
  }
}

/** Zeros around a feature map. Input: x [height, width, channels]. Attribute: padding [top, bottom, left, right], each ≥ 0. */
export const zeroPad2d: Op = {
  name: 'zeroPad2d',
  perSample: true,
  infer(inputs, attributes, node) {
    expectCount('zeroPad2d', node, inputs, 1);
    expectFeatureMap('zeroPad2d', node, inputs[0]);
    const padding = listOf(attributes, 'padding', 4);
    if (padding.some((size) => size < 0))
      throw invalid('sizes of 0 or more', subjectOf('zeroPad2d', node), padding.join(', '));
    return [batched(padded(inputs[0].shape, padding))];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    const attributes = { ...node.attributes, inputShape: node.inputs[0].shape };
    return graph.apply(zeroPad2dBackward, [gradient], attributes, `${node.name}.gradInput`);
  },
  reference({ n, node, inputs: [x], outputs: [y] }) {
    y.fill(0);
    forEachElement(n, node.inputs[0].shape, listOf(node.attributes, 'padding', 4), (inner, outer) => {
      y[outer] = x[inner];
    });
  },
};

/** Gradient of zeroPad2d: the inner part. Input: gradOutput; attributes padding and inputShape. */
export const zeroPad2dBackward: Op = {
  name: 'zeroPad2dBackward',
  infer(inputs, attributes, node) {
    expectCount('zeroPad2dBackward', node, inputs, 1);
    const input = listOf(attributes, 'inputShape', 3);
    const expected = batched(padded(input, listOf(attributes, 'padding', 4)));
    expectExactly('zeroPad2dBackward', node, 'gradOutput', inputs[0], expected);
    return [batched(input)];
  },
  reference({ n, node, inputs: [gradient], outputs: [gradX] }) {
    forEachElement(n, node.outputs[0].shape, listOf(node.attributes, 'padding', 4), (inner, outer) => {
      gradX[inner] = gradient[outer];
    });
  },
};
