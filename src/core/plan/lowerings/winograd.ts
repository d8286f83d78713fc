import type { Conv2dGeometry } from '../../ops/conv2d.ts';
import { type Argument, address, addressOr0, epilogueCode, type LoweringContext } from '../lowering.ts';
import type { Weights } from './product.ts';

/** Outputs of a tile, a side. */
const tile = 4;
/** Products of a tile, and planes of every transformed tensor. */
export const planes = 36;

/** Largest error over the RMS of the result, against float64: what is to be expected, as measured on the presets' layers. */
export const expectedError = { direct: 1e-6, winograd: 3e-5 } as const;

/**
 * The rule that chooses Winograd's F(4x4, 3x3) over the direct kernels, by shape alone: 3x3 kernels of stride and
 * dilation 1 without groups; channels in multiples of 8 and at least 16, since below that the transforms cost more than
 * the products save; and outputs that fill their tiles well enough to save 40 % of the multiplications.
 *
 * @returns what stands against it, as part of a sentence; undefined where it suits.
 */
export function refusesWinograd(g: Conv2dGeometry): string | undefined {
  const { kernelSize, stride, dilation, groups, inputChannels, outputChannels, outputHeight, outputWidth } = g;
  if (groups !== 1) return `it has ${groups} groups`;
  if (kernelSize.some((size) => size !== 3)) return `its kernel size is ${kernelSize.join('x')}, not 3x3`;
  if (stride.some((step) => step !== 1)) return `its stride is ${stride.join('x')}, not 1`;
  if (dilation.some((step) => step !== 1)) return `its dilation is ${dilation.join('x')}, not 1`;
  const channels = [inputChannels, outputChannels];
  const few = channels.find((count) => count < 16);
  if (few !== undefined) return `${few} ${few === 1 ? 'channel is' : 'channels are'} fewer than 16`;
  const odd = channels.find((count) => count % 8 !== 0);
  if (odd !== undefined) return `${odd} channels are no multiple of 8`;
  const { count } = tilesOf(outputHeight, outputWidth);
  if (count * planes <= 0.6 * 9 * outputHeight * outputWidth) return undefined;
  return `${outputHeight}x${outputWidth} outputs fill tiles of ${tile}x${tile} too badly`;
}

export const suitsWinograd = (g: Conv2dGeometry): boolean => refusesWinograd(g) === undefined;

export const tilesOf = (height: number, width: number): { y: number; x: number; count: number } => {
  const y = Math.ceil(height / tile);
  const x = Math.ceil(width / tile);
  return { y, x, count: y * x };
};

/** Bytes of V and M of a block that stay in a second-level cache beside the weights that stream through it. */
const blockBytes = 256 * 1024;

/** Rows of a block's products; the kernel has room to order so many. */
const mostTiles = 64;

/** Tiles of a block: as many as the cache holds, 8 to 64, a multiple of the register tile. */
export const tilesOfBlock = (inputs: number, outputs: number): number => {
  const fitting = blockBytes / (planes * 4 * (inputs + outputs));
  return Math.max(8, Math.min(mostTiles, Math.floor(fitting / 4) * 4));
};

const planeBytes = (tiles: number, channels: number): number => tiles * channels * 4 + 64;

/** Bytes of transformed weights, or of their gradient. */
export const weightBytes = ({ inputChannels, outputChannels }: Conv2dGeometry): number =>
  planes * planeBytes(inputChannels, outputChannels);

export const scratchBytes = (block: number, inputs: number, outputs: number): number =>
  planes * (planeBytes(block, inputs) + planeBytes(block, outputs)) +
  (planes + 6) * 32 +
  planes * 4 * Math.max(inputs, outputs);

/** What the kernels are told of the convolution; see their headers. */
export function sizesOf(
  g: Conv2dGeometry,
  block: number,
  tiles: { y: number; x: number } = tilesOf(g.outputHeight, g.outputWidth),
): number[] {
  const input = [g.inputHeight, g.inputWidth, g.inputChannels];
  const output = [g.outputHeight, g.outputWidth, g.outputChannels];
  return [...input, ...output, g.padding[0], g.padding[2], tiles.y, tiles.x, block];
}

/** Transforms weights; transposed for the input gradient. */
export function transformWeights(
  { prepared, prepare }: LoweringContext,
  g: Conv2dGeometry,
  weight: Argument,
  transposed: boolean,
): Argument {
  const { inputChannels, outputChannels } = g;
  const u = prepared(weightBytes(g));
  const tiles = (transposed ? inputChannels : outputChannels) / 8;
  prepare('conv2d_winograd_weights', [weight, u, inputChannels, outputChannels, transposed ? 1 : 0], tiles);
  return u;
}

/** Tiles of a forward pass, and which of the last ones take the fewer products of two outputs: rows 1, columns 2. */
function forwardTiles(
  { halving, evaluation }: LoweringContext,
  { outputHeight, outputWidth }: Conv2dGeometry,
): { y: number; x: number; narrow: number } {
  // Of an odd side, windows of 2x2 leave the last row out.
  const [rows, columns] = [outputHeight, outputWidth].map((size) => (halving ? size - (size % 2) : size));
  const { y, x } = tilesOf(rows, columns);
  const few = (size: number): boolean => size % tile === 1 || size % tile === 2;
  // Whole tiles where gradients follow: theirs are whole, and which pixel is a maximum must not depend on fusing.
  return { y, x, narrow: evaluation ? Number(few(rows)) + 2 * Number(few(columns)) : 0 };
}

/**
 * Narrow tiles are multiplied apart from whole ones, four at once: so a block is as many whole images as come into twice the
 * usual room, at most four, if any.
 */
function blockOf(
  { inputChannels, outputChannels }: Conv2dGeometry,
  { y, x, narrow }: ReturnType<typeof forwardTiles>,
): number {
  const usual = tilesOfBlock(inputChannels, outputChannels);
  const images = Math.min(4, Math.floor((2 * blockBytes) / (planes * 4 * (inputChannels + outputChannels) * y * x)));
  return narrow === 0 || images === 0 || images * y * x > mostTiles ? usual : images * y * x;
}

export function lowerWinogradForward(context: LoweringContext, g: Conv2dGeometry, weights: Weights): void {
  const { node, outputs, threadScratch, call, epilogue, residual, halving } = context;
  const u = transformWeights(context, g, weights.weight, false);
  const tiles = forwardTiles(context, g);
  const block = blockOf(g, tiles);
  threadScratch(scratchBytes(block, g.inputChannels, g.outputChannels));
  call(
    'conv2d_forward_winograd',
    [
      ...[address(node.inputs[0]), u, weights.bias, address(outputs[0])],
      ...sizesOf(g, block, tiles),
      epilogueCode[epilogue],
      addressOr0(residual),
      halving ? 1 : 0,
      addressOr0(outputs[1]),
      tiles.narrow,
    ],
    (n) => Math.ceil((n * tiles.y * tiles.x) / block),
  );
}
