import type { Value } from '../../graph/graph.ts';
import { type Conv2dGeometry, conv2dGeometry } from '../../ops/conv2d.ts';
import { sizeOf } from '../../shape.ts';
import { type Argument, address, type Lowering, type LoweringContext } from '../lowering.ts';
import {
  isDepthwise,
  lowerDepthwiseBackwardInput,
  lowerDepthwiseBackwardWeight,
  lowerDepthwiseForward,
} from './depthwise.ts';
import { cutWeightGradient, sumParts } from './partials.ts';
import { callProduct, foldWeights, packForward, tile } from './product.ts';
import { backwardOffsets, forwardOffsets, rowMajor, type Taps, transpose, windowPixels } from './taps.ts';
import {
  lowerWinogradBackwardInput,
  lowerWinogradBackwardWeight,
  lowerWinogradForward,
  suitsWinograd,
} from './winograd.ts';

/**
 * Below this many channels a convolution reads whole kernel rows as one run: the innermost loop is longer and the
 * table shorter. The input is copied into a frame of zeros first, so that every run is whole.
 */
const thinChannels = 8;

const useWinograd = ({ algorithm }: LoweringContext, g: Conv2dGeometry): boolean =>
  algorithm === 'auto' && suitsWinograd(g);

/** The input as the kernels will read it: itself, or framed by zeros with whole kernel rows as taps. */
function chooseTaps(
  context: LoweringContext,
  g: Conv2dGeometry,
  x: Value,
): { taps: Taps; g: Conv2dGeometry; x: Argument } {
  const [rows, columns] = g.kernelSize;
  const thin = g.groups === 1 && g.inputChannels < thinChannels && columns > 1 && g.dilation[1] === 1;
  if (!thin) return { taps: { rows, columns, depth: g.inputChannels / g.groups }, g, x: address(x) };
  const taps = { rows, columns: 1, depth: columns * g.inputChannels };
  const [top, bottom, left, right] = g.padding;
  if (top + bottom + left + right === 0) return { taps, g, x: address(x) };
  const framed: Conv2dGeometry = {
    ...g,
    inputHeight: g.inputHeight + top + bottom,
    inputWidth: g.inputWidth + left + right,
    padding: [0, 0, 0, 0],
  };
  const padded = context.scratch(context.capacity * framed.inputHeight * framed.inputWidth * g.inputChannels * 4);
  const frame = [g.inputHeight, g.inputWidth, g.inputChannels, top, bottom, left, right];
  context.call('conv2d_pad', [address(x), padded, ...frame], (n) => n);
  return { taps, g: framed, x: padded };
}

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
    if (useWinograd(context, geometry)) {
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
    });
  },
};

const conv2dBackwardInput: Lowering = {
  op: 'conv2dBackwardInput',
  lower(context) {
    const { node, outputs, prepared, prepare } = context;
    const [gradient, weight] = node.inputs;
    const [gradX] = outputs;
    const g = conv2dGeometry(node);
    if (useWinograd(context, g)) {
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

const conv2dBackwardWeight: Lowering = {
  op: 'conv2dBackwardWeight',
  lower(context) {
    const { node, outputs, capacity, call } = context;
    const [input, gradient] = node.inputs;
    const [gradWeight] = outputs;
    const geometry = conv2dGeometry(node);
    if (useWinograd(context, geometry)) {
      lowerWinogradBackwardWeight(context, geometry);
      return;
    }
    if (isDepthwise(geometry)) {
      lowerDepthwiseBackwardWeight(context, geometry);
      return;
    }
    const { taps, g, x } = chooseTaps(context, geometry, input);
    const tapCount = taps.rows * taps.columns;
    const { parts, blockRows } = cutWeightGradient(capacity, tapCount, taps.depth, false);
    const images = Math.ceil(capacity / parts);
    const blocks = Math.ceil(taps.depth / blockRows);
    const pixels = g.outputHeight * g.outputWidth;
    sumParts(context, gradWeight, parts, (partials) =>
      call(
        'conv2d_backward_weight',
        [
          x,
          address(gradient),
          partials,
          { table: transpose(forwardOffsets(g, taps), tapCount) },
          0,
          g.inputHeight * g.inputWidth * g.inputChannels * 4,
          imageBytes(gradient),
          pixels,
          tapCount,
          taps.depth,
          g.outputChannels / g.groups,
          g.groups,
          images,
          blockRows,
          blocks,
          g.outputChannels,
          pixels,
        ],
        parts * tapCount * blocks,
      ),
    );
  },
};

export const conv2dLowerings: readonly Lowering[] = [conv2dForward, conv2dBackwardInput, conv2dBackwardWeight];
