import type { GraphNode } from '../../graph/graph.ts';
import { channelsOf } from '../../ops/checks.ts';
import { windowOf } from '../../ops/window.ts';
import { type Shape, sizeOf } from '../../shape.ts';
import { isHalving } from '../fuse.ts';
import { adjoint, pixelWeights } from '../lowerings/pixelWeights.ts';
import type { Arithmetic } from './arithmetic.ts';
import { because, type Expression, element, maximum, number, product, sum } from './expression.ts';

/** Pixels of the window of output pixel (oy, ox) that lie inside, in row-major order. */
function windowPixels(node: Pick<GraphNode, 'attributes'>, [height, width]: Shape, oy: number, ox: number): number[] {
  const { kernelSize, stride, padding, dilation } = windowOf(node.attributes);
  const pixels: number[] = [];
  for (let ky = 0; ky < kernelSize[0]; ky++)
    for (let kx = 0; kx < kernelSize[1]; kx++) {
      const y = oy * stride[0] - padding[0] + ky * dilation[0];
      const x = ox * stride[1] - padding[2] + kx * dilation[1];
      if (y >= 0 && x >= 0 && y < height && x < width) pixels.push(y * width + x);
    }
  return pixels;
}

const maxPool2d: Arithmetic = {
  op: 'maxPool2d',
  formula: 'the largest of the window',
  expressionOf({ node, element: at }) {
    const [x] = node.inputs;
    const [y] = node.outputs;
    const channels = channelsOf(x);
    const pixel = Math.floor(at / channels);
    const inImage = pixel % (y.shape[0] * y.shape[1]);
    const image = (pixel - inImage) / (y.shape[0] * y.shape[1]);
    const pixels = windowPixels(node, x.shape, Math.floor(inImage / y.shape[1]), inImage % y.shape[1]);
    return maximum(pixels.map((p) => element(0, image * sizeOf(x.shape) + p * channels + (at % channels))));
  },
};

const maxPool2dBackward: Arithmetic = {
  op: 'maxPool2dBackward',
  formula: 'Σ gradients of the windows whose largest value this is',
  expressionOf({ node, element: at, read }) {
    const [{ shape }, { shape: pooled }] = node.inputs;
    const channels = shape[2];
    const image = Math.floor(at / sizeOf(shape));
    const pixel = Math.floor((at % sizeOf(shape)) / channels);
    const channel = at % channels;
    const wins: Expression[] = [];
    let windows = 0;
    for (let oy = 0; oy < pooled[0]; oy++)
      for (let ox = 0; ox < pooled[1]; ox++) {
        const pixels = windowPixels(node, shape, oy, ox);
        if (!pixels.includes(pixel)) continue;
        windows++;
        const numberAt = (p: number): number => read(0, image * sizeOf(shape) + p * channels + channel);
        let best = pixels[0];
        for (const p of pixels) if (numberAt(p) > numberAt(best) || Number.isNaN(numberAt(p))) best = p;
        if (best === pixel) wins.push(element(1, ((image * pooled[0] + oy) * pooled[1] + ox) * channels + channel));
      }
    const total = isHalving({ ...node } as GraphNode) ? (wins[0] ?? number(0)) : sum([number(0, 'start'), ...wins]);
    return because(`it is the largest of ${wins.length} of its ${windows} windows`, total);
  },
};

/** The ops of the list of fixed pixel weights, and their gradients. */
const mixing: readonly Arithmetic[] = [...pixelWeights].flatMap(([op, weights]) =>
  [false, true].map(
    (back): Arithmetic => ({
      op: back ? `${op}Backward` : op,
      formula: back ? 'Σ gradient · weight' : 'Σ input · weight',
      expressionOf({ node, element: at }) {
        const [from] = node.inputs;
        const [to] = node.outputs;
        const channels = channelsOf(to);
        const pixels = sizeOf(to.shape) / channels;
        const image = Math.floor(at / sizeOf(to.shape));
        const pixel = Math.floor(at / channels) % pixels;
        const list = back
          ? adjoint(weights(node.attributes, to.shape, from.shape))
          : weights(node.attributes, from.shape, to.shape);
        const terms: Expression[] = [number(0, 'start')];
        for (const [output, input, weight] of list) {
          if (output !== pixel) continue;
          const place = image * sizeOf(from.shape) + input * channels + (at % channels);
          terms.push(product(element(0, place), number(weight, 'weight')));
        }
        return sum(terms);
      },
    }),
  ),
);

export const poolArithmetic: readonly Arithmetic[] = [maxPool2d, maxPool2dBackward, ...mixing];
