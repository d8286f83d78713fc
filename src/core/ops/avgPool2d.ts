import type { Attributes, Op } from '../graph/op.ts';
import type { Shape } from '../shape.ts';
import { batched, booleanOf, expectCount, expectExactly, listOf } from './checks.ts';
import { forEachWindow, inferPool } from './maxPool2d.ts';
import { windowOf } from './window.ts';

/** Calls back for every (output element, input element of its window) with the element's share of the mean. */
function forEachShare(
  n: number,
  attributes: Attributes,
  input: Shape,
  output: Shape,
  visit: (outputOffset: number, inputOffset: number, share: number) => void,
): void {
  const [height, width, channels] = input;
  const window = windowOf(attributes);
  const [, bottomPadding, , rightPadding] = window.padding;
  const countIncludePad = booleanOf(attributes, 'countIncludePad', true);
  forEachWindow(n, input, output, window, ({ image, output: first, top, left }) => {
    const firstRow = Math.max(0, top);
    const firstColumn = Math.max(0, left);
    const lastRow = Math.min(height, top + window.kernelSize[0]);
    const lastColumn = Math.min(width, left + window.kernelSize[1]);
    // Even with padding counted, what ceilMode adds beyond the padding does not count (PyTorch's rule).
    const paddedRows = Math.min(height + bottomPadding, top + window.kernelSize[0]) - top;
    const paddedColumns = Math.min(width + rightPadding, left + window.kernelSize[1]) - left;
    const count = countIncludePad ? paddedRows * paddedColumns : (lastRow - firstRow) * (lastColumn - firstColumn);
    for (let iy = firstRow; iy < lastRow; iy++) {
      for (let ix = firstColumn; ix < lastColumn; ix++) {
        for (let c = 0; c < channels; c++) visit(first + c, image + (iy * width + ix) * channels + c, 1 / count);
      }
    }
  });
}

/**
 * Mean of each window. Input: x [height, width, channels]. Attributes: kernelSize [h, w], stride [h, w], padding
 * [top, bottom, left, right] of zeros, ceilMode, countIncludePad (whether padding counts in the mean; default true).
 */
export const avgPool2d: Op = {
  name: 'avgPool2d',
  perSample: true,
  infer(inputs, attributes, node) {
    expectCount('avgPool2d', node, inputs, 1);
    return [inferPool('avgPool2d', node, inputs[0], attributes)];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    const attributes = { ...node.attributes, inputShape: node.inputs[0].shape };
    return graph.apply(avgPool2dBackward, [gradient], attributes, `${node.name}.gradInput`);
  },
  reference({ n, node, inputs: [x], outputs: [y] }) {
    y.fill(0);
    forEachShare(n, node.attributes, node.inputs[0].shape, node.outputs[0].shape, (output, input, share) => {
      y[output] += x[input] * share;
    });
  },
};

/** Gradient of avgPool2d. Input: gradOutput; attributes of avgPool2d and inputShape [height, width, channels]. */
export const avgPool2dBackward: Op = {
  name: 'avgPool2dBackward',
  infer(inputs, attributes, node) {
    expectCount('avgPool2dBackward', node, inputs, 1);
    const input = batched(listOf(attributes, 'inputShape', 3));
    expectExactly(
      'avgPool2dBackward',
      node,
      'gradOutput',
      inputs[0],
      inferPool('avgPool2dBackward', node, input, attributes),
    );
    return [input];
  },
  reference({ n, node, inputs: [gradient], outputs: [gradX] }) {
    gradX.fill(0);
    forEachShare(n, node.attributes, node.outputs[0].shape, node.inputs[0].shape, (output, input, share) => {
      gradX[input] += gradient[output] * share;
    });
  },
};
