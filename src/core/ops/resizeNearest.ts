import type { Op } from '../graph/op.ts';
import type { Shape } from '../shape.ts';
import { batched, expectCount, expectExactly, expectFeatureMap, listOf } from './checks.ts';

const enlarged = (shape: Shape, [rows, columns]: readonly number[]): Shape => [
  shape[0] * rows,
  shape[1] * columns,
  shape[2],
];

/** Calls back for every output element with its own offset and that of the input element it repeats. */
function forEachElement(
  n: number,
  [height, width, channels]: Shape,
  [rows, columns]: readonly number[],
  visit: (input: number, output: number) => void,
): void {
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < height * rows; oy++) {
      for (let ox = 0; ox < width * columns; ox++) {
        const input = ((image * height + Math.floor(oy / rows)) * width + Math.floor(ox / columns)) * channels;
        const output = ((image * height * rows + oy) * width * columns + ox) * channels;
        for (let c = 0; c < channels; c++) visit(input + c, output + c);
      }
    }
  }
}

/** Repeats each pixel. Input: x [height, width, channels]. Attribute: scale [rows, columns], whole numbers ≥ 1. */
export const resizeNearest: Op = {
  name: 'resizeNearest',
  perSample: true,
  infer(inputs, attributes, node) {
    expectCount('resizeNearest', node, inputs, 1);
    expectFeatureMap('resizeNearest', node, inputs[0]);
    return [batched(enlarged(inputs[0].shape, listOf(attributes, 'scale', 2)))];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    const attributes = { ...node.attributes, inputShape: node.inputs[0].shape };
    return graph.apply(resizeNearestBackward, [gradient], attributes, `${node.name}.gradInput`);
  },
  reference({ n, node, inputs: [x], outputs: [y] }) {
    forEachElement(n, node.inputs[0].shape, listOf(node.attributes, 'scale', 2), (input, output) => {
      y[output] = x[input];
    });
  },
};

/** Gradient of resizeNearest: sums over the repeats. Input: gradOutput; attributes scale and inputShape. */
export const resizeNearestBackward: Op = {
  name: 'resizeNearestBackward',
  infer(inputs, attributes, node) {
    expectCount('resizeNearestBackward', node, inputs, 1);
    const input = listOf(attributes, 'inputShape', 3);
    const expected = batched(enlarged(input, listOf(attributes, 'scale', 2)));
    expectExactly('resizeNearestBackward', node, 'gradOutput', inputs[0], expected);
    return [batched(input)];
  },
  reference({ n, node, inputs: [gradient], outputs: [gradX] }) {
    gradX.fill(0);
    forEachElement(n, node.outputs[0].shape, listOf(node.attributes, 'scale', 2), (input, output) => {
      gradX[input] += gradient[output];
    });
  },
};
