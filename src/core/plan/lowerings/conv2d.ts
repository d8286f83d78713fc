import type { Value } from '../../graph/graph.ts';
import { type Conv2dGeometry, conv2dGeometry } from '../../ops/conv2d.ts';
import { sizeOf } from '../../shape.ts';
import {
  type Algorithm,
  type Argument,
  address,
  addressOr0,
  type Lowering,
  type LoweringContext,
} from '../lowering.ts';
import {
  isDepthwise,
  lowerDepthwiseBackwardInput,
  lowerDepthwiseBackwardWeight,
  lowerDepthwiseForward,
} from './depthwise.ts';
import { cutDirectWeightGradient, cutWeightGradient, sumParts } from './partials.ts';
import { callProduct, foldWeights, packForward, tile } from './product.ts';
import {
  backwardOffsets,
  forwardOffsets,
  isThin,
  overBatch,
  rowMajor,
  type Taps,
  tapsOf,
  transpose,
  windowPixels,
} from './taps.ts';
import { lowerWinogradForward, suitsWinograd } from './winograd.ts';
import {
  joinsWinogradGradients,
  lowerWinogradBackwardInput,
  lowerWinogradBackwardWeight,
} from './winogradGradients.ts';

const takesWinograd = ({ algorithm }: { readonly algorithm: Algorithm }, g: Conv2dGeometry): boolean =>
  algorithm === 'auto' && suitsWinograd(g);

/** The input as the kernels will read it: itself, or framed by zeros with whole kernel rows as taps. */
function chooseTaps(
  context: LoweringContext,
  g: Conv2dGeometry,
  x: Value,
): { taps: Taps; g: Conv2dGeometry; x: Argument } {
  const { taps, framed } = tapsOf(g);
  if (framed === g) return { taps, g, x: address(x) };
  const [top, bottom, left, right] = g.padding;
  const padded = context.scratch(context.capacity * framed.inputHeight * framed.inputWidth * g.inputChannels * 4);
  const frame = [g.inputHeight, g.inputWidth, g.inputChannels, top, bottom, left, right];
  context.call('conv2d_pad', [address(x), padded, ...frame], (n) => n);
  return { taps, g: framed, x: padded };
}

/** Whether two passes belong to convolutions of the same sizes. */
const isSame = (a: Conv2dGeometry, b: Conv2dGeometry): boolean => JSON.stringify(a) === JSON.stringify(b);

const imageBytes = (value: Value): number => sizeOf(value.shape) * 4;

const conv2dForward: Lowering = {
  op: 'conv2d',
  epilogues: ['relu', 'relu6'],
  absorbs: ['affine', 'residual'],
  halves: (node) => !isDepthwise(conv2dGeometry(node)),
  lower(context) {
    const { node, outputs } = context;
    const [input] = node.inputs;
    const [y] = outputs;
    const geometry = conv2dGeometry(node);
    const weights = foldWeights(context);
    if (takesWinograd(context, geometry)) {
      lowerWinogradForward(context, geometry, weights);
      return;
    }
    if (isDepthwise(geometry)) {
      lowerDepthwiseForward(context, geometry, weights);
      return;
    }
    const { taps, g, x } = chooseTaps(context, geometry, input);
    const rows = taps.rows * taps.columns * taps.depth;
    const packed = packForward(context, weights, rows, g.outputChannels, g.groups);
    const pixels = context.halving ? windowPixels(g) : rowMajor(g.outputHeight, g.outputWidth);
    const places = context.halving ? pixels.map((_, i) => i >> 2) : pixels;
    callProduct(context, {
      x,
      ...packed,
      y,
      table: forwardOffsets(g, taps, pixels),
      order: places.map((place) => place * g.outputChannels * 4),
      xImageBytes: g.inputHeight * g.inputWidth * g.inputChannels * 4,
      yImageBytes: imageBytes(y),
      pixels: pixels.length,
      taps: taps.rows * taps.columns,
      depth: taps.depth,
      groups: g.groups,
      groupOutputs: g.outputChannels / g.groups,
      groupBytes: (g.inputChannels / g.groups) * 4,
      ...(isThin(geometry) ? { tapStep: g.dilation[0] * g.inputWidth * g.inputChannels * 4 } : {}),
    });
  },
};

