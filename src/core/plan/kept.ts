import type { Plan } from './compile.ts';

/** A value that waits for the backward pass. */
export interface Kept {
  /** As in the graph. */
  readonly value: string;
  /** Of a whole batch. */
  readonly bytes: number;
}

/**
 * What a training plan really keeps of its forward pass: values that are written before the first step of the loss or of
 * the backward pass and read at or after it. A value that another took over in place counts under its first name.
 *
 * @param forward how many of the graph's nodes, from the first on, belong to the forward pass.
 */
export function keptForBackward({ steps, lifetimes }: Plan, forward: number): Kept[] {
  const begin = steps.findIndex(({ node }) => node.id >= forward);
  if (begin < 0) return [];
  return lifetimes
    .filter(({ isScratch, from, to }) => !isScratch && from < begin && to >= begin)
    .map(({ name, bytes }) => ({ value: name, bytes }));
}
