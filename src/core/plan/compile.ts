import type { CompileOptions } from '../backend/backend.ts';
import { FoveaError } from '../errors.ts';
import { type Graph, type GraphNode, isPersistent, type Value } from '../graph/graph.ts';
import { fuse, nodesOf, type Step } from './fuse.ts';
import { joinSteps } from './join.ts';
import type { AffineFactors, Argument, KernelCall, Lowering, LoweringContext } from './lowering.ts';
import { lowerings } from './lowerings/index.ts';
import { alignUp, type Lifetime, placeInWorkspace } from './memory.ts';
import { orderForMemory } from './order.ts';
import { cutRegions, type Region } from './regions.ts';
import { type PlacedLifetime, Scopes, type Scratch } from './scopes.ts';
import { type Work, workOf } from './work.ts';

/** One call of a kernel in a plan, with the node it belongs to. */
export interface PlannedCall extends KernelCall {
  /** Index of the node in the plan's order; calls of one node are consecutive. */
  readonly step: number;
  readonly node: string;
}

/** Calls with a barrier after each, or, in a region, all of them for one block of samples after the other. */
export interface Stage {
  readonly calls: readonly PlannedCall[];
  /** Samples of a block; undefined where calls take the whole batch. */
  readonly region: Region | undefined;
}

/** Where something lies: in the workspace, in memory of the program's own, or in each thread's arena. */
export interface Place {
  readonly home: 'workspace' | 'prepared' | 'arena';
  readonly offset: number;
}

/** A compiled graph before it is bound to an address: a flat list of kernel calls and where everything lies. */
export interface Plan {
  readonly graph: Graph;
  readonly capacity: number;
  /** The nodes that run, in order, each with what was fused into it. */
  readonly steps: readonly Step[];
  /** Run before the stages when a parameter or buffer changed since. Empty where the plan itself changes them. */
  readonly preparations: readonly PlannedCall[];
  readonly stages: readonly Stage[];
  /** All calls, in order. */
  readonly calls: readonly PlannedCall[];
  /** Every input and intermediate that is used. */
  readonly places: ReadonlyMap<Value, Place>;
  /** Each scratch region that a lowering asked for. */
  readonly scratchPlaces: readonly Place[];
  readonly workspaceBytes: number;
  readonly preparedBytes: number;
  /** Bytes each thread needs for itself: first what kernels ask for, then from `arenaOffset` on the largest arena. */
  readonly threadScratchBytes: number;
  readonly arenaOffset: number;
  readonly persistent: readonly Value[];
  readonly work: Work;
  /** Whether it writes into a persistent value. */
  readonly mutates: boolean;
  /** Of the workspace. */
  readonly lifetimes: readonly PlacedLifetime[];
}

