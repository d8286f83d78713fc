import { elementCount } from '../graph/graph.ts';
import type { Stage } from './compile.ts';
import { nodesOf, type Step } from './fuse.ts';

/** Multiply-adds and written elements, about: what a run costs, for decisions that change no bit. */
export interface Work {
  /** Of a batch of n, in all. */
  total(n: number): number;
  /** Of a batch of n, that one of `threads` does at least: stages of few chunks leave the others idle. */
  longestShare(n: number, threads: number): number;
}

/** The work of a plan: a stage's chunks count as equal, a node's calls as cut like the most divided one of them. */
export function workOf(steps: readonly Step[], stages: readonly Stage[]): Work {
  // Asked before every run: nodes are looked at once.
  const costs = steps.map((step) => {
    const elements = (batched: boolean): number =>
      step.outputs.reduce((sum, value) => (value.batched === batched ? sum + elementCount(value, 1) : sum), 0);
    const macs = nodesOf(step).reduce((sum, node) => sum + (node.op.macs?.(node) ?? 0), 0);
    return { once: elements(false), perSample: elements(true) + macs };
  });
  const ofStep = (step: number, n: number): number => costs[step].once + n * costs[step].perSample;
  const parts = stages.map(({ calls, region }) => ({
    steps: [...new Set(calls.map(({ step }) => step))],
    chunks: (n: number) =>
      region ? Math.ceil(n / region.samples) : Math.max(1, ...calls.map((call) => call.chunks(n))),
  }));
  return {
    total: (n) => steps.reduce((sum, _, step) => sum + ofStep(step, n), 0),
    longestShare: (n, threads) =>
      parts.reduce((sum, { steps: own, chunks }) => {
        const count = chunks(n);
        const share = Math.ceil(count / threads) / count;
        return sum + share * own.reduce((work, step) => work + ofStep(step, n), 0);
      }, 0),
  };
}
