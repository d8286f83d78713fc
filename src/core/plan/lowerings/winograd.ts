import type { Value } from '../../graph/graph.ts';
import type { Conv2dGeometry } from '../../ops/conv2d.ts';
import type { Shape } from '../../shape.ts';
import { type Argument, address, addressOr0, epilogueCode, type LoweringContext } from '../lowering.ts';
import type { Weights } from './product.ts';

/** Outputs of a tile, a side. */
const tile = 4;
/** Products of a tile, and planes of every transformed tensor. */
const planes = 36;

/**
 * The rule that chooses Winograd's F(4x4, 3x3) over the direct kernels, by shape alone: 3x3 kernels of stride and
 * dilation 1 without groups; channels in multiples of 8 and at least 16, since below that the transforms cost more than
 * the products save; and outputs that fill their tiles well enough to save 40 % of the multiplications.
 */
export function suitsWinograd(g: Conv2dGeometry): boolean {
  const dense = g.groups === 1 && [...g.kernelSize].every((size) => size === 3);
  const unit = [...g.stride, ...g.dilation].every((step) => step === 1);
  const channels = [g.inputChannels, g.outputChannels].every((count) => count % 8 === 0 && count >= 16);
  const narrow = g.padding.every((size) => size <= 2);
  if (!dense || !unit || !channels || !narrow) return false;
  const saves = (height: number, width: number): boolean =>
    tilesOf(height, width).count * planes <= 0.6 * 9 * height * width;
  return saves(g.outputHeight, g.outputWidth) && saves(g.inputHeight, g.inputWidth);
}

const tilesOf = (height: number, width: number): { y: number; x: number; count: number } => {
  const y = Math.ceil(height / tile);
  const x = Math.ceil(width / tile);
  return { y, x, count: y * x };
};

/** Bytes of V and M of a block that stay in a second-level cache beside the weights that stream through it. */
const blockBytes = 256 * 1024;

/** Tiles of a block: as many as the cache holds, 8 to 64, a multiple of the register tile. */
const tilesOfBlock = (inputs: number, outputs: number): number => {
  const fitting = blockBytes / (planes * 4 * (inputs + outputs));
  return Math.max(8, Math.min(64, Math.floor(fitting / 4) * 4));
};

const planeBytes = (tiles: number, channels: number): number => tiles * channels * 4 + 64;

const scratchBytes = (block: number, inputs: number, outputs: number): number =>
  planes * (planeBytes(block, inputs) + planeBytes(block, outputs)) +
  planes * 16 +
  planes * 4 * Math.max(inputs, outputs);

/** A convolution of `x` by transformed weights: the forward pass, or the input gradient with the weights turned round. */
function callWinograd(
  context: LoweringContext,
  {
    x,
    weights,
    shape,
    y,
    transposed,
    padding,
  }: {
    readonly x: Value;
    readonly weights: Weights;
    /** [3, 3, inputs, outputs] of the weights as they lie in memory. */
    readonly shape: Shape;
    readonly y: Value;
    readonly transposed: boolean;
    readonly padding: readonly [number, number];
  },
): void {
  const { scratch, threadScratch, call, epilogue, residual } = context;
  const [height, width, inputs] = x.shape;
  const [outputHeight, outputWidth, outputs] = y.shape;
  const tiles = tilesOf(outputHeight, outputWidth);
  const block = tilesOfBlock(inputs, outputs);
  const u = scratch(planes * inputs * outputs * 4);
  call('conv2d_winograd_weights', [weights.weight, u, shape[2], shape[3], transposed ? 1 : 0], outputs / 8);
  threadScratch(scratchBytes(block, inputs, outputs));
  const sizes = [height, width, inputs, outputHeight, outputWidth, outputs, ...padding, tiles.y, tiles.x, block];
  call(
    'conv2d_forward_winograd',
    [address(x), u, weights.bias, address(y), ...sizes, epilogueCode[epilogue], addressOr0(residual)],
    (n) => Math.ceil((n * tiles.count) / block),
  );
}

export function lowerWinogradForward(context: LoweringContext, g: Conv2dGeometry, weights: Weights): void {
  const [x, { shape }] = context.node.inputs;
  const padding = [g.padding[0], g.padding[2]] as const;
  callWinograd(context, { x, weights, shape, y: context.outputs[0], transposed: false, padding });
}

export function lowerWinogradBackwardInput(context: LoweringContext, g: Conv2dGeometry): void {
  const [gradient, weight] = context.node.inputs;
  const padding = [2 - g.padding[0], 2 - g.padding[2]] as const;
  callWinograd(context, {
    x: gradient,
    weights: { weight: address(weight), bias: 0 },
    shape: weight.shape,
    y: context.outputs[0],
    transposed: true,
    padding,
  });
}

/** Parts into which a batch is cut for its weight gradient: each sums its own, and they are added in order. */
const mostParts = 16;

export function lowerWinogradBackwardWeight(context: LoweringContext, g: Conv2dGeometry): void {
  const {
    node,
    outputs: [gradWeight],
    capacity,
    scratch,
    threadScratch,
    call,
  } = context;
  const [x, gradient] = node.inputs;
  const inputs = g.inputChannels;
  const outputs = g.outputChannels;
  const tiles = tilesOf(g.outputHeight, g.outputWidth);
  const block = tilesOfBlock(inputs, outputs);
  const images = Math.ceil(capacity / mostParts);
  const parts = Math.ceil(capacity / images);
  const partials: Argument = scratch(parts * planes * inputs * outputs * 4);
  threadScratch(scratchBytes(block, inputs, outputs));
  const sizes = [
    g.inputHeight,
    g.inputWidth,
    inputs,
    g.outputHeight,
    g.outputWidth,
    outputs,
    g.padding[0],
    g.padding[2],
  ];
  call(
    'conv2d_backward_weight_winograd',
    [address(x), address(gradient), partials, images, ...sizes, tiles.y, tiles.x, block],
    parts,
  );
  call('conv2d_backward_weight_winograd_reduce', [partials, address(gradWeight), inputs, outputs, parts], inputs);
}
