import { type Graph, type GraphNode, sameType, type Value } from '../graph/graph.ts';
import { add } from '../ops/add.ts';
import { constant } from '../ops/constant.ts';
import { createRecomputation } from './recompute.ts';

/** What to differentiate by what. */
export interface DifferentiateOptions {
  /** The value whose gradient flows back: the loss, a logit, a feature map. */
  readonly of: Value;
  /** Gradient of `of`, of its type; default: ones. */
  readonly seed?: Value;
  /** Values whose gradients are asked for. */
  readonly wanted: readonly Value[];
  /** Computes cheap values again in the backward pass instead of keeping them: less memory, the same bits. */
  readonly recompute?: boolean;
}

/**
 * Appends to `graph` the nodes that compute d(Σ of · seed) / d(value) for every wanted value (reverse accumulation;
 * Griewank and Walther, "Evaluating Derivatives", 2008, chapter 3). Each op's own rule is called; gradients of several
 * consumers are added as they come. Only nodes on a path from a wanted value to `of` are visited.
 *
 * @returns the gradient of each wanted value; one that does not reach `of` (or only through ops without a gradient) is
 * absent. @throws Error when the seed has another type than `of`.
 */
export function differentiate(graph: Graph, { of, seed, wanted, recompute }: DifferentiateOptions): Map<Value, Value> {
  const end = of.node ? of.node.id : -1;
  const reached = new Set<Value>(wanted);
  for (const node of graph.nodes.slice(0, end + 1)) {
    if (node.inputs.some((input) => reached.has(input))) for (const output of node.outputs) reached.add(output);
  }

  const gradients = new Map<Value, Value>();
  if (reached.has(of)) gradients.set(of, seedGradient(graph, of, seed));
  const seenAgain = recompute ? createRecomputation(graph) : (node: GraphNode): GraphNode => node;

  for (const node of graph.nodes.slice(0, end + 1).reverse()) {
    const outputGradients = node.outputs.map((output) => gradients.get(output));
    const needed = node.inputs.map((input) => reached.has(input) && input.type === 'float32');
    if (!node.op.gradient || !outputGradients.some(Boolean) || !needed.some(Boolean)) continue;
    const contributions = node.op.gradient({ graph, node: seenAgain(node), outputGradients, wanted: needed });
    node.inputs.forEach((input, i) => {
      const contribution = contributions[i];
      if (!needed[i] || !contribution) return;
      const known = gradients.get(input);
      gradients.set(
        input,
        known ? graph.apply(add, [known, contribution], {}, `${input.name}.gradSum`)[0] : contribution,
      );
    });
  }
  return new Map(wanted.flatMap((value) => (gradients.has(value) ? [[value, gradients.get(value)!]] : [])));
}

function seedGradient(graph: Graph, of: Value, seed: Value | undefined): Value {
  if (seed && !sameType(seed, of)) throw new Error(`the seed gradient of '${of.name}' has another type`);
  return seed ?? graph.apply(constant, [], { value: 1, shape: of.shape, batched: of.batched }, `${of.name}.gradOne`)[0];
}
