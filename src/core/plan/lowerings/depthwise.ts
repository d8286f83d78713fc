import type { Value } from '../../graph/graph.ts';
import type { Conv2dGeometry } from '../../ops/conv2d.ts';
import { sizeOf } from '../../shape.ts';
import { address, addressOr0, epilogueCode, type LoweringContext } from '../lowering.ts';
import { sumParts, weightChunks } from './partials.ts';
import { macsPerChunk, type Weights } from './product.ts';
import { backwardOffsets, forwardOffsets, type Taps, transpose } from './taps.ts';

export const isDepthwise = (g: Conv2dGeometry): boolean =>
  g.groups > 1 && g.groups === g.inputChannels && g.groups === g.outputChannels;

function callDepthwise(
  { call, epilogue, residual }: LoweringContext,
  x: Value,
  { weight, bias }: Weights,
  y: Value,
  table: Int32Array,
): void {
  const pixels = y.shape[0] * y.shape[1];
  const channels = y.shape[2];
  const taps = table.length / pixels;
  const chunkPixels = Math.min(pixels, Math.max(4, Math.floor(macsPerChunk / (taps * channels * 4))));
  const imageChunks = Math.ceil(pixels / chunkPixels);
  call(
    'conv2d_depthwise_forward',
    [
      address(x),
      weight,
      bias,
      address(y),
      { table },
      channels,
      imageBytes(x),
      imageBytes(y),
      pixels,
      taps,
      chunkPixels,
      imageChunks,
      epilogueCode[epilogue],
      addressOr0(residual),
    ],
    (n) => n * imageChunks,
  );
}

/** Whether the kernel for rows of 3x3 windows fits. */
const isPlain3x3 = ({ kernelSize, dilation }: Conv2dGeometry): boolean =>
  kernelSize.every((size) => size === 3) && dilation.every((size) => size === 1);

/** The geometry is that of the sum: x [height, width] → y, whatever it is for. */
function call3x3(
  { call, epilogue, residual }: LoweringContext,
  x: Value,
  { weight, bias }: Weights,
  y: Value,
  { stride, padding, turned }: { stride: readonly number[]; padding: readonly [number, number]; turned: boolean },
): void {
  const sizes = [...x.shape, y.shape[0], y.shape[1], ...stride, ...padding];
  call(
    'conv2d_depthwise_forward_3x3',
    [address(x), weight, bias, address(y), ...sizes, epilogueCode[epilogue], addressOr0(residual), turned ? 1 : 0],
    (n) => n * y.shape[0],
  );
}

const tapsOf = ({ kernelSize: [rows, columns] }: Conv2dGeometry): Taps => ({ rows, columns, depth: 1 });
const imageBytes = (value: Value): number => sizeOf(value.shape) * 4;

export function lowerDepthwiseForward(context: LoweringContext, g: Conv2dGeometry, weights: Weights): void {
  const [x] = context.node.inputs;
  const [y] = context.outputs;
  if (isPlain3x3(g)) {
    const padding = [g.padding[0], g.padding[2]] as const;
    call3x3(context, x, weights, y, { stride: g.stride, padding, turned: false });
    return;
  }
  callDepthwise(context, x, weights, y, forwardOffsets(g, tapsOf(g)));
}

/** The same kernels: of the gradient, with the weights or the table turned round. */
export function lowerDepthwiseBackwardInput(context: LoweringContext, g: Conv2dGeometry): void {
  const [gradient, weight] = context.node.inputs;
  const weights: Weights = { weight: address(weight), bias: 0 };
  if (isPlain3x3(g) && g.stride.every((step) => step === 1)) {
    const padding = [2 - g.padding[0], 2 - g.padding[2]] as const;
    call3x3(context, gradient, weights, context.outputs[0], { stride: g.stride, padding, turned: true });
    return;
  }
  const taps = g.kernelSize[0] * g.kernelSize[1];
  const { table, order } = backwardOffsets(g);
  // This kernel writes its pixels in their order.
  const inOrder = new Int32Array(table.length);
  order.forEach((offset, i) => {
    inOrder.set(table.subarray(i * taps, (i + 1) * taps), (offset / (g.inputChannels * 4)) * taps);
  });
  callDepthwise(context, gradient, weights, context.outputs[0], inOrder);
}

export function lowerDepthwiseBackwardWeight(context: LoweringContext, g: Conv2dGeometry): void {
  const { node, outputs, capacity, call } = context;
  const [x, gradient] = node.inputs;
  const taps = g.kernelSize[0] * g.kernelSize[1];
  const parts = Math.min(capacity, Math.ceil(weightChunks / taps));
  const images = Math.ceil(capacity / parts);
  const table = transpose(forwardOffsets(g, tapsOf(g)), taps);
  const pixels = g.outputHeight * g.outputWidth;
  const sizes = [g.outputChannels, imageBytes(x), imageBytes(gradient), pixels, taps, images];
  sumParts(context, outputs[0], parts, (partials) =>
    call(
      'conv2d_depthwise_backward_weight',
      [address(x), address(gradient), partials, { table }, ...sizes],
      parts * taps,
    ),
  );
}
