import type { Op } from '../graph/op.ts';
import type { Shape } from '../shape.ts';
import { batched, expectCount, expectExactly, expectFeatureMap, listOf } from './checks.ts';

/** Calls back for every (output element, input element of its window) with the element's share of the mean. */
function forEachShare(
  n: number,
  [height, width, channels]: Shape,
  [rows, columns]: Shape,
  visit: (outputOffset: number, inputOffset: number, share: number) => void,
): void {
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < rows; oy++) {
      const top = Math.floor((oy * height) / rows);
      const bottom = Math.ceil(((oy + 1) * height) / rows);
      for (let ox = 0; ox < columns; ox++) {
        const left = Math.floor((ox * width) / columns);
        const right = Math.ceil(((ox + 1) * width) / columns);
        const share = 1 / ((bottom - top) * (right - left));
        const output = ((image * rows + oy) * columns + ox) * channels;
        for (let iy = top; iy < bottom; iy++) {
          for (let ix = left; ix < right; ix++) {
            const input = ((image * height + iy) * width + ix) * channels;
            for (let c = 0; c < channels; c++) visit(output + c, input + c, share);
          }
        }
      }
    }
  }
}

/**
 * Means over windows that divide the input as evenly as can be: row i of the output covers input rows
 * floor(i height / rows) … ceil((i + 1) height / rows) - 1. Input: x [height, width, channels]. Attribute: outputSize
 * [rows, columns].
 */
export const adaptiveAvgPool2d: Op = {
  name: 'adaptiveAvgPool2d',
  perSample: true,
  infer(inputs, attributes, node) {
    expectCount('adaptiveAvgPool2d', node, inputs, 1);
    expectFeatureMap('adaptiveAvgPool2d', node, inputs[0]);
    return [batched([...listOf(attributes, 'outputSize', 2), inputs[0].shape[2]])];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    const attributes = { inputShape: node.inputs[0].shape };
    return graph.apply(adaptiveAvgPool2dBackward, [gradient], attributes, `${node.name}.gradInput`);
  },
  reference({ n, node, inputs: [x], outputs: [y] }) {
    y.fill(0);
    forEachShare(n, node.inputs[0].shape, node.outputs[0].shape, (output, input, share) => {
      y[output] += x[input] * share;
    });
  },
};

/** Gradient of adaptiveAvgPool2d. Input: gradOutput; attribute inputShape [height, width, channels]. */
export const adaptiveAvgPool2dBackward: Op = {
  name: 'adaptiveAvgPool2dBackward',
  infer(inputs, attributes, node) {
    expectCount('adaptiveAvgPool2dBackward', node, inputs, 1);
    const input = listOf(attributes, 'inputShape', 3);
    const size = inputs[0].shape.slice(0, 2);
    expectExactly('adaptiveAvgPool2dBackward', node, 'gradOutput', inputs[0], batched([...size, input[2]]));
    return [batched(input)];
  },
  reference({ n, node, inputs: [gradient], outputs: [gradX] }) {
    gradX.fill(0);
    forEachShare(n, node.outputs[0].shape, node.inputs[0].shape, (output, input, share) => {
      gradX[input] += gradient[output] * share;
    });
  },
};
