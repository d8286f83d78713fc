import type { Attributes } from '../../graph/op.ts';
import { booleanOf, listOf } from '../../ops/checks.ts';
import { bilinearTaps } from '../../ops/resizeBilinear.ts';
import { windowOf } from '../../ops/window.ts';
import type { Shape } from '../../shape.ts';

/** Output pixel, input pixel, weight: y[output] += x[input] · weight. */
export type PixelWeight = readonly [output: number, input: number, weight: number];

/** The pixels of each window of avgPool2d with their share of its mean. */
function* windowShares(attributes: Attributes, input: Shape, output: Shape): Iterable<PixelWeight> {
  const { kernelSize, stride, padding } = windowOf(attributes);
  const countIncludePad = booleanOf(attributes, 'countIncludePad', true);
  for (let oy = 0; oy < output[0]; oy++) {
    for (let ox = 0; ox < output[1]; ox++) {
      const [rows, columns] = [oy, ox].map((place, axis) => {
        const start = place * stride[axis] - padding[2 * axis];
        const end = start + kernelSize[axis];
        const from = Math.max(0, start);
        const to = Math.min(input[axis], end);
        // Even with padding counted, what ceilMode adds beyond the padding does not count (PyTorch's rule).
        const padded = Math.min(input[axis] + padding[2 * axis + 1], end) - start;
        return { from, to, count: countIncludePad ? padded : to - from };
      });
      const share = 1 / (rows.count * columns.count);
      for (let y = rows.from; y < rows.to; y++) {
        for (let x = columns.from; x < columns.to; x++) yield [oy * output[1] + ox, y * input[1] + x, share];
      }
    }
  }
}

/** The pixels of each window of adaptiveAvgPool2d with their share of its mean. */
function* adaptiveShares([height, width]: Shape, [rows, columns]: Shape): Iterable<PixelWeight> {
  for (let oy = 0; oy < rows; oy++) {
    const top = Math.floor((oy * height) / rows);
    const bottom = Math.ceil(((oy + 1) * height) / rows);
    for (let ox = 0; ox < columns; ox++) {
      const left = Math.floor((ox * width) / columns);
      const right = Math.ceil(((ox + 1) * width) / columns);
      const share = 1 / ((bottom - top) * (right - left));
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) yield [oy * columns + ox, y * width + x, share];
      }
    }
  }
}

function* paddingWeights(
  [height, width]: Shape,
  [, outerWidth]: Shape,
  [top, , left]: readonly number[],
): Iterable<PixelWeight> {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) yield [(y + top) * outerWidth + x + left, y * width + x, 1];
  }
}

function* nearestWeights([height, width]: Shape, [rows, columns]: readonly number[]): Iterable<PixelWeight> {
  for (let y = 0; y < height * rows; y++) {
    for (let x = 0; x < width * columns; x++) {
      yield [y * width * columns + x, Math.floor(y / rows) * width + Math.floor(x / columns), 1];
    }
  }
}

function* bilinearWeights(input: Shape, [rows, columns]: Shape, antialias: boolean): Iterable<PixelWeight> {
  const vertical = bilinearTaps(input[0], rows, antialias);
  const horizontal = bilinearTaps(input[1], columns, antialias);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      for (const [j, rowWeight] of vertical[y].weights.entries()) {
        for (const [i, columnWeight] of horizontal[x].weights.entries()) {
          const pixel = (vertical[y].first + j) * input[1] + horizontal[x].first + i;
          yield [y * columns + x, pixel, rowWeight * columnWeight];
        }
      }
    }
  }
}

/**
 * THE LIST of ops whose pixels are sums of input pixels with fixed weights, the same for all channels: the weights by
 * the shapes of input and output, in the order in which they are added.
 */
export const pixelWeights: ReadonlyMap<string, (attributes: Attributes, x: Shape, y: Shape) => Iterable<PixelWeight>> =
  new Map([
    ['avgPool2d', windowShares],
    ['adaptiveAvgPool2d', (_attributes: Attributes, x: Shape, y: Shape) => adaptiveShares(x, y)],
    ['globalAvgPool2d', (_attributes: Attributes, x: Shape) => adaptiveShares(x, [1, 1])],
    [
      'zeroPad2d',
      (attributes: Attributes, x: Shape, y: Shape) => paddingWeights(x, y, listOf(attributes, 'padding', 4)),
    ],
    ['resizeNearest', (attributes: Attributes, x: Shape) => nearestWeights(x, listOf(attributes, 'scale', 2))],
    [
      'resizeBilinear',
      (attributes: Attributes, x: Shape, y: Shape) => bilinearWeights(x, y, booleanOf(attributes, 'antialias', false)),
    ],
  ]);

/** The adjoint: what flows back through the same weights. */
export function* adjoint(weights: Iterable<PixelWeight>): Iterable<PixelWeight> {
  for (const [output, input, weight] of weights) yield [input, output, weight];
}
