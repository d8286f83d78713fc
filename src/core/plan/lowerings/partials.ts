import type { Value } from '../../graph/graph.ts';
import type { Conv2dGeometry } from '../../ops/conv2d.ts';
import { sizeOf } from '../../shape.ts';
import { type Argument, address, type LoweringContext } from '../lowering.ts';
import { tapsOf } from './taps.ts';

/** Weight gradients are cut into at least this many chunks, so that any sensible number of threads is busy. */
export const weightChunks = 32;

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

/**
 * Where an image has so few pixels and the weight so many bytes, sums over one image are added to a weight gradient that
 * leaves the cache between two images; the sums then run over the pixels of the whole batch.
 */
const fewPixels = 16;
const cachedWeightBytes = 256 * 1024;
const mostFlatRows = 128;

/** Each channel of a weight gradient reads all pixels again: more bytes of them than these are taken in blocks. */
const readAgainBytes = 512 * 1024;
const limitPixels = (pixels: number, bytesOfPixel: number): number =>
  pixels * bytesOfPixel <= readAgainBytes ? pixels : Math.max(64, Math.floor(readAgainBytes / 2 / bytesOfPixel));

/** The order in which the direct kernel sums a convolution's weight gradient; its arithmetic follows it. */
export interface DirectWeightGradient {
  /** The pixels of the whole batch are summed as if they were those of one image. */
  readonly flat: boolean;
  /** Partial gradients, of `images` images each, that are added at the end. */
  readonly parts: number;
  readonly images: number;
  readonly blockRows: number;
  /** Pixels that are summed by themselves before the sum is added to those before. */
  readonly pixelsAtOnce: number;
}

/** @param doubled whether the gradient is read as windows of 2x2 (a pooling's gradient, never written out). */
export function cutDirectWeightGradient(g: Conv2dGeometry, capacity: number, doubled = false): DirectWeightGradient {
  const { taps, framed } = tapsOf(g);
  const tapCount = taps.rows * taps.columns;
  const pixels = g.outputHeight * g.outputWidth;
  const weightBytes = tapCount * taps.depth * g.outputChannels * 4;
  const flat = !doubled && pixels <= fewPixels && weightBytes > cachedWeightBytes;
  const { parts, blockRows } = cutWeightGradient(capacity, tapCount, taps.depth, flat);
  const readBytes = (framed.inputHeight * framed.inputWidth * g.inputChannels + pixels * g.outputChannels) * 4;
  return {
    flat,
    parts,
    images: Math.ceil(capacity / parts),
    blockRows: flat ? Math.min(blockRows, mostFlatRows) : blockRows,
    pixelsAtOnce: limitPixels(flat ? pixels * capacity : pixels, readBytes / pixels),
  };
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
