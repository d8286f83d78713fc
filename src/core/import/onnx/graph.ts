import { type FoveaError, mismatch, show } from '../../errors.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../../formats/onnx/messages.ts';
import { quoteName } from '../../formats/quote.ts';

/** An operator as errors name it. */
export const nodeName = (node: OnnxNode): string => {
  const name = node.name || node.outputs[0] || 'without a name';
  return `${quoteName(node.opType).slice(1, -1)} ${quoteName(name)}`;
};

/** That this operator is known, but not in this use. @param what what it would have to be. */
export const unsupported = (node: OnnxNode, what: string, received: string | number | readonly number[]): FoveaError =>
  mismatch(what, `operator ${nodeName(node)}`, typeof received === 'string' ? received : show(received));

/** The operators of a model by what they give and who reads it. */
export interface OnnxGraph {
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  readonly producers: ReadonlyMap<string, OnnxNode>;
  /** The name of the value that logits (or probabilities) are read from. */
  readonly output: string;
}

/** @throws FoveaError when two operators give one value, or there is no output. */
export function indexGraph(model: OnnxModel, subject: string): OnnxGraph {
  const initializers = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const producers = new Map<string, OnnxNode>();
  for (const node of model.nodes) {
    for (const name of node.outputs) {
      if (name === '') continue;
      if (producers.has(name) || initializers.has(name)) {
        throw mismatch('each value once', subject, `${quoteName(name)} twice`);
      }
      producers.set(name, node);
    }
  }
  const outputs = model.outputs.filter(({ dims }) => dims.length === 2 || dims.length === 0 || dims.length === 4);
  const output = outputs.find(({ dims }) => dims.length === 2) ?? outputs[0] ?? model.outputs[0];
  if (!output) throw mismatch('a graph with an output', subject, 'none');
  return { initializers, producers, output: output.name };
}

/**
 * The operators that the output needs, each after those that it reads.
 * @throws FoveaError when operators run in a circle or read a value that nothing gives.
 */
export function orderNodes(graph: OnnxGraph, inputs: ReadonlySet<string>, subject: string): OnnxNode[] {
  const order: OnnxNode[] = [];
  const state = new Map<OnnxNode, 'open' | 'done'>();
  const missing = (name: string): FoveaError =>
    mismatch('values that the graph gives', subject, `${quoteName(name)}, which nothing gives`);
  // By hand and not by recursion: a chain of thousands of operators is deeper than a call stack.
  const stack: { node: OnnxNode; next: number }[] = [];
  const enter = (name: string): void => {
    if (name === '' || graph.initializers.has(name) || inputs.has(name)) return;
    const node = graph.producers.get(name);
    if (!node) throw missing(name);
    const seen = state.get(node);
    if (seen === 'open') throw mismatch('operators in an order', subject, `a circle through ${nodeName(node)}`);
    if (seen === 'done') return;
    state.set(node, 'open');
    stack.push({ node, next: 0 });
  };
  enter(graph.output);
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top.next < top.node.inputs.length) enter(top.node.inputs[top.next++]);
    else {
      stack.pop();
      state.set(top.node, 'done');
      order.push(top.node);
    }
  }
  return order;
}

/** A whole number or number of an attribute. */
export function numberAttribute(node: OnnxNode, name: string, standard: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'int' || attribute?.kind === 'float' ? attribute.value : standard;
}

export function listAttribute(node: OnnxNode, name: string): readonly number[] | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'ints' || attribute?.kind === 'floats' ? attribute.value : undefined;
}

export function textAttribute(node: OnnxNode, name: string, standard: string): string {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'string' ? attribute.value : standard;
}
