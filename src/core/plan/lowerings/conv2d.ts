import type { Value } from '../../graph/graph.ts';
import { type Conv2dGeometry, conv2dGeometry } from '../../ops/conv2d.ts';
import { sizeOf } from '../../shape.ts';
import { type Argument, address, addressOr0, epilogueCode, type Lowering, type LoweringContext } from '../lowering.ts';
import {
  lowerWinogradBackwardInput,
  lowerWinogradBackwardWeight,
  lowerWinogradForward,
  suitsWinograd,
} from './winograd.ts';

/** Multiply-adds of a chunk of a convolution: about 0.1 ms, long beside a barrier and short beside a step. */
const macsPerChunk = 2e6;
/** Weight gradients are cut into at least this many chunks, so that any sensible number of threads is busy. */
const weightChunks = 32;

/** Channels in one register tile of the kernels. */
const tile = 8;

/**
 * Below this many channels a convolution reads whole kernel rows as one run: the innermost loop is longer and the
 * table shorter. The input is copied into a frame of zeros first, so that every run is whole.
 */
const thinChannels = 8;

/** How a convolution is cut into taps: runs of consecutive floats of the (padded) input. */
interface Taps {
  readonly rows: number;
  readonly columns: number;
  /** Floats of a run. */
  readonly depth: number;
}

/** Byte offsets in an image by output pixel and tap, -1 for padding. */
function forwardOffsets(g: Conv2dGeometry, taps: Taps): Int32Array {
  const offsets = new Int32Array(g.outputHeight * g.outputWidth * taps.rows * taps.columns);
  let i = 0;
  for (let oy = 0; oy < g.outputHeight; oy++)
    for (let ox = 0; ox < g.outputWidth; ox++)
      for (let ky = 0; ky < taps.rows; ky++)
        for (let kx = 0; kx < taps.columns; kx++) {
          const y = oy * g.stride[0] - g.padding[0] + ky * g.dilation[0];
          const x = ox * g.stride[1] - g.padding[2] + kx * g.dilation[1];
          const inside = y >= 0 && y < g.inputHeight && x >= 0 && x < g.inputWidth;
          offsets[i++] = inside ? (y * g.inputWidth + x) * g.inputChannels * 4 : -1;
        }
  return offsets;
}

/**
 * The input gradient is a convolution of the output's gradient: for each input pixel and kernel position the output
 * pixel that it reached, or none. Pixels are listed by their remainder modulo the stride, so that neighbours in the
 * list miss the same kernel positions and the kernel skips them.
 */
function backwardOffsets(g: Conv2dGeometry): { table: Int32Array; order: Int32Array } {
  const [kernelHeight, kernelWidth] = g.kernelSize;
  const pixels: number[] = [];
  for (let ry = 0; ry < g.stride[0]; ry++)
    for (let rx = 0; rx < g.stride[1]; rx++)
      for (let y = ry; y < g.inputHeight; y += g.stride[0])
        for (let x = rx; x < g.inputWidth; x += g.stride[1]) pixels.push(y * g.inputWidth + x);
  const table = new Int32Array(pixels.length * kernelHeight * kernelWidth);
  let i = 0;
  for (const pixel of pixels) {
    const y = Math.floor(pixel / g.inputWidth);
    const x = pixel % g.inputWidth;
    for (let ky = 0; ky < kernelHeight; ky++)
      for (let kx = 0; kx < kernelWidth; kx++) {
        const top = y + g.padding[0] - ky * g.dilation[0];
        const left = x + g.padding[2] - kx * g.dilation[1];
        const oy = top / g.stride[0];
        const ox = left / g.stride[1];
        const reached =
          Number.isInteger(oy) &&
          Number.isInteger(ox) &&
          oy >= 0 &&
          ox >= 0 &&
          oy < g.outputHeight &&
          ox < g.outputWidth;
        table[i++] = reached ? (oy * g.outputWidth + ox) * g.outputChannels * 4 : -1;
      }
  }
  return { table, order: Int32Array.from(pixels, (pixel) => pixel * g.inputChannels * 4) };
}

/** [pixel][tap] → [tap][pixel]. */
function transpose(table: Int32Array, taps: number): Int32Array {
  const pixels = table.length / taps;
  const result = new Int32Array(table.length);
  for (let p = 0; p < pixels; p++) for (let t = 0; t < taps; t++) result[t * pixels + p] = table[p * taps + t];
  return result;
}

