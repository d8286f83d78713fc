import type { CompileOptions } from '../backend/backend.ts';
import { FoveaError } from '../errors.ts';
import { bytesPerElement, elementCount, type Graph, type GraphNode, isPersistent, type Value } from '../graph/graph.ts';
import { fuse, type Step } from './fuse.ts';
import type { AffineFactors, Argument, KernelCall, LoweringContext } from './lowering.ts';
import { lowerings } from './lowerings/index.ts';
import { type Lifetime, placeInWorkspace } from './memory.ts';

/** One call of a kernel in a plan, with the node it belongs to. */
export interface PlannedCall extends KernelCall {
  /** Index of the node in the plan's order; calls of one node are consecutive. */
  readonly step: number;
  readonly node: string;
}

/** A compiled graph before it is bound to an address: a flat list of kernel calls and where everything lies. */
export interface Plan {
  readonly graph: Graph;
  readonly capacity: number;
  /** The nodes that run, in order, each with what was fused into it. */
  readonly steps: readonly Step[];
  readonly calls: readonly PlannedCall[];
  /** Byte offset in the workspace of every input and intermediate that is used. */
  readonly offsets: ReadonlyMap<Value, number>;
  /** Byte offset in the workspace of each scratch region. */
  readonly scratchOffsets: readonly number[];
  readonly workspaceBytes: number;
  /** Bytes each thread needs for itself. */
  readonly threadScratchBytes: number;
  readonly persistent: readonly Value[];
  /** For tests of the placement: what lives when, in bytes and step numbers, and where. */
  readonly lifetimes: readonly (Lifetime & { readonly offset: number })[];
}

/** Chooses kernels, fuses, computes lifetimes and places everything in one workspace. */
export function compilePlan(graph: Graph, options: CompileOptions): Plan {
  const { capacity } = options;
  const pinned = new Set(options.outputs);
  const needed = neededNodes(graph, pinned);
  const steps = fuse(needed, options.fuse === false ? 'no' : pinned, (op) => lowerings.get(op));

  const calls: PlannedCall[] = [];
  const scratchSizes: { bytes: number; step: number }[] = [];
  let threadScratchBytes = 0;
  steps.forEach((fused, step) => {
    const { node } = fused;
    const lowering = lowerings.get(node.op.name);
    if (!lowering)
      throw new FoveaError(`Expected a kernel for op '${node.op.name}' (node '${node.name}') but received none`);
    const context: LoweringContext = {
      node,
      capacity,
      algorithm: options.algorithm ?? 'auto',
      affine: fused.affine && (() => affineOf(fused.affine as GraphNode, context)),
      residual: fused.residual,
      epilogue: fused.epilogue,
      outputs: fused.outputs,
      scratch: (bytes) => ({ scratch: scratchSizes.push({ bytes, step }) - 1 }),
      threadScratch: (bytes) => {
        threadScratchBytes = Math.max(threadScratchBytes, bytes);
      },
      call: (kernel, args, chunks) => {
        calls.push({ kernel, args, chunks: typeof chunks === 'number' ? () => chunks : chunks, step, node: node.name });
      },
    };
    lowering.lower(context);
  });

  // An in-place output takes over the storage of the input that dies at its node.
  const lastUse = new Map<Value, number>();
  const firstUse = new Map<Value, number>();
  steps.forEach(({ inputs, outputs }, step) => {
    for (const value of [...inputs, ...outputs]) {
      lastUse.set(value, step);
      if (!firstUse.has(value)) firstUse.set(value, value.role === 'input' ? 0 : step);
    }
  });
  for (const value of pinned) {
    lastUse.set(value, steps.length);
    if (!firstUse.has(value)) firstUse.set(value, 0); // an input that is asked for and read by no node
  }
  const storage = new Map<Value, Value>();
  const storageOf = (value: Value): Value => storage.get(value) ?? value;
  const endOfStorage = new Map<Value, number>(lastUse);
  const bytesOf = (value: Value): number => elementCount(value, capacity) * bytesPerElement[value.type];
  steps.forEach(({ node, outputs }, step) => {
    if (node.op.inPlace === undefined || outputs.length !== 1) return;
    const input = node.inputs[node.op.inPlace];
    const [output] = outputs;
    if (input.role !== 'intermediate' || pinned.has(input) || bytesOf(input) !== bytesOf(output)) return;
    const root = storageOf(input);
    if (endOfStorage.get(root) !== step || lastUse.get(input) !== step) return;
    if (node.inputs.filter((other) => storageOf(other) === root).length > 1) return;
    storage.set(output, root);
    endOfStorage.set(root, lastUse.get(output) ?? step);
  });

  const owners = [...firstUse.keys()].filter((value) => !isPersistent(value) && storageOf(value) === value);
  const lifetimes: Lifetime[] = [
    ...owners.map((value) => ({
      name: value.name,
      bytes: bytesOf(value),
      from: firstUse.get(value) as number,
      to: endOfStorage.get(value) as number,
    })),
    ...scratchSizes.map(({ bytes, step }, i) => ({ name: `scratch ${i}`, bytes, from: step, to: step })),
  ];
  const placement = placeInWorkspace(lifetimes);
  const offsets = new Map<Value, number>();
  owners.forEach((value, i) => {
    offsets.set(value, placement.offsets[i]);
  });
  for (const [value] of storage) offsets.set(value, offsets.get(storageOf(value)) as number);
  const persistent = new Set<Value>();
  for (const { inputs } of steps) for (const value of inputs) if (isPersistent(value)) persistent.add(value);
  return {
    graph,
    capacity,
    steps,
    calls,
    offsets,
    scratchOffsets: placement.offsets.slice(owners.length),
    workspaceBytes: placement.bytes,
    threadScratchBytes,
    persistent: [...persistent],
    lifetimes: lifetimes.map((lifetime, i) => ({ ...lifetime, offset: placement.offsets[i] })),
  };
}

function affineOf(node: GraphNode, context: LoweringContext): AffineFactors {
  const factors = lowerings.get(node.op.name)?.lowerAffine?.(context, node);
  if (!factors) throw new Error(`op '${node.op.name}' fuses as affine, and its lowering has no lowerAffine`);
  return factors;
}

/** Nodes that an output or a persistent value depends on, in order. */
export function neededNodes(graph: Graph, outputs: ReadonlySet<Value>): Graph['nodes'] {
  const wanted = new Set<Value>(outputs);
  const kept: Graph['nodes'] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i];
    if (!node.op.mutates?.length && !node.outputs.some((value) => wanted.has(value))) continue;
    kept.push(node);
    for (const value of node.inputs) wanted.add(value);
  }
  return kept.reverse();
}

/** The words of an argument list, given addresses. */
export function encodeArguments(
  args: readonly Argument[],
  addressOf: { value(value: Value): number; scratch(index: number): number; table(table: Int32Array): number },
): Int32Array {
  const words = new Int32Array(args.length);
  const floats = new Float32Array(words.buffer);
  args.forEach((argument, i) => {
    if (typeof argument === 'number') words[i] = argument;
    else if ('float' in argument) floats[i] = argument.float;
    else if ('value' in argument) words[i] = addressOf.value(argument.value);
    else if ('scratch' in argument) words[i] = addressOf.scratch(argument.scratch);
    else words[i] = addressOf.table(argument.table);
  });
  return words;
}
