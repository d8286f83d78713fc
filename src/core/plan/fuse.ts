import type { GraphNode, Value } from '../graph/graph.ts';
import type { Epilogue } from './lowering.ts';

/** A node as it will run: with what its kernel applies while storing, and where the result goes. */
export interface Step {
  readonly node: GraphNode;
  readonly epilogue: Epilogue;
  readonly outputs: readonly Value[];
}

/**
 * Merges an elementwise op into the node that produces its only input, where that node's kernel declares the epilogue
 * and nobody else reads the value between them. No pattern names an op.
 *
 * @param pinned values that must exist after the run; 'no' turns fusing off.
 */
export function fuseEpilogues(
  nodes: readonly GraphNode[],
  pinned: ReadonlySet<Value> | 'no',
  epiloguesOf: (op: string) => readonly Epilogue[],
): Step[] {
  const readers = new Map<Value, GraphNode[]>();
  for (const node of nodes) for (const value of node.inputs) readers.set(value, [...(readers.get(value) ?? []), node]);
  const merged = new Set<GraphNode>();
  const steps: Step[] = [];
  for (const node of nodes) {
    if (merged.has(node)) continue;
    const value = node.outputs[0];
    const next = value && readers.get(value)?.length === 1 ? readers.get(value)?.[0] : undefined;
    const epilogue = next?.op.epilogue;
    if (pinned !== 'no' && next && epilogue && !pinned.has(value) && epiloguesOf(node.op.name).includes(epilogue)) {
      merged.add(next);
      steps.push({ node, epilogue, outputs: [next.outputs[0], ...node.outputs.slice(1)] });
    } else steps.push({ node, epilogue: 'none', outputs: node.outputs });
  }
  return steps;
}