const pixelOffsets = (count: number, channels: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => i * channels * 4);

const useWinograd = ({ algorithm }: LoweringContext, g: Conv2dGeometry): boolean =>
  algorithm === 'auto' && suitsWinograd(g);

const isDepthwise = (g: Conv2dGeometry): boolean =>
  g.groups > 1 && g.groups === g.inputChannels && g.groups === g.outputChannels;

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

/** Everything conv2d_forward needs to know beside its addresses; see its header. */
interface Product {
  readonly x: Argument;
  readonly packed: Argument;
  readonly bias: Argument;
  readonly y: Value;
  readonly table: Int32Array;
  readonly order: Int32Array;
  readonly xImageBytes: number;
  readonly yImageBytes: number;
  /** 0: the batch is the pixels of one image. */
  readonly pixels: number;
  readonly taps: number;
  readonly depth: number;
  readonly groups: number;
  readonly groupOutputs: number;
  /** Byte offset between the groups' inputs. */
  readonly groupBytes: number;
}

export function callProduct({ call, epilogue, residual }: LoweringContext, p: Product): void {
  const groupTiles = Math.ceil(p.groupOutputs / tile);
  const tiles = groupTiles * p.groups;
  const flat = p.pixels === 0;
  const macsPerPixel = p.taps * p.depth * p.groupOutputs * p.groups;
  const wanted = Math.max(4, Math.floor(macsPerChunk / macsPerPixel / 4) * 4);
  // A linear layer is cut by channels, so that each chunk reads its weights once; a convolution by pixels.
  const chunkPixels = flat ? 0x7fffffff : Math.min(p.pixels, wanted);
  const imageChunks = flat ? 1 : Math.ceil(p.pixels / chunkPixels);
  const chunkTiles = flat ? 1 : tiles;
  const channelChunks = Math.ceil(tiles / chunkTiles);
  const zeros = new Int32Array(p.depth);
  call(
    'conv2d_forward',
    [
      p.x,
      p.packed,
      p.bias,
      address(p.y),
      { table: p.table },
      { table: p.order },
      { table: zeros },
      p.xImageBytes,
      p.yImageBytes,
      p.pixels,
      p.taps,
      p.depth,
      p.groupOutputs,
      p.groupBytes,
      chunkPixels,
      imageChunks,
      chunkTiles,
      channelChunks,
      tiles,
      groupTiles,
      epilogueCode[epilogue],
      addressOr0(residual),
    ],
    (n) => (flat ? 1 : n * imageChunks) * channelChunks,
  );
}

/** Where a convolution's or linear layer's weights [rows][outputs] and bias lie; bias 0 where there is none. */
export interface Weights {
  readonly weight: Argument;
  readonly bias: Argument;
}

/** The node's weights and bias, with the scale and shift folded in that it absorbed. */
export function foldWeights(context: LoweringContext): Weights {
  const { node, affine, scratch, call } = context;
  const [, weight, bias] = node.inputs;
  if (!affine) return { weight: address(weight), bias: addressOr0(bias) };
  const factors = affine();
  const outputs = weight.shape[weight.shape.length - 1];
  const rows = sizeOf(weight.shape) / outputs;
  const folded = { weight: scratch(sizeOf(weight.shape) * 4), bias: scratch(outputs * 4) };
  call(
    'conv2d_fold',
    [address(weight), addressOr0(bias), factors.scale, factors.shift, folded.weight, folded.bias, rows, outputs],
    Math.ceil(rows / 64),
  );
  return folded;
}

/** Packs weights [rows][outputs] and the bias for the product; a tile a chunk. */
export function packForward(
  { scratch, call }: LoweringContext,
  { weight, bias }: Weights,
  rows: number,
  outputs: number,
  groups: number,
): { packed: Argument; bias: Argument } {
  const groupTiles = Math.ceil(outputs / groups / tile);
  const tiles = groupTiles * groups;
  const packed = scratch(tiles * tile * rows * 4);
  const packedBias = bias === 0 ? 0 : scratch(tiles * tile * 4);
  call('conv2d_pack_forward', [weight, packed, rows, outputs, outputs / groups, groupTiles, bias, packedBias], tiles);
  return { packed, bias: packedBias };
}