/** Chooses kernels, fuses, cuts regions, computes lifetimes and places everything. */
export function compilePlan(graph: Graph, options: CompileOptions): Plan {
  const { capacity, algorithm = 'auto' } = options;
  const pinned = new Set(options.outputs);
  const needed = neededNodes(graph, pinned);
  const loweringOf = (op: string): Lowering | undefined => lowerings.get(op);
  const fused = fuse(needed, options.fuse === false ? 'no' : pinned, loweringOf, algorithm);
  const steps = orderForMemory(options.fuse === false ? fused : joinSteps(fused, loweringOf, algorithm));
  const mutates = steps.some((step) =>
    nodesOf(step).some(({ op, inputs }) => op.mutates?.some((i) => inputs[i] !== undefined)),
  );
  // Ops of gradients are named so, as `conv2dBackwardInput`.
  const evaluation = !mutates && !steps.some(({ node }) => node.op.name.includes('Backward'));
  // What training computes is kept for its backward pass, so blocks would save nothing.
  const regions = mutates || options.regions === false ? [] : cutRegions(steps, capacity);
  const scopes = new Scopes(steps, regions, pinned, capacity);

  const preparations: PlannedCall[] = [];
  const callsOf: PlannedCall[][] = steps.map(() => []);
  const scratches: Scratch[] = [];
  let kernelScratchBytes = 0;
  steps.forEach((fused, step) => {
    const { node } = fused;
    const lowering = lowerings.get(node.op.name);
    if (!lowering)
      throw new FoveaError(`Expected a kernel for op '${node.op.name}' (node '${node.name}') but received none`);
    const region = scopes.regionOf[step];
    const reserve = (scratch: Scratch): Argument => ({ scratch: scratches.push(scratch) - 1 });
    const planned = (
      kernel: string,
      args: readonly Argument[],
      chunks: KernelCall['chunks'] | number,
    ): PlannedCall => ({
      kernel,
      args,
      chunks: typeof chunks === 'number' ? () => chunks : chunks,
      step,
      node: node.name,
    });
    // Weights that change with every run, or that a node computes, are packed whenever they are used.
    const once = !mutates && fused.inputs.every((value) => value.batched || isPersistent(value));
    const own = { bytes: 0, step, region };
    const context: LoweringContext = {
      node,
      capacity: region?.samples ?? capacity,
      algorithm,
      evaluation,
      affine: fused.affine && (() => affineOf(fused.affine as GraphNode, context)),
      residual: fused.residual,
      epilogue: fused.epilogue,
      halving: fused.halving !== undefined,
      doubling: fused.doubling,
      joined: fused.joined,
      outputs: fused.outputs,
      scratch: (bytes) => reserve({ ...own, bytes }),
      prepared: (bytes) => reserve(once ? { bytes, step, region: undefined, prepared: true } : { ...own, bytes }),
      threadScratch: (bytes) => {
        kernelScratchBytes = Math.max(kernelScratchBytes, bytes);
      },
      call: (kernel, args, chunks) => {
        callsOf[step].push(planned(kernel, args, chunks));
      },
      prepare: (kernel, args, chunks) => {
        (once ? preparations : callsOf[step]).push(planned(kernel, args, chunks));
      },
    };
    lowering.lower(context);
  });

  const workspace = scopes.place(undefined, scratches);
  const arenas = regions.map((region) => scopes.place(region, scratches));
  const kept = scratches.filter((scratch) => scratch.prepared);
  const prepared = placeInWorkspace(kept.map(({ bytes }) => always(bytes)));
  const places = new Map<Value, Place>();
  for (const [value, offset] of workspace.offsets) places.set(value, { home: 'workspace', offset });
  for (const arena of arenas) for (const [value, offset] of arena.offsets) places.set(value, { home: 'arena', offset });
  const scratchPlaces = new Map<Scratch, Place>();
  kept.forEach((scratch, i) => {
    scratchPlaces.set(scratch, { home: 'prepared', offset: prepared.offsets[i] });
  });
  for (const [scratch, offset] of workspace.scratchOffsets) scratchPlaces.set(scratch, { home: 'workspace', offset });
  for (const arena of arenas)
    for (const [scratch, offset] of arena.scratchOffsets) scratchPlaces.set(scratch, { home: 'arena', offset });
  const stages = stagesOf(regions, callsOf);
  const arenaOffset = alignUp(kernelScratchBytes);
  const persistent = new Set<Value>();
  for (const { inputs } of steps) for (const value of inputs) if (isPersistent(value)) persistent.add(value);
  return {
    graph,
    capacity,
    steps,
    preparations,
    stages,
    calls: [...preparations, ...stages.flatMap(({ calls }) => calls)],
    places,
    scratchPlaces: scratches.map((scratch) => scratchPlaces.get(scratch) as Place),
    workspaceBytes: workspace.bytes,
    preparedBytes: prepared.bytes,
    threadScratchBytes: arenaOffset + Math.max(0, ...arenas.map(({ bytes }) => bytes)),
    arenaOffset,
    persistent: [...persistent],
    work: workOf(steps, stages),
    mutates,
    lifetimes: workspace.lifetimes,
  };
}

const always = (bytes: number): Lifetime => ({ name: 'prepared', bytes, from: 0, to: 0 });

function stagesOf(regions: readonly Region[], callsOf: readonly (readonly PlannedCall[])[]): Stage[] {
  const stages: Stage[] = [];
  for (let step = 0; step < callsOf.length; ) {
    const region = regions.find(({ from }) => from === step);
    const to = region?.to ?? step + 1;
    stages.push({ calls: callsOf.slice(step, to).flat(), region });
    step = to;
  }
  return stages;
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
