import type { GraphNode, Value } from '../graph/graph.ts';

/**
 * Brings the gradient of an activation before the gradient of the pooling that reads it: where `selects` passes elements of
 * a gradient by the sign of a result, and a pooling took its maxima of this result, the elements that reach the result
 * are those of the pooled one, and are passed by the same values there. So the selection runs over the pooled
 * gradient, a quarter of the elements or fewer, and nobody reads the activation's result any more but the pooling, into
 * which (or both into the op before) it can then be fused. No element's bits change.
 *
 * @param pinned values that must exist after the run.
 * @returns the nodes with such pairs exchanged; what others read keeps its identity.
 */
export function exchangeGates(nodes: readonly GraphNode[], pinned: ReadonlySet<Value>): GraphNode[] {
  const readers = new Map<Value, number>();
  for (const { inputs } of nodes) for (const value of inputs) readers.set(value, (readers.get(value) ?? 0) + 1);
  /** The pooling's gradients that have found their place behind a selection. */
  const moved = new Set<GraphNode>();
  const exchanged = nodes.flatMap((gate) => {
    const [gradient, result] = gate.inputs;
    const spread = gate.op.selects ? gradient.node : undefined;
    if (spread?.op.fusesAs !== 'doubling' || readers.get(gradient) !== 1 || pinned.has(gradient)) return [gate];
    const [places, pooledGradient] = spread.inputs;
    const pool = places.node;
    if (!pool || pool.inputs[0] !== result) return [gate];
    moved.add(spread);
    const passed: Value[] = [];
    const before: GraphNode = { ...gate, inputs: [pooledGradient, pool.outputs[0]], outputs: passed };
    passed.push({ ...pooledGradient, name: `${gate.name}.pooled`, role: 'intermediate', node: before });
    return [before, { ...spread, inputs: [places, passed[0]], outputs: gate.outputs }];
  });
  return exchanged.filter((node) => !moved.has(node));
}