const imageBytes = (value: Value): number => sizeOf(value.shape) * 4;

const conv2dForward: Lowering = {
  op: 'conv2d',
  epilogues: ['relu', 'relu6'],
  absorbs: ['affine', 'residual'],
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
      const taps = { rows: geometry.kernelSize[0], columns: geometry.kernelSize[1], depth: 1 };
      callDepthwise(context, input, weights, y, forwardOffsets(geometry, taps));
      return;
    }
    const { taps, g, x } = chooseTaps(context, geometry, input);
    const rows = taps.rows * taps.columns * taps.depth;
    const packed = packForward(context, weights, rows, g.outputChannels, g.groups);
    const pixels = g.outputHeight * g.outputWidth;
    callProduct(context, {
      x,
      ...packed,
      y,
      table: forwardOffsets(g, taps),
      order: pixelOffsets(pixels, g.outputChannels),
      xImageBytes: g.inputHeight * g.inputWidth * g.inputChannels * 4,
      yImageBytes: imageBytes(y),
      pixels,
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
    const { node, outputs, scratch, call } = context;
    const [gradient, weight] = node.inputs;
    const [gradX] = outputs;
    const g = conv2dGeometry(node);
    if (useWinograd(context, g)) {
      lowerWinogradBackwardInput(context, g);
      return;
    }
    const taps = g.kernelSize[0] * g.kernelSize[1];
    const { table, order } = backwardOffsets(g);
    const pixels = g.inputHeight * g.inputWidth;
    if (isDepthwise(g)) {
      const inOrder = new Int32Array(table.length);
      order.forEach((offset, i) => {
        inOrder.set(table.subarray(i * taps, (i + 1) * taps), (offset / (g.inputChannels * 4)) * taps);
      });
      callDepthwise(context, gradient, { weight: address(weight), bias: 0 }, gradX, inOrder);
      return;
    }
    const groupInputs = g.inputChannels / g.groups;
    const groupOutputs = g.outputChannels / g.groups;
    const groupTiles = Math.ceil(groupInputs / tile);
    const packed = scratch(groupTiles * g.groups * tile * taps * groupOutputs * 4);
    call(
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

/** How a weight gradient is cut: groups of images (each with a partial gradient), taps, blocks of rows. */
export function cutWeightGradient(
  capacity: number,
  taps: number,
  depth: number,
  flat: boolean,
): { parts: number; blockRows: number } {
  const blockRows =
    taps >= weightChunks ? depth : Math.max(4, Math.ceil(depth / Math.ceil(weightChunks / taps / 4) / 4) * 4);
  const blocks = Math.ceil(depth / blockRows);
  return { parts: flat ? 1 : Math.min(capacity, Math.ceil(weightChunks / (taps * blocks))), blockRows };
}

/** Where `parts` partial results go that are then added in order: the total itself where there is only one. */
export function sumParts(
  { scratch, call }: LoweringContext,
  total: Value,
  parts: number,
  write: (partials: Argument) => void,
): void {
  if (parts === 1) {
    write(address(total));
    return;
  }
  const elements = sizeOf(total.shape);
  const partials = scratch(parts * elements * 4);
  write(partials);
  const chunk = 4096;
  call('reduce_partials', [partials, address(total), elements, parts, chunk], Math.ceil(elements / chunk));
}

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
      const taps = geometry.kernelSize[0] * geometry.kernelSize[1];
      const parts = Math.min(capacity, Math.ceil(weightChunks / taps));
      const images = Math.ceil(capacity / parts);
      const table = transpose(
        forwardOffsets(geometry, { rows: geometry.kernelSize[0], columns: geometry.kernelSize[1], depth: 1 }),
        taps,
      );
      const pixels = geometry.outputHeight * geometry.outputWidth;
      sumParts(context, gradWeight, parts, (partials) =>
        call(
          'conv2d_depthwise_backward_weight',
          [
            address(input),
            address(gradient),
            partials,
            { table },
            geometry.outputChannels,
            imageBytes(input),
            imageBytes(gradient),
            pixels,
            taps,
            images,
          ],
          parts * taps,
        ),
      );
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
