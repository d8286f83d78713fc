import { elementCount, type Value } from '../graph/graph.ts';
import type { Plan } from './compile.ts';

/** What a plan needs and what it takes, in bytes. */
export interface PlanMemory {
  /** Parameters and running statistics. */
  readonly weights: number;
  /** What the optimizer remembers. */
  readonly optimizer: number;
  /** The most that inputs, intermediate values and gradients take at any step. */
  readonly live: number;
  /** The same with what the step's own kernels hold: transformed weights, partial sums, framed pictures. */
  readonly held: number;
  /** Workspace as it was laid out: live values, scratch of the kernels, and gaps. */
  readonly workspace: number;
  /** The least that any layout needs: weights + optimizer + held. */
  readonly lowerBound: number;
  /** weights + optimizer + workspace. */
  readonly peak: number;
  /** Node that runs when most is live. */
  readonly fullest: string;
}

/**
 * Measures a plan against its lower bound: values that are live at the same step (each from the step that writes it to the
 * last that reads it, so among them all that the forward pass must keep for the backward pass), and what the kernels of
 * that step hold, need room at the same time, whatever the layout.
 */
export function measurePlan(plan: Plan): PlanMemory {
  // A value that is asked for lives to step number `steps.length`: after the last.
  const live = new Array<number>(plan.steps.length + 1).fill(0);
  const held = [...live];
  for (const { bytes, from, to, isScratch } of plan.lifetimes) {
    for (let step = from; step <= to; step++) {
      held[step] += bytes;
      if (!isScratch) live[step] += bytes;
    }
  }
  const most = Math.max(0, ...held);
  const sum = (wanted: (value: Value) => boolean): number =>
    plan.persistent.reduce((total, value) => total + (wanted(value) ? 4 * elementCount(value, 1) : 0), 0);
  const weights = sum(({ role }) => role !== 'state');
  const optimizer = sum(({ role }) => role === 'state');
  return {
    weights,
    optimizer,
    live: Math.max(0, ...live),
    held: most,
    workspace: plan.workspaceBytes,
    lowerBound: weights + optimizer + most,
    peak: weights + optimizer + plan.workspaceBytes,
    fullest: plan.steps[held.indexOf(most)]?.node.name ?? '',
  };
}
