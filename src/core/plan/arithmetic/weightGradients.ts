import { channelsOf } from '../../ops/checks.ts';
import { type Conv2dGeometry, conv2dGeometry } from '../../ops/conv2d.ts';
import { cutDepthwiseWeightGradient, isDepthwise } from '../lowerings/depthwise.ts';
import { cutDirectWeightGradient } from '../lowerings/partials.ts';
import type { Arithmetic, ArithmeticRequest } from './arithmetic.ts';
import { type Expression, element, named, number, product, sum } from './expression.ts';
import { isInside } from './products.ts';

const start = number(0, 'start');

/** Pixels first … end - 1 of the batch, counted image after image, that are summed by themselves. */
interface Run {
  readonly first: number;
  readonly end: number;
}

/** Runs of `size` pixels from `first` on; the last may be shorter. */
function runsOf(first: number, end: number, size: number): Run[] {
  const runs: Run[] = [];
  for (let at = first; at < end; at += size) runs.push({ first: at, end: Math.min(at + size, end) });
  return runs;
}

/** The runs of each partial gradient, as the kernels cut the batch. */
function partsOf({ node, n, capacity }: ArithmeticRequest, g: Conv2dGeometry): Run[][] {
  const pixels = g.outputHeight * g.outputWidth;
  const depthwise = isDepthwise(g)
    ? cutDepthwiseWeightGradient(g, node.inputs[0], node.inputs[1], capacity)
    : undefined;
  const cut = depthwise ?? cutDirectWeightGradient(g, capacity);
  const runsOfImage = (first: number): Run[] => {
    const end = first + pixels;
    if (!depthwise) return runsOf(first, end, cutDirectWeightGradient(g, capacity).pixelsAtOnce);
    if (!depthwise.byFours) return runsOf(first, end, depthwise.blockRows * g.outputWidth);
    return runsOf(first, end, g.outputWidth).flatMap((row) => runsOf(row.first, row.end, 4));
  };
  if ('flat' in cut && cut.flat) return [runsOf(0, n * pixels, cut.pixelsAtOnce)];
  return Array.from({ length: cut.parts }, (_, part) => {
    const images = Math.max(0, Math.min(cut.images, n - part * cut.images));
    return Array.from({ length: images }, (_, i) => runsOfImage((part * cut.images + i) * pixels)).flat();
  });
}

/** x · gradient at every pixel of a run at which the weight met a pixel of the picture; what is padding adds 0. */
function termsOf(g: Conv2dGeometry, at: number, run: Run): Expression[] {
  const depth = g.inputChannels / g.groups;
  const o = at % g.outputChannels;
  const row = Math.floor(at / g.outputChannels);
  const tap = Math.floor(row / depth);
  const channel = Math.floor(o / (g.outputChannels / g.groups)) * depth + (row % depth);
  const [down, right] = [Math.floor(tap / g.kernelSize[1]) * g.dilation[0], (tap % g.kernelSize[1]) * g.dilation[1]];
  const terms: Expression[] = [];
  for (let pixel = run.first; pixel < run.end; pixel++) {
    const line = Math.floor(pixel / g.outputWidth);
    const image = Math.floor(line / g.outputHeight);
    const y = (line % g.outputHeight) * g.stride[0] - g.padding[0] + down;
    const x = (pixel % g.outputWidth) * g.stride[1] - g.padding[2] + right;
    if (!isInside(y, x, g.inputHeight, g.inputWidth)) continue;
    const input = ((image * g.inputHeight + y) * g.inputWidth + x) * g.inputChannels + channel;
    terms.push(product(element(0, input), element(1, pixel * g.outputChannels + o)));
  }
  return terms;
}

const conv2dBackwardWeight: Arithmetic = {
  op: 'conv2dBackwardWeight',
  formula: 'Σ input · gradient, over all places at which this weight was used',
  expressionOf(request) {
    const g = conv2dGeometry(request.node);
    // A sum that begins with 0 is never -0, so a run or part without terms changes nothing.
    const parts = partsOf(request, g)
      .map((runs) => runs.map((run) => termsOf(g, request.element, run)).filter(({ length }) => length > 0))
      .filter(({ length }) => length > 0)
      .map((runs) => (runs.length === 1 ? runs[0] : runs.map((terms) => sum(terms))));
    if (parts.length < 2) return sum([start, ...(parts[0] ?? [])]);
    return sum(parts.map((terms, i) => named(`part ${i + 1}`, sum([start, ...terms]))));
  },
};

const linearBackwardWeight: Arithmetic = {
  op: 'linearBackwardWeight',
  formula: 'Σ input · gradient, over the pictures of the batch',
  expressionOf({ node, n, element: at }) {
    const features = channelsOf(node.inputs[0]);
    const units = channelsOf(node.inputs[1]);
    const terms: Expression[] = [start];
    for (let image = 0; image < n; image++) {
      terms.push(
        product(element(0, image * features + Math.floor(at / units)), element(1, image * units + (at % units))),
      );
    }
    return sum(terms);
  },
};

export const weightGradientArithmetic: readonly Arithmetic[] = [conv2dBackwardWeight, linearBackwardWeight];
