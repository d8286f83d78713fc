import type { GraphNode } from '../../graph/graph.ts';
import { channelsOf } from '../../ops/checks.ts';
import { windowOf } from '../../ops/window.ts';
import { type Shape, sizeOf } from '../../shape.ts';
import { isHalving } from '../fuse.ts';
import { adjoint, pixelWeights } from '../lowerings/pixelWeights.ts';
import type { Arithmetic } from './arithmetic.ts';
import { because, type Expression, element, maximum, number, product, sum } from './expression.ts';

/** A pixel of a window, and its place there, numbered row by row with what lies in the padding. */
interface Tap {
  readonly place: number;
  readonly pixel: number;
}

/** What of the window of output pixel (oy, ox) lies inside, row by row. */
function windowTaps(node: Pick<GraphNode, 'attributes'>, [height, width]: Shape, oy: number, ox: number): Tap[] {
  const { kernelSize, stride, padding, dilation } = windowOf(node.attributes);
  const taps: Tap[] = [];
  for (let place = 0; place < kernelSize[0] * kernelSize[1]; place++) {
    const y = oy * stride[0] - padding[0] + Math.floor(place / kernelSize[1]) * dilation[0];
    const x = ox * stride[1] - padding[2] + (place % kernelSize[1]) * dilation[1];
    if (y >= 0 && x >= 0 && y < height && x < width) taps.push({ place, pixel: y * width + x });
  }
  return taps;
}

const maxPool2d: Arithmetic = {
  op: 'maxPool2d',
  formula: 'the largest of the window',
  expressionOf({ node, output, element: at, read }) {
    const [x] = node.inputs;
    const [y] = node.outputs;
    const channels = channelsOf(x);
    const pixel = Math.floor(at / channels);
    const inImage = pixel % (y.shape[0] * y.shape[1]);
    const image = (pixel - inImage) / (y.shape[0] * y.shape[1]);
    const taps = windowTaps(node, x.shape, Math.floor(inImage / y.shape[1]), inImage % y.shape[1]);
    const placeOf = (tap: Tap): number => image * sizeOf(x.shape) + tap.pixel * channels + (at % channels);
    if (output === 0) return maximum(taps.map((tap) => element(0, placeOf(tap))));
    const best = taps.reduce((found, tap) => {
      const value = read(0, placeOf(tap));
      return value > read(0, placeOf(found)) || Number.isNaN(value) ? tap : found;
    });
    return because('the largest stands there', number(best.place, 'place in the window'));
  },
};

const maxPool2dBackward: Arithmetic = {
  op: 'maxPool2dBackward',
  formula: 'Σ gradients of the windows whose largest value this is',
  expressionOf({ node, element: at, read }) {
    const [{ shape }] = node.outputs;
    const [{ shape: pooled }] = node.inputs;
    const channels = shape[2];
    const image = Math.floor(at / sizeOf(shape));
    const pixel = Math.floor((at % sizeOf(shape)) / channels);
    const wins: Expression[] = [];
    let windows = 0;
    for (let oy = 0; oy < pooled[0]; oy++)
      for (let ox = 0; ox < pooled[1]; ox++) {
        const own = windowTaps(node, shape, oy, ox).find((tap) => tap.pixel === pixel);
        if (!own) continue;
        windows++;
        const output = ((image * pooled[0] + oy) * pooled[1] + ox) * channels + (at % channels);
        if (read(0, output) === own.place) wins.push(element(1, output));
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
