import { FoveaError, invalid } from '../errors.ts';
import { Graph, type Value } from '../graph/graph.ts';
import type { Initialization, LayerContext, ParameterRequest } from '../layers/layer.ts';
import { imageToFloat } from '../ops/imageToFloat.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { type Misfit, ModelError, provenMends } from './mend.ts';
import { mendCandidates } from './mend-candidates.ts';
import { limits } from './plain.ts';
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
 * Lowers a spec to a graph of ops.
 *
 * @throws ModelError naming the layer, the shape that comes in, the one expected, and mends that were tried and help;
 * FoveaError as `parseModelSpec`.
 */
export function buildModel(spec: ModelSpec, options: BuildOptions): BuiltModel {
  const resolved = resolveLayers(spec.layers);
  const outputs = new Map<string, Value>();
  const outcome = assemble(spec, resolved, options, outputs);
  if (!('error' in outcome)) return outcome;
  const { place, incoming, error } = outcome;
  const shapes = new Map([...outputs].map(([id, { shape }]) => [id, shape]));
  const { layers, classes } = spec;
  const candidates = mendCandidates({ resolved, layers, place, incoming, shapes, classes });
  const mends = provenMends(layers, resolved, outcome, candidates, (changed) => {
    const tried = assemble({ ...spec, layers: changed }, resolveLayers(changed), options, new Map());
    return 'error' in tried ? tried : undefined;
  });
  throw new ModelError(error, resolved[Math.min(place, resolved.length - 1)].id, incoming, mends);
}

/** Builds as far as layers fit. @param outputs receives what each layer gives. */
function assemble(
  spec: ModelSpec,
  resolvedLayers: readonly ResolvedLayer[],
  options: BuildOptions,
  outputs: Map<string, Value>,
): BuiltModel | Misfit {
  const graph = new Graph();
  const input = graph.source('input', inputId, { shape: spec.input, type: options.inputType });
  outputs.set(inputId, preparePictures(graph, input, options));
  const layers: BuiltLayer[] = [];
  let step: Value | undefined;
  const askStep = () => (step ??= graph.source('input', 'step', { shape: [2], type: 'int32', batched: false }));
  const misfit = (error: unknown, incoming: readonly Value[]): Misfit => {
    if (!(error instanceof FoveaError)) throw error;
    return { error, place: layers.length, incoming: incoming.map(({ shape }) => shape) };
  };
  for (const resolved of resolvedLayers) {
    const values = resolved.inputs.map((id) => outputs.get(id)!);
    const firstNode = graph.nodes.length;
    const parameters: ParameterInfo[] = [];
    const context = layerContext(graph, resolved.id, values, options.training, parameters, askStep);
    try {
      const output = resolved.layer.build(context, resolved.options);
      checkSize(`what layer '${resolved.id}' (${resolved.layer.type}) gives`, output.shape);
      outputs.set(resolved.id, output);
      layers.push({ ...resolved, values, output, firstNode, endNode: graph.nodes.length, parameters });
    } catch (error) {
      return misfit(error, values);
    }
  }
  const last = layers[layers.length - 1];
  try {
    checkLogits(last, spec.classes);
  } catch (error) {
    return misfit(error, [last.output]);
  }
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

/** No tensor is larger than what the engine can address, and no map than what anything here is made for. */
function checkSize(subject: string, shape: Shape): void {
  if (sizeOf(shape) > limits.tensor) throw invalid(`at most ${limits.tensor} numbers`, subject, shape);
  if (shape.length === 3 && Math.max(shape[0], shape[1]) > limits.side) {
    throw invalid(`at most ${limits.side} rows and columns`, subject, shape);
  }
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
      checkSize(`tensor '${name}'`, fileShape);
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
