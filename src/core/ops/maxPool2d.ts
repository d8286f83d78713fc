import { invalid } from '../errors.ts';
import type { ValueType } from '../graph/graph.ts';
import type { Attributes, Op } from '../graph/op.ts';
import type { Shape } from '../shape.ts';
import { batched, expectCount, expectExactly, expectFeatureMap, listOf, subjectOf } from './checks.ts';
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

/** Places of a window are numbered row by row; those beyond a byte take four. */
const placeType = ({ kernelSize }: Window): 'uint8' | 'int32' =>
  kernelSize[0] * kernelSize[1] <= 256 ? 'uint8' : 'int32';

/**
 * Largest value of each window, and its place in the window: the first of equal ones, numbered row by row from 0 with
 * what lies in the padding. Input: x [height, width, channels]. Outputs: y, places (as y; a byte each, or int32 where the
 * window has more than 256 places). Attributes: kernelSize [h, w], stride [h, w], padding [top, bottom, left, right]
 * counted as -infinity, dilation [h, w], ceilMode.
 */
export const maxPool2d: Op = {
  name: 'maxPool2d',
  perSample: true,
  fusesAs: 'halving',
  optional: [1],
  infer(inputs, attributes, node) {
    expectCount('maxPool2d', node, inputs, 1);
    const y = inferPool('maxPool2d', node, inputs[0], attributes);
    return [y, { ...y, type: placeType(windowOf(attributes)) }];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    const attributes = { ...node.attributes, inputShape: node.inputs[0].shape };
    return graph.apply(maxPool2dBackward, [node.outputs[1], gradient], attributes, `${node.name}.gradInput`);
  },
  reference({ n, node, inputs: [x], outputs: [y, places] }) {
    const window = windowOf(node.attributes);
    const [height, width, channels] = node.inputs[0].shape;
    forEachWindow(n, node.inputs[0].shape, node.outputs[0].shape, window, (pixel) => {
      for (let c = 0; c < channels; c++) {
        let best = -1;
        for (let place = 0; place < window.kernelSize[0] * window.kernelSize[1]; place++) {
          const iy = pixel.top + Math.floor(place / window.kernelSize[1]) * window.dilation[0];
          const ix = pixel.left + (place % window.kernelSize[1]) * window.dilation[1];
          if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
          const at = pixel.image + (iy * width + ix) * channels + c;
          // NaN wins, so that a broken training is seen.
          if (best >= 0 && !(x[at] > x[best]) && !Number.isNaN(x[at])) continue;
          best = at;
          places[pixel.output + c] = place;
        }
        y[pixel.output + c] = x[best];
      }
    });
  },
};

/**
 * Gradient of maxPool2d: each gradient is added where its window's maximum was. Inputs: places, gradOutput (of one
 * shape); attributes of maxPool2d and inputShape.
 */
export const maxPool2dBackward: Op = {
  name: 'maxPool2dBackward',
  fusesAs: 'doubling',
  infer(inputs, attributes, node) {
    expectCount('maxPool2dBackward', node, inputs, 2);
    const x = batched(listOf(attributes, 'inputShape'));
    const output = inferPool('maxPool2dBackward', node, x, attributes);
    expectExactly('maxPool2dBackward', node, 'places', inputs[0], { ...output, type: placeType(windowOf(attributes)) });
    expectExactly('maxPool2dBackward', node, 'gradOutput', inputs[1], output);
    return [x];
  },
  reference({ n, node, inputs: [places, gradient], outputs: [gradX] }) {
    const window = windowOf(node.attributes);
    const [height, width, channels] = node.outputs[0].shape;
    gradX.fill(0);
    forEachWindow(n, node.outputs[0].shape, node.inputs[1].shape, window, (pixel) => {
      for (let c = 0; c < channels; c++) {
        const place = places[pixel.output + c];
        const iy = pixel.top + Math.floor(place / window.kernelSize[1]) * window.dilation[0];
        const ix = pixel.left + (place % window.kernelSize[1]) * window.dilation[1];
        // A maximum never lies in the padding.
        if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
        gradX[pixel.image + (iy * width + ix) * channels + c] += gradient[pixel.output + c];
      }
    });
  },
};
