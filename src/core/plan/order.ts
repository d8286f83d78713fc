import type { Value } from '../graph/graph.ts';
import { nodesOf, type Step } from './fuse.ts';

/** What a step reads, and what it writes: its outputs and what it changes in place. */
export interface Touched {
  readonly reads: ReadonlySet<Value>;
  readonly writes: ReadonlySet<Value>;
}

/**
 * Moves every step that computes nothing of the batch's size (gradients of weights, optimizer updates) up to directly
 * behind the last step it depends on. So a weight gradient is computed before the input gradient needs its room, and an
 * update as soon as its gradient is there and nobody reads the old weight any more, which frees the gradient.
 *
 * Each step reads what it read before, so no bit changes.
 */
export function orderForMemory(steps: readonly Step[]): Step[] {
  const ordered: { readonly step: Step; readonly touched: Touched }[] = [];
  for (const step of steps) {
    const entry = { step, touched: touchedBy(step) };
    let place = ordered.length;
    if (step.outputs.every((value) => !value.batched)) {
      while (place > 0 && !dependsOn(entry.touched, ordered[place - 1].touched)) place--;
      // A step that needs nothing (a constant) would only live longer.
      if (place === 0) place = ordered.length;
    }
    ordered.splice(place, 0, entry);
  }
  return ordered.map(({ step }) => step);
}

export function touchedBy(step: Step): Touched {
  const changed = nodesOf(step).flatMap(({ op, inputs }) => (op.mutates ?? []).flatMap((i) => inputs[i] ?? []));
  return { reads: new Set(step.inputs), writes: new Set([...step.outputs, ...changed]) };
}

/** Whether `later` must not run before `earlier`: one of them writes what the other reads or writes. */
export function dependsOn(later: Touched, earlier: Touched): boolean {
  for (const value of earlier.writes) if (later.reads.has(value) || later.writes.has(value)) return true;
  for (const value of later.writes) if (earlier.reads.has(value)) return true;
  return false;
}
