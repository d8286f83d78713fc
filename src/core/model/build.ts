import { invalid } from '../errors.ts';
import { Graph, type Value } from '../graph/graph.ts';
import type { Initialization, LayerContext, ParameterRequest } from '../layers/layer.ts';
import { imageToFloat } from '../ops/imageToFloat.ts';
import type { Shape } from '../shape.ts';
import { inputId, type ModelSpec, type ResolvedLayer, resolveLayers } from './spec.ts';

/** Per channel, of pixels in 0 … 1: what is subtracted, and what it is then divided by. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface BuildOptions {
  /** Training: dropout is active and batch norm uses (and records) the batch's statistics. */
  readonly training: boolean;
  /** 'uint8': pixels 0 … 255, normalised by the graph; 'float32': pictures that are normalised already. */
  readonly inputType: 'uint8' | 'float32';
  /** For uint8 pictures; absent: pixels / 255. */
  readonly preprocessing?: Normalisation;
}

/** A tensor of the model: its value in the graph, and how files hold it. */
export interface ParameterInfo {
  /** `<layer id>.<name>`, as in a PyTorch state_dict. */
  readonly name: string;
  readonly value: Value;
  readonly fileShape: Shape;
  /** Axis i in memory is axis permutation[i] of the file; -1: an axis of length 1 that the file does not have. */
  readonly permutation: readonly number[];
  /** False for running statistics. */
  readonly trainable: boolean;
  /** Whether weight decay may shrink it. */
  readonly decay: boolean;
  readonly initialization: Initialization;
}

/** What one layer became. */
export interface BuiltLayer extends ResolvedLayer {
  readonly values: readonly Value[];
  readonly output: Value;
  /** Its nodes are graph.nodes[firstNode … endNode - 1]; none where it lowers to nothing. */
  readonly firstNode: number;
  readonly endNode: number;
  readonly parameters: readonly ParameterInfo[];
}

export interface BuiltModel {
  readonly graph: Graph;
  /** The pictures: [n, height, width, channels] of `inputType`. */
  readonly input: Value;
  /** int32 [seed, step] for layers with random numbers; undefined when the model has none. */
  readonly step: Value | undefined;
  /** [n, classes]. */
  readonly logits: Value;
  /** By layer id. A layer that lowers to nothing (dropout in evaluation) gives its input. */
  readonly layerOutputs: ReadonlyMap<string, Value>;
  readonly layers: readonly BuiltLayer[];
  /** In the order of the layers, as a state_dict. */
  readonly parameters: readonly ParameterInfo[];
}

/**
 * Lowers a spec to a graph of ops. @throws FoveaError naming the layer, the shape that comes in, the one expected and
 * the mend; and as `parseModelSpec`.
 */
export function buildModel(spec: ModelSpec, options: BuildOptions): BuiltModel {
  const graph = new Graph();
  const input = graph.source('input', inputId, { shape: spec.input, type: options.inputType });
  const outputs = new Map<string, Value>([[inputId, preparePictures(graph, input, options)]]);
  const layers: BuiltLayer[] = [];
  let step: Value | undefined;
  const askStep = () => (step ??= graph.source('input', 'step', { shape: [2], type: 'int32', batched: false }));
  for (const resolved of resolveLayers(spec.layers)) {
    const values = resolved.inputs.map((id) => outputs.get(id)!);
    const firstNode = graph.nodes.length;
    const parameters: ParameterInfo[] = [];
    const context = layerContext(graph, resolved.id, values, options.training, parameters, askStep);
    const output = resolved.layer.build(context, resolved.options);
    outputs.set(resolved.id, output);
    layers.push({ ...resolved, values, output, firstNode, endNode: graph.nodes.length, parameters });
  }
  const last = layers[layers.length - 1];
  checkLogits(last, spec.classes);
  outputs.delete(inputId);
  return {
    graph,
    input,
    step,
    logits: last.output,
    layerOutputs: outputs,
    layers,
    parameters: layers.flatMap(({ parameters }) => parameters),
  };
}

export function preparePictures(graph: Graph, input: Value, { inputType, preprocessing }: BuildOptions): Value {
  if (inputType === 'float32') return input;
  const channels = input.shape[2];
  const mean = preprocessing?.mean ?? new Array<number>(channels).fill(0);
  const std = preprocessing?.std ?? new Array<number>(channels).fill(1);
  if (mean.length !== channels || std.length !== channels) {
    throw invalid(`mean and std of ${channels} channels`, 'the preprocessing', `${mean.length} and ${std.length}`);
  }
  return graph.apply(imageToFloat, [input], { mean, std }, 'pictures')[0];
}

export function layerContext(
  graph: Graph,
  id: string,
  inputs: readonly Value[],
  training: boolean,
  parameters: ParameterInfo[],
  step: () => Value,
): LayerContext {
  return {
    graph,
    training,
    id,
    inputs,
    step,
    parameter(request: ParameterRequest) {
      const { fileShape, permutation } = request;
      const shape = permutation.map((axis) => (axis < 0 ? 1 : fileShape[axis]));
      const name = `${id}.${request.name}`;
      const value = graph.source(request.trainable ? 'parameter' : 'buffer', name, { shape });
      parameters.push({ ...request, name, value });
      return value;
    },
    apply: (op, values, attributes, suffix) => graph.apply(op, values, attributes, suffix ? `${id}.${suffix}` : id),
  };
}

export function checkLogits({ id, layer, output }: BuiltLayer, classes: number): void {
  const { shape } = output;
  if (shape.length === 1 && shape[0] === classes) return;
  const mend =
    shape.length !== 1
      ? 'End with flatten or globalAvgPool2d and a linear layer'
      : layer.type === 'linear'
        ? `Set its features to ${classes}`
        : `Add a linear layer with ${classes} features`;
  throw invalid(`${classes} logits, one a class`, `the last layer '${id}' (${layer.type})`, shape, mend);
}
