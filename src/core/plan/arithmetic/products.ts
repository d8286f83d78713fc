import { type Conv2dGeometry, conv2dGeometry } from '../../ops/conv2d.ts';
import { isDepthwise } from '../lowerings/depthwise.ts';
import type { Arithmetic } from './arithmetic.ts';
import { type Expression, element, number, product, sum } from './expression.ts';

/** What a sum of products starts with. */
const start = (bias: boolean, at: number): Expression => (bias ? element(2, at) : number(0, 'no bias'));

export const isInside = (y: number, x: number, height: number, width: number): boolean =>
  y >= 0 && x >= 0 && y < height && x < width;

/** An element's place: [image, y, x, channel]. */
function placeIn(at: number, height: number, width: number, channels: number): [number, number, number, number] {
  const pixel = Math.floor(at / channels);
  const row = Math.floor(pixel / width);
  return [Math.floor(row / height), row % height, pixel % width, at % channels];
}

const conv2d: Arithmetic = {
  op: 'conv2d',
  formula: 'bias + Σ input · weight, over the window and its channels',
  expressionOf({ node, element: at }) {
    const g = conv2dGeometry(node);
    const [image, oy, ox, o] = placeIn(at, g.outputHeight, g.outputWidth, g.outputChannels);
    const depth = g.inputChannels / g.groups;
    const first = Math.floor(o / (g.outputChannels / g.groups)) * depth;
    const terms: Expression[] = [start(node.inputs.length === 3, o)];
    for (let ky = 0; ky < g.kernelSize[0]; ky++)
      for (let kx = 0; kx < g.kernelSize[1]; kx++) {
        const y = oy * g.stride[0] - g.padding[0] + ky * g.dilation[0];
        const x = ox * g.stride[1] - g.padding[2] + kx * g.dilation[1];
        // What is padding is 0 and changes no sum.
        if (!isInside(y, x, g.inputHeight, g.inputWidth)) continue;
        for (let c = 0; c < depth; c++) {
          const input = ((image * g.inputHeight + y) * g.inputWidth + x) * g.inputChannels + first + c;
          const weight = ((ky * g.kernelSize[1] + kx) * depth + c) * g.outputChannels + o;
          terms.push(product(element(0, input), element(1, weight)));
        }
      }
    return sum(terms);
  },
};

/** The output positions that kernel position (ky, kx) carries an input position to. */
function reachedFrom(g: Conv2dGeometry, y: number, x: number, ky: number, kx: number): [number, number] | undefined {
  const oy = (y + g.padding[0] - ky * g.dilation[0]) / g.stride[0];
  const ox = (x + g.padding[2] - kx * g.dilation[1]) / g.stride[1];
  const whole = Number.isInteger(oy) && Number.isInteger(ox);
  return whole && isInside(oy, ox, g.outputHeight, g.outputWidth) ? [oy, ox] : undefined;
}

const conv2dBackwardInput: Arithmetic = {
  op: 'conv2dBackwardInput',
  formula: 'Σ gradient · weight, over all outputs that this input is part of',
  expressionOf({ node, element: at }) {
    const g = conv2dGeometry(node);
    const [image, y, x, c] = placeIn(at, g.inputHeight, g.inputWidth, g.inputChannels);
    const depth = g.inputChannels / g.groups;
    const outputs = g.outputChannels / g.groups;
    const group = Math.floor(c / depth);
    const terms: Expression[] = [];
    const taps = g.kernelSize[0] * g.kernelSize[1];
    for (let i = 0; i < taps; i++) {
      // One filter a channel: its kernels go through the gradient in its own order, so the weights are turned round.
      const tap = isDepthwise(g) ? taps - 1 - i : i;
      const reached = reachedFrom(g, y, x, Math.floor(tap / g.kernelSize[1]), tap % g.kernelSize[1]);
      if (!reached) continue;
      const pixel = (image * g.outputHeight + reached[0]) * g.outputWidth + reached[1];
      for (let o = group * outputs; o < (group + 1) * outputs; o++) {
        const weight = (tap * depth + (c % depth)) * g.outputChannels + o;
        terms.push(product(element(0, pixel * g.outputChannels + o), element(1, weight)));
      }
    }
    return sum([number(0, 'start'), ...terms]);
  },
};

const linear: Arithmetic = {
  op: 'linear',
  formula: 'bias + Σ input · weight',
  expressionOf({ node, element: at }) {
    const [features, units] = node.inputs[1].shape;
    const image = Math.floor(at / units);
    const unit = at % units;
    const terms: Expression[] = [start(node.inputs.length === 3, unit)];
    for (let f = 0; f < features; f++)
      terms.push(product(element(0, image * features + f), element(1, f * units + unit)));
    return sum(terms);
  },
};

const linearBackwardInput: Arithmetic = {
  op: 'linearBackwardInput',
  formula: 'Σ gradient · weight, over all units',
  expressionOf({ node, element: at }) {
    const [features, units] = node.inputs[1].shape;
    const image = Math.floor(at / features);
    const terms: Expression[] = [number(0, 'start')];
    for (let u = 0; u < units; u++)
      terms.push(product(element(0, image * units + u), element(1, (at % features) * units + u)));
    return sum(terms);
  },
};

export const productArithmetic: readonly Arithmetic[] = [conv2d, conv2dBackwardInput, linear, linearBackwardInput];
