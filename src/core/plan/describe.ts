import type { CompileOptions } from '../backend/backend.ts';
import type { Graph, GraphNode } from '../graph/graph.ts';
import { conv2dBackwardInput, conv2dBackwardWeight, conv2dGeometry, conv2d as conv2dOp } from '../ops/conv2d.ts';
import { linearBackwardInput, linearBackwardWeight, linear as linearOp } from '../ops/linear.ts';
import { compilePlan, type Plan } from './compile.ts';
import type { Step } from './fuse.ts';
import type { Algorithm } from './lowering.ts';
import { isDepthwise } from './lowerings/depthwise.ts';
import { expectedError, refusesWinograd } from './lowerings/winograd.ts';

/** Which way of computing a sum of products was chosen, and by what. */
export interface Choice {
  readonly method: keyof typeof expectedError;
  /** One sentence. */
  readonly why: string;
  /** Largest error over the RMS of the result that is to be expected against exact arithmetic. */
  readonly error: number;
}

/** A node as it will run. */
export interface DescribedStep {
  readonly node: GraphNode;
  /** In the order in which they are first called. */
  readonly kernels: readonly string[];
  /** Those of them that run for every batch; the others bring weights into their order, once. */
  readonly running: readonly string[];
  /** Nodes that these kernels compute along with it. */
  readonly fused: readonly GraphNode[];
  /** For convolutions and linear layers and their gradients: there is a choice. */
  readonly choice: Choice | undefined;
}

/** What `compile` would make of a graph, in words. */
export function describePlan(
  graph: Graph,
  options: CompileOptions,
  plan: Plan = compilePlan(graph, options),
): DescribedStep[] {
  const kernels = plan.steps.map(() => new Set<string>());
  for (const { step, kernel } of plan.calls) kernels[step].add(kernel);
  const running = plan.steps.map(() => new Set<string>());
  for (const { step, kernel } of plan.stages.flatMap(({ calls }) => calls)) running[step].add(kernel);
  return plan.steps.map((step, i) => ({
    node: step.node,
    kernels: [...kernels[i]],
    running: [...running[i]],
    fused: fusedInto(step),
    choice: choiceFor(step.node, options.algorithm ?? 'auto'),
  }));
}

/** From the step's own node to the one whose output it writes, and what is computed along with it. */
function fusedInto({ node, residual, outputs, joined }: Step): GraphNode[] {
  const chain: GraphNode[] = [];
  let last = outputs[0]?.node;
  while (last && last !== node) {
    chain.push(last);
    last = last.inputs.find((value) => value !== residual && value.node)?.node;
  }
  return [...chain.reverse(), ...(joined ? [joined.node] : [])];
}

const convolutions: ReadonlySet<string> = new Set([conv2dOp.name, conv2dBackwardInput.name, conv2dBackwardWeight.name]);
const products: ReadonlySet<string> = new Set([linearOp.name, linearBackwardInput.name, linearBackwardWeight.name]);

/** The rule that the lowerings follow, as a sentence. */
function choiceFor(node: GraphNode, algorithm: Algorithm): Choice | undefined {
  const direct = (why: string): Choice => ({ method: 'direct', why, error: expectedError.direct });
  if (products.has(node.op.name)) return direct('Direct sums: a linear layer is a plain matrix product.');
  if (!convolutions.has(node.op.name)) return undefined;
  const geometry = conv2dGeometry(node);
  if (isDepthwise(geometry)) return direct('Direct sums: a depthwise convolution, each channel by itself.');
  const refusal = refusesWinograd(geometry);
  if (refusal !== undefined) return direct(`Direct sums: ${refusal}.`);
  if (algorithm === 'direct') return direct("Direct sums: algorithm 'direct' allows nothing else.");
  const why =
    "Winograd's F(4x4, 3x3): 3x3 with stride 1 and channels enough, so 36 products make 16 outputs instead of 144.";
  return { method: 'winograd', why, error: expectedError.winograd };
}
