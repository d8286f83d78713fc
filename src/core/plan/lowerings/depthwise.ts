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

const tapsOf = ({ kernelSize: [rows, columns] }: Conv2dGeometry): Taps => ({ rows, columns, depth: 1 });
const imageBytes = (value: Value): number => sizeOf(value.shape) * 4;

export function lowerDepthwiseForward(context: LoweringContext, g: Conv2dGeometry, weights: Weights): void {
  const [x] = context.node.inputs;
  callDepthwise(context, x, weights, context.outputs[0], forwardOffsets(g, tapsOf(g)));
}

/** The same kernel: of the gradient, with the table turned round. */
export function lowerDepthwiseBackwardInput(context: LoweringContext, g: Conv2dGeometry): void {
  const [gradient, weight] = context.node.inputs;
  const taps = g.kernelSize[0] * g.kernelSize[1];
  const { table, order } = backwardOffsets(g);
  // This kernel writes its pixels in their order.
  const inOrder = new Int32Array(table.length);
  order.forEach((offset, i) => {
    inOrder.set(table.subarray(i * taps, (i + 1) * taps), (offset / (g.inputChannels * 4)) * taps);
  });
  callDepthwise(context, gradient, { weight: address(weight), bias: 0 }, context.outputs[0], inOrder);
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
