import { Graph, type Value } from '../graph/graph.ts';
import {
  type BuiltLayer,
  type BuiltModel,
  buildModel,
  checkLogits,
  layerContext,
  type Normalisation,
  type ParameterInfo,
  preparePictures,
} from './build.ts';
import { inputId, type ModelSpec, resolveLayers } from './spec.ts';

/** The first layers of a model, in evaluation: pictures in, feature maps out. */
export interface BuiltTrunk {
  readonly graph: Graph;
  /** The pictures: uint8 [n, height, width, channels]. */
  readonly input: Value;
  /** What later layers read of it, by layer id; 'input' is the normalised picture. */
  readonly features: ReadonlyMap<string, Value>;
}

/** The other layers: feature maps in, logits out. Its `input` is read by no node. */
export interface BuiltRest extends BuiltModel {
  /** Inputs of the graph, by the same ids. */
  readonly features: ReadonlyMap<string, Value>;
}

/**
 * Cuts a model after its first `count` layers. Both parts together compute what the whole does: the first as in
 * evaluation, so batch norm uses its running statistics and dropout does nothing; the second in training or evaluation.
 *
 * @param count 1 … layers - 1. @throws FoveaError as `buildModel`.
 */
export function buildTrunk(spec: ModelSpec, count: number, preprocessing: Normalisation): BuiltTrunk {
  const graph = new Graph();
  const input = graph.source('input', inputId, { shape: spec.input, type: 'uint8' });
  const pictures = preparePictures(graph, input, { training: false, inputType: 'uint8', preprocessing });
  const outputs = new Map<string, Value>([[inputId, pictures]]);
  const layers = resolveLayers(spec.layers);
  for (const { id, layer, inputs, options } of layers.slice(0, count)) {
    const values = inputs.map((name) => outputs.get(name) as Value);
    outputs.set(id, layer.build(layerContext(graph, id, values, false, [], noChance), options));
  }
  const features = new Map<string, Value>();
  for (const { inputs } of layers.slice(count)) {
    for (const id of inputs) if (outputs.has(id)) features.set(id, outputs.get(id) as Value);
  }
  return { graph, input, features };
}

/** @param trunk as `buildTrunk` made it of the same spec and count. */
export function buildRest(spec: ModelSpec, count: number, trunk: BuiltTrunk, training: boolean): BuiltRest {
  const graph = new Graph();
  const input = graph.source('input', inputId, { shape: spec.input, type: 'uint8' });
  const features = new Map<string, Value>();
  for (const [id, { shape }] of trunk.features) {
    features.set(id, graph.source('input', `features of ${id}`, { shape }));
  }
  const outputs = new Map(features);
  const layers: BuiltLayer[] = [];
  let step: Value | undefined;
  const askStep = () => (step ??= graph.source('input', 'step', { shape: [2], type: 'int32', batched: false }));
  for (const resolved of resolveLayers(spec.layers).slice(count)) {
    const values = resolved.inputs.map((id) => outputs.get(id) as Value);
    const firstNode = graph.nodes.length;
    const parameters: ParameterInfo[] = [];
    const context = layerContext(graph, resolved.id, values, training, parameters, askStep);
    const output = resolved.layer.build(context, resolved.options);
    outputs.set(resolved.id, output);
    layers.push({ ...resolved, values, output, firstNode, endNode: graph.nodes.length, parameters });
  }
  const last = layers[layers.length - 1];
  checkLogits(last, spec.classes);
  for (const id of features.keys()) outputs.delete(id);
  const parameters = layers.flatMap((layer) => layer.parameters);
  return { graph, input, step, logits: last.output, layerOutputs: outputs, layers, parameters, features };
}

/**
 * How many layers stand before the first one that learns or works by chance, at or behind layer `from`: those between
 * compute the same in each epoch.
 */
export function extendTrunk(spec: ModelSpec, from: number): number {
  const { layers, graph, step } = buildModel(spec, { training: true, inputType: 'uint8' });
  let count = from;
  for (; count < layers.length; count++) {
    const { parameters, firstNode, endNode } = layers[count];
    const byChance = graph.nodes.slice(firstNode, endNode).some(({ inputs }) => step && inputs.includes(step));
    if (parameters.length > 0 || byChance) break;
  }
  return count;
}

const noChance = (): Value => {
  throw new Error('no layer works by chance in evaluation');
};
