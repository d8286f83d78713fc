import type { Value } from '../../graph/graph.ts';
import type { Conv2dGeometry } from '../../ops/conv2d.ts';
import { type Argument, address, addressOr0, type LoweringContext } from '../lowering.ts';
import { planes, scratchBytes, sizesOf, tilesOf, tilesOfBlock, transformWeights, weightBytes } from './winograd.ts';

/**
 * Parts into which a batch is cut for its weight gradient: each sums its own, and they are added in order. Many channels
 * make fewer parts, since each part's sums are written and read again; but so many that 8 threads have work.
 */
const partsOf = (inputs: number, outputs: number): number =>
  Math.max(8, Math.min(mostParts, Math.floor(partialBytes / (planes * inputs * outputs * 4))));
const mostParts = 16;
const partialBytes = 2.5 * 1024 * 1024;

/** Up to so many products of channels, sums of parts are small enough to be the best way for any batch. */
const fewChannels = 64 * 64;
/** Bytes of a plane of 8 channels; see kernels/conv2d_winograd_many.ts. */
const groupPlaneBytes = (tiles: number): number => tiles * 32 + 64;

/** What `conv2d_backward_winograd` computes, and for how many images a chunk. */
interface Gradients {
  readonly gradient: Value;
  readonly images: number;
  readonly chunks: number | ((n: number) => number);
  /** The gradient by the weights: of each chunk its sums. */
  readonly byWeight: { readonly x: Value; readonly partials: Argument } | undefined;
  readonly byInput: { readonly weight: Value; readonly gradX: Value } | undefined;
}

function callBackward(
  context: LoweringContext,
  g: Conv2dGeometry,
  { gradient, images, chunks, byWeight, byInput }: Gradients,
): void {
  const { doubling, threadScratch, call } = context;
  const block = tilesOfBlock(g.inputChannels, g.outputChannels);
  const u = byInput ? transformWeights(context, g, address(byInput.weight), true) : 0;
  threadScratch(scratchBytes(block, g.inputChannels, g.outputChannels));
  call(
    'conv2d_backward_winograd',
    [
      ...[addressOr0(byWeight?.x), address(doubling?.gradient ?? gradient), byWeight?.partials ?? 0, images],
      ...sizesOf(g, block),
      ...[addressOr0(doubling?.places), u, addressOr0(byInput?.gradX)],
    ],
    chunks,
  );
}

export function lowerWinogradBackwardInput(context: LoweringContext, g: Conv2dGeometry): void {
  const [gradient, weight] = context.node.inputs;
  const [gradX] = context.outputs;
  // Tiles overlap, so an image belongs to one chunk; small images go together to fill a block.
  const block = tilesOfBlock(g.inputChannels, g.outputChannels);
  const images = Math.max(1, Math.round(block / tilesOf(g.outputHeight, g.outputWidth).count));
  const chunks = (n: number): number => Math.ceil(n / images);
  callBackward(context, g, { gradient, images, chunks, byWeight: undefined, byInput: { weight, gradX } });
}

/** Whether the weight gradient is summed by the whole batch at once; see kernels/conv2d_winograd_many.ts. */
function sumsWholeBatch(g: Conv2dGeometry, capacity: number): boolean {
  const { inputChannels: inputs, outputChannels: outputs } = g;
  const { count } = tilesOf(g.outputHeight, g.outputWidth);
  const transformedBytes = (planes * groupPlaneBytes(capacity * count) * (inputs + outputs)) / 8;
  return inputs * outputs > fewChannels && transformedBytes < partsOf(inputs, outputs) * planes * inputs * outputs * 4;
}

/**
 * Whether one kernel computes both gradients, which then transforms the gradient of the result once. Its chunks are the parts
 * of the weight gradient, and a part's sums and Uᵀ go through the cache with each block: so only with channels so few
 * that there are as many parts as can be.
 */
export const joinsWinogradGradients = ({ inputChannels, outputChannels }: Conv2dGeometry): boolean =>
  partsOf(inputChannels, outputChannels) === mostParts;

export function lowerWinogradBackwardWeight(context: LoweringContext, g: Conv2dGeometry): void {
  const { node, joined, outputs, capacity, scratch, call } = context;
  if (sumsWholeBatch(g, capacity)) {
    lowerWeightOfWholeBatch(context, g);
    return;
  }
  const [x, gradient] = node.inputs;
  const [gradWeight] = outputs;
  const { inputChannels, outputChannels } = g;
  const images = Math.ceil(capacity / partsOf(inputChannels, outputChannels));
  const parts = Math.ceil(capacity / images);
  const partials = scratch(parts * weightBytes(g));
  const byInput = joined && { weight: joined.node.inputs[1], gradX: joined.outputs[0] };
  callBackward(context, g, { gradient, images, chunks: parts, byWeight: { x, partials }, byInput });
  const words = [partials, address(gradWeight), inputChannels, outputChannels, parts];
  call('conv2d_backward_weight_winograd_reduce', words, inputChannels);
}

function lowerWeightOfWholeBatch(context: LoweringContext, g: Conv2dGeometry): void {
  const { node, outputs, capacity, doubling, scratch, threadScratch, call } = context;
  const [x, gradient] = node.inputs;
  const { inputChannels, outputChannels } = g;
  const { count } = tilesOf(g.outputHeight, g.outputWidth);
  const groupBytes = planes * groupPlaneBytes(capacity * count);
  const [v, m] = [inputChannels, outputChannels].map((channels) => scratch((groupBytes * channels) / 8));
  const tiles = 16;
  threadScratch(Math.max(scratchBytes(0, inputChannels, outputChannels), (planes * 8 + planes) * 32));
  call(
    'conv2d_backward_weight_winograd_transform',
    [
      ...[address(x), address(doubling?.gradient ?? gradient), v, m],
      ...sizesOf(g, tiles),
      addressOr0(doubling?.places),
    ],
    (n) => Math.ceil((n * count) / tiles),
  );
  const words = [v, m, address(outputs[0]), count, inputChannels, outputChannels];
  call('conv2d_backward_weight_winograd_multiply', words, inputChannels / 8);
}
