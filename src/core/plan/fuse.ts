import type { GraphNode, Value } from '../graph/graph.ts';
import { windowOf } from '../ops/window.ts';
import { exchangeGates } from './gates.ts';
import type { Algorithm, Doubling, Epilogue, Lowering } from './lowering.ts';

/** A node as it will run: with what its kernel does to the result while storing it, and where the result goes. */
export interface Step {
  readonly node: GraphNode;
  /** An op that scales and shifts each channel by constants (batch norm in evaluation), folded into the weights. */
  readonly affine: GraphNode | undefined;
  /** A value that is added to the result. */
  readonly residual: Value | undefined;
  readonly epilogue: Epilogue;
  /** Maxima of windows of 2x2 are taken of the result; applied last. */
  readonly halving: GraphNode | undefined;
  /** What is read in the stead of a gradient: the places and gradients of its windows of 2x2. */
  readonly doubling: Doubling | undefined;
  /** What the same kernels compute along with it; see join.ts. */
  readonly joined: Step | undefined;
  /** All that the step reads. */
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** The nodes whose outputs a step writes, but for what was fused into them. */
export const nodesOf = ({ node, joined }: Step): readonly GraphNode[] => (joined ? [node, joined.node] : [node]);

/**
 * Merges ops into the node that produces their input, where that node's kernels have a slot for them and nobody else
 * reads the values between: a scale and shift, a sum with a value that is there already, an activation, maxima of 2x2, in
 * this order. And where all readers of a gradient can take it as places and gradients of windows of 2x2, the op that
 * would spread it is left out. No pattern names an op.
 *
 * @param pinned values that must exist after the run; 'no' turns fusing off.
 */
export function fuse(
  given: readonly GraphNode[],
  pinned: ReadonlySet<Value> | 'no',
  loweringOf: (op: string) => Lowering | undefined,
  algorithm: Algorithm = 'auto',
): Step[] {
  const nodes = pinned === 'no' ? given : exchangeGates(given, pinned);
  const readers = new Map<Value, GraphNode[]>();
  for (const node of nodes) for (const value of node.inputs) readers.set(value, [...(readers.get(value) ?? []), node]);
  const isRead = (value: Value): boolean => pinned === 'no' || pinned.has(value) || readers.has(value);
  const merged = new Set<GraphNode>();
  const ready = new Set<Value>();
  const steps: Step[] = [];
  const doubles = (reader: GraphNode, value: Value) => loweringOf(reader.op.name)?.doubles?.(reader, value, algorithm);
  const doublings = pinned === 'no' ? new Map<Value, Doubling>() : findDoublings(nodes, pinned, readers, doubles);
  for (const node of nodes) if (doublings.has(node.outputs[0])) merged.add(node);
  for (const node of nodes) {
    if (merged.has(node)) continue;
    let result = node.outputs[0];
    let affine: GraphNode | undefined;
    let residual: Value | undefined;
    let epilogue: Epilogue = 'none';
    let halving: GraphNode | undefined;
    const slots = pinned === 'no' ? undefined : loweringOf(node.op.name);
    while (slots && result && !halving) {
      const next: GraphNode | undefined = readers.get(result)?.length === 1 ? readers.get(result)?.[0] : undefined;
      if (!next || (pinned as ReadonlySet<Value>).has(result)) break;
      const others = next.inputs.filter((value) => value !== result);
      const kind = next.op.fusesAs;
      if (kind === 'halving' && !residual && isHalving(next) && slots.halves?.(node)) halving = next;
      else if (epilogue !== 'none') break;
      else if (kind === 'affine' && slots.absorbs?.includes('affine') && !affine && !residual) affine = next;
      else if (kind === 'residual' && slots.absorbs?.includes('residual') && !residual && others.length === 1) {
        const [other] = others;
        // Only what was computed before can be added; otherwise the sum goes to the other value's producer.
        if (other.node && !ready.has(other)) break;
        residual = other;
      } else if (next.op.epilogue && slots.epilogues?.includes(next.op.epilogue)) epilogue = next.op.epilogue;
      else break;
      merged.add(next);
      result = next.outputs[0];
    }
    const doubling = node.inputs.map((value) => doublings.get(value)).find(Boolean);
    const own = node.inputs.filter((value) => !doublings.has(value));
    const instead = doubling ? [doubling.places, doubling.gradient] : [];
    const inputs = [...own, ...instead, ...(affine?.inputs.slice(1) ?? []), ...(residual ? [residual] : [])];
    const last = halving ?? node;
    const others = last.outputs.filter((value, i) => i > 0 && (!last.op.optional?.includes(i) || isRead(value)));
    const outputs = result ? [result, ...others] : [];
    for (const value of outputs) ready.add(value);
    steps.push({ node, affine, residual, epilogue, halving, doubling, joined: undefined, inputs, outputs });
  }
  return steps;
}

/** The gradients that nobody stores: all their readers take places and gradients of windows of 2x2 instead. */
function findDoublings(
  nodes: readonly GraphNode[],
  pinned: ReadonlySet<Value>,
  readers: ReadonlyMap<Value, readonly GraphNode[]>,
  doubles: (reader: GraphNode, value: Value) => boolean | undefined,
): Map<Value, Doubling> {
  const found = new Map<Value, Doubling>();
  for (const node of nodes) {
    const [value] = node.outputs;
    if (node.op.fusesAs !== 'doubling' || !isHalving(node) || pinned.has(value)) continue;
    const [places, gradient] = node.inputs;
    if (readers.get(value)?.every((reader) => doubles(reader, value))) found.set(value, { places, gradient });
  }
  return found;
}

/** Whether the windows of a pooling are 2x2, side by side and without padding. */
export function isHalving(node: GraphNode): boolean {
  const { kernelSize, stride, padding, dilation, ceilMode } = windowOf(node.attributes);
  const halves = [...kernelSize, ...stride].every((size) => size === 2) && dilation.every((size) => size === 1);
  return halves && !ceilMode && padding.every((size) => size === 0);
}
