import type { Graph, GraphNode, Value } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import * as activations from '../ops/activations.ts';
import { batchNorm } from '../ops/batchNorm.ts';
import { batchNormAgain } from '../ops/batchNormAgain.ts';
import { dropout } from '../ops/dropout.ts';
import { groupNorm } from '../ops/groupNorm.ts';
import { imageToFloat } from '../ops/imageToFloat.ts';
import { layerNorm } from '../ops/layerNorm.ts';

/** Ops whose gradient needs their input, so that it is kept anyway and the output follows from it cheaply. */
const fromKeptInput: ReadonlySet<Op> = new Set([
  ...[batchNorm, groupNorm, layerNorm, imageToFloat],
  ...[activations.silu, activations.gelu, activations.geluTanh, activations.hardSwish, activations.hardSigmoid],
]);

/** Ops whose gradient needs their output or nothing: computed again only where their input is. */
const fromRecomputedInput: ReadonlySet<Op> = new Set([
  ...[activations.relu, activations.relu6, activations.leakyRelu, activations.elu],
  ...[activations.sigmoid, activations.tanh, dropout],
]);

/**
 * Appends nodes that compute values of the forward pass once more, with the same bits, where that is cheap: norms,
 * activations and dropout, never a convolution. A backward pass that reads these instead lets the forward pass free its
 * own (Chen et al., "Training deep nets with sublinear memory cost", 2016, at the grain of single ops).
 *
 * @returns for a node, the same node as a gradient rule is to see it: with every input and output that can be had again
 * in its new place.
 */
export function createRecomputation(graph: Graph): (node: GraphNode) => GraphNode {
  const known = new Map<Value, Value>();
  const again = (value: Value): Value => {
    const before = known.get(value);
    if (before) return before;
    const result = appendAgain(graph, value, again);
    known.set(value, result);
    return result;
  };
  return (node) => ({ ...node, inputs: node.inputs.map(again), outputs: node.outputs.map(again) });
}

function appendAgain(graph: Graph, value: Value, again: (value: Value) => Value): Value {
  const { node } = value;
  if (!node || node.outputs[0] !== value) return value;
  const always = fromKeptInput.has(node.op);
  if (!always && !fromRecomputedInput.has(node.op)) return value;
  const [input, ...others] = node.inputs;
  const source = again(input);
  if (!always && source === input) return value;
  const name = `${node.name}.again`;
  if (node.op !== batchNorm) return graph.apply(node.op, [source, ...others], node.attributes, name)[0];
  const { eps } = node.attributes;
  return graph.apply(batchNormAgain, [source, ...others.slice(2)], { eps }, name)[0];
}