const conv2dBackwardInput: Lowering = {
  op: 'conv2dBackwardInput',
  doubles: (node, value, algorithm) => node.inputs[0] === value && takesWinograd({ algorithm }, conv2dGeometry(node)),
  lower(context) {
    const { node, outputs, prepared, prepare } = context;
    const [gradient, weight] = node.inputs;
    const [gradX] = outputs;
    const g = conv2dGeometry(node);
    if (takesWinograd(context, g)) {
      lowerWinogradBackwardInput(context, g);
      return;
    }
    if (isDepthwise(g)) {
      lowerDepthwiseBackwardInput(context, g);
      return;
    }
    const taps = g.kernelSize[0] * g.kernelSize[1];
    const { table, order } = backwardOffsets(g);
    const pixels = g.inputHeight * g.inputWidth;
    const groupInputs = g.inputChannels / g.groups;
    const groupOutputs = g.outputChannels / g.groups;
    const groupTiles = Math.ceil(groupInputs / tile);
    const packed = prepared(groupTiles * g.groups * tile * taps * groupOutputs * 4);
    prepare(
      'conv2d_pack_backward',
      [address(weight), packed, taps, groupInputs, groupOutputs, g.outputChannels, groupTiles],
      groupTiles * g.groups,
    );
    callProduct(context, {
      x: address(gradient),
      packed,
      bias: 0,
      y: gradX,
      table,
      order,
      xImageBytes: imageBytes(gradient),
      yImageBytes: imageBytes(gradX),
      pixels,
      taps,
      depth: groupOutputs,
      groups: g.groups,
      groupOutputs: groupInputs,
      groupBytes: groupOutputs * 4,
    });
  },
};

/** An image of a gradient that a thread spreads for itself and reads from its cache. */
const spreadBytes = 256 * 1024;

/**
 * Whether a weight gradient reads its gradient as windows: by Winograd each tile does, once. Direct sums spread an image of it
 * for all taps at once, which pays where these are few, so that there are chunks enough without cutting by taps.
 */
function doublesWeight(g: Conv2dGeometry, algorithm: Algorithm): boolean {
  if (takesWinograd({ algorithm }, g)) return true;
  if (isDepthwise(g) || g.groups !== 1) return false;
  const rows = isThin(g) ? g.kernelSize[0] : g.kernelSize[0] * g.kernelSize[1];
  const depth = isThin(g) ? g.kernelSize[1] * g.inputChannels : g.inputChannels;
  const { blockRows } = cutWeightGradient(1, rows, depth, false);
  return (
    rows * Math.ceil(depth / blockRows) <= 4 && g.outputHeight * g.outputWidth * g.outputChannels * 4 <= spreadBytes
  );
}

const conv2dBackwardWeight: Lowering = {
  op: 'conv2dBackwardWeight',
  doubles: (node, value, algorithm) =>
    node.inputs[1] === value && node.inputs[0] !== value && doublesWeight(conv2dGeometry(node), algorithm),
  joins(node, other, algorithm) {
    if (other.op.name !== conv2dBackwardInput.op || other.inputs[0] !== node.inputs[1]) return false;
    const g = conv2dGeometry(node);
    return takesWinograd({ algorithm }, g) && isSame(g, conv2dGeometry(other)) && joinsWinogradGradients(g);
  },
  lower(context) {
    const { node, outputs, capacity, doubling, call, threadScratch } = context;
    const [input] = node.inputs;
    const gradient = doubling?.gradient ?? node.inputs[1];
    const [gradWeight] = outputs;
    const geometry = conv2dGeometry(node);
    if (takesWinograd(context, geometry)) {
      lowerWinogradBackwardWeight(context, geometry);
      return;
    }
    if (isDepthwise(geometry)) {
      lowerDepthwiseBackwardWeight(context, geometry);
      return;
    }
    const { taps, g, x } = chooseTaps(context, geometry, input);
    const tapCount = taps.rows * taps.columns;
    const pixels = g.outputHeight * g.outputWidth;
    const { flat, parts, images, blockRows, pixelsAtOnce } = cutDirectWeightGradient(geometry, capacity, !!doubling);
    const blocks = Math.ceil(taps.depth / blockRows);
    const xImageBytes = g.inputHeight * g.inputWidth * g.inputChannels * 4;
    const offsets = transpose(forwardOffsets(g, taps), tapCount);
    const table = flat ? overBatch(offsets, pixels, capacity, xImageBytes) : offsets;
    if (doubling) threadScratch(pixels * g.outputChannels * 4);
    sumParts(context, gradWeight, parts, (partials) =>
      call(
        'conv2d_backward_weight',
        [
          x,
          address(gradient),
          partials,
          { table },
          addressOr0(doubling?.places),
          xImageBytes,
          imageBytes(gradient),
          flat ? 0 : pixels,
          tapCount,
          taps.depth,
          g.outputChannels / g.groups,
          g.groups,
          images,
          blockRows,
          blocks,
          g.outputChannels,
          table.length / tapCount,
          g.outputHeight,
          g.outputWidth,
          pixelsAtOnce,
        ],
        parts * (doubling ? 1 : tapCount) * blocks,
      ),
    );
  },
};

export const conv2dLowerings: readonly Lowering[] = [conv2dForward, conv2dBackwardInput, conv2dBackwardWeight];
