import { invalid } from '../errors.ts';
import type { GraphNode, ValueType } from '../graph/graph.ts';
import type { Attributes, Op } from '../graph/op.ts';
import type { Shape } from '../shape.ts';
import { batched, expectCount, expectExactly, expectFeatureMap, like, subjectOf } from './checks.ts';
import { type Window, windowOf, windowOutput } from './window.ts';

/** Checks a pooling's input and window and returns the type of its output. */
export function inferPool(op: string, node: string, x: ValueType, attributes: Attributes): ValueType {
  expectFeatureMap(op, node, x);
  const window = windowOf(attributes);
  window.padding.forEach((padding, side) => {
    // A window that lay in the padding alone would have no maximum.
    if (padding < window.kernelSize[side >> 1]) return;
    throw invalid('padding smaller than kernelSize', `${subjectOf(op, node)}, option 'padding'`, window.padding);
  });
  return batched([...windowOutput(op, node, x.shape, window), x.shape[2]]);
}

/**
 * Calls back for every output pixel with the rows and columns of its window before clipping to the input.
 * `output` is the offset of its first channel.
 */
export function forEachWindow(
  n: number,
  input: Shape,
  output: Shape,
  window: Window,
  visit: (place: { image: number; output: number; top: number; left: number }) => void,
): void {
  const [height, width, channels] = output;
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < height; oy++) {
      for (let ox = 0; ox < width; ox++) {
        visit({
          image: image * input[0] * input[1] * input[2],
          output: ((image * height + oy) * width + ox) * channels,
          top: oy * window.stride[0] - window.padding[0],
          left: ox * window.stride[1] - window.padding[2],
        });
      }
    }
  }
}

/** Calls back for every output element with the offset of its window's first maximum in row-major order. */
function forEachMaximum(
  n: number,
  node: Pick<GraphNode, 'attributes'>,
  input: Shape,
  output: Shape,
  x: Float64Array,
  visit: (outputOffset: number, inputOffset: number) => void,
): void {
  const [height, width, channels] = input;
  const window = windowOf(node.attributes);
  forEachWindow(n, input, output, window, (place) => {
    for (let c = 0; c < channels; c++) {
      let best = -1;
      for (let ky = 0; ky < window.kernelSize[0]; ky++) {
        const iy = place.top + ky * window.dilation[0];
        if (iy < 0 || iy >= height) continue;
        for (let kx = 0; kx < window.kernelSize[1]; kx++) {
          const ix = place.left + kx * window.dilation[1];
          if (ix < 0 || ix >= width) continue;
          const at = place.image + (iy * width + ix) * channels + c;
          // NaN wins, so that a broken training is seen.
          if (best < 0 || x[at] > x[best] || Number.isNaN(x[at])) best = at;
        }
      }
      visit(place.output + c, best);
    }
  });
}

/**
 * Largest value of each window. Input: x [height, width, channels]. Attributes: kernelSize [h, w], stride [h, w], padding
 * [top, bottom, left, right] counted as -infinity, ceilMode.
 */
export const maxPool2d: Op = {
  name: 'maxPool2d',
  perSample: true,
  fusesAs: 'halving',
  infer(inputs, attributes, node) {
    expectCount('maxPool2d', node, inputs, 1);
    return [inferPool('maxPool2d', node, inputs[0], attributes)];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    return graph.apply(maxPool2dBackward, [node.inputs[0], gradient], node.attributes, `${node.name}.gradInput`);
  },
  reference({ n, node, inputs: [x], outputs: [y] }) {
    forEachMaximum(n, node, node.inputs[0].shape, node.outputs[0].shape, x, (output, input) => {
      y[output] = x[input];
    });
  },
};

/**
 * Gradient of maxPool2d. Inputs: x, gradOutput; attributes of maxPool2d. The place of the maximum is found again (the
 * first in row-major order on a tie, as PyTorch does), so the forward pass stores no indices.
 */
export const maxPool2dBackward: Op = {
  name: 'maxPool2dBackward',
  infer(inputs, attributes, node) {
    expectCount('maxPool2dBackward', node, inputs, 2);
    const output = inferPool('maxPool2dBackward', node, inputs[0], attributes);
    expectExactly('maxPool2dBackward', node, 'gradOutput', inputs[1], output);
    return [like(inputs[0])];
  },
  reference({ n, node, inputs: [x, gradient], outputs: [gradX] }) {
    gradX.fill(0);
    forEachMaximum(n, node, node.inputs[0].shape, node.inputs[1].shape, x, (output, input) => {
      gradX[input] += gradient[output];
    });
  },
};
