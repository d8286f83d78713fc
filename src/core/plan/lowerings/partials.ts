import type { Value } from '../../graph/graph.ts';
import { sizeOf } from '../../shape.ts';
import { type Argument, address, type LoweringContext } from '../lowering.ts';

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
