import { FoveaError, mismatch } from '../../errors.ts';
import type { OnnxNode } from '../../formats/onnx/messages.ts';
import { Graph, type Value as GraphValue } from '../../graph/graph.ts';
import { layerNamed } from '../../layers/index.ts';
import type { LayerContext, OptionValues } from '../../layers/layer.ts';
import { completeOptions } from '../../layers/options.ts';
import { inputId, type LayerSpec } from '../../model/spec.ts';
import { type Shape, sameShape, sizeOf } from '../../shape.ts';
import type { FileTensor } from '../../train/state.ts';
import { channelsOf, type EmittedLayer, type Flow, isMap, type Raising } from './flow.ts';
import { nodeName, unsupported } from './graph.ts';
import { LayerNames } from './names.ts';

/** A feature map larger than this, or one that grows so by padding, is no classifier's. */
const mostElements = 1 << 27;

/** Layers that give nothing below 0 where they get nothing below 0. */
const keepsSign: ReadonlySet<string> = new Set([
  'maxPool2d',
  'avgPool2d',
  'globalAvgPool2d',
  'adaptiveAvgPool2d',
  'zeroPad2d',
  'flatten',
  'concat',
]);

/** Collects layers and their weights, and knows the shape of each as it is added. */
export class Raiser implements Raising {
  readonly layers: LayerSpec[] = [];
  readonly weights = new Map<string, FileTensor>();
  readonly opset: number;
  /** What the input's pixels 0 … 255 are multiplied by and what is added, where the graph begins with that. */
  pixels: { readonly scale: readonly number[]; readonly offset: readonly number[] };
  readonly readers: Raising['readers'];
  readonly output: string;
  private readonly graph = new Graph();
  private readonly values = new Map<string, GraphValue>();
  private readonly emitted = new Map<string, EmittedLayer>();
  private readonly names = new LayerNames();
  private readonly subject: string;
  /** Numbers that weights may have in all: tensors that many layers share must not grow without bound. */
  room: number;

  constructor(
    input: Shape,
    pixels: Raiser['pixels'],
    {
      opset,
      readers,
      output,
      subject,
      room,
    }: Pick<Raising, 'opset' | 'readers' | 'output'> & { readonly subject: string; readonly room: number },
  ) {
    this.opset = opset;
    this.pixels = pixels;
    this.readers = readers;
    this.output = output;
    this.subject = subject;
    this.room = room;
    this.values.set(inputId, this.graph.source('input', inputId, { shape: input }));
  }

  emit(
    node: OnnxNode,
    type: string,
    inputs: readonly Flow[],
    options: OptionValues = {},
    weights: Readonly<Record<string, FileTensor>> = {},
    axes: Flow['axes'] = inputs[0].axes,
  ): Flow {
    const layer = layerNamed(type, nodeName(node));
    const id = this.names.take(node, layer);
    const values = inputs.map((flow) => this.values.get(flow.id)!);
    const context: LayerContext = {
      graph: this.graph,
      training: false,
      id,
      inputs: values,
      parameter: ({ name, fileShape, permutation }) => {
        const given = weights[name];
        if (!given || !sameShape(given.shape, fileShape)) {
          throw unsupported(node, `a ${name} of ${fileShape.join('x')}`, given ? given.shape.join('x') : 'none');
        }
        this.keep(node, `${id}.${name}`, given);
        return this.graph.source('parameter', `${id}.${name}`, { shape: permutation.map((axis) => fileShape[axis]) });
      },
      apply: (op, from, attributes, suffix) => this.graph.apply(op, from, attributes, suffix ? `${id}.${suffix}` : id),
      step: () => {
        throw new Error('layers need no random numbers in evaluation');
      },
    };
    const value = this.build(node, () => layer.build(context, completeOptions(layer, options, nodeName(node))));
    if (!(sizeOf(value.shape) <= mostElements)) throw unsupported(node, `at most ${mostElements} numbers`, value.shape);
    this.values.set(id, value);
    this.emitted.set(id, { type, options, inputs });
    this.layers.push({ id, type, inputs: inputs.map((flow) => flow.id), ...options });
    const nonNegative = keepsSign.has(type) && inputs.every((flow) => flow.nonNegative);
    return { kind: 'flow', id, shape: value.shape, axes, exclusive: true, ...(nonNegative ? { nonNegative } : {}) };
  }

  layerOf({ id }: Flow): EmittedLayer | undefined {
    return this.emitted.get(id);
  }

  /** A layer's own error names the layer; whoever imports knows the operator. */
  private build(node: OnnxNode, build: () => GraphValue): GraphValue {
    try {
      return build();
    } catch (error) {
      if (!(error instanceof FoveaError) || error.message.includes('operator ')) throw error;
      throw new FoveaError(`Cannot take operator ${nodeName(node)} as a layer: ${error.message}`);
    }
  }

  private keep(node: OnnxNode, name: string, tensor: FileTensor): void {
    this.room -= tensor.data.length;
    if (this.room < 0) {
      throw mismatch('weights about as large as the file', this.subject, `more, at operator ${nodeName(node)}`);
    }
    this.weights.set(name, tensor);
  }

  affine(node: OnnxNode, flow: Flow, scale: readonly number[], offset: readonly number[]): Flow {
    if (scale.every((value) => value === 1) && offset.every((value) => value === 0)) return flow;
    if (flow.id === inputId && flow.exclusive) {
      const { pixels } = this;
      const next = {
        scale: pixels.scale.map((value, c) => value * scale[c]),
        offset: pixels.offset.map((value, c) => value * scale[c] + offset[c]),
      };
      if (next.scale.every((value) => value > 0)) {
        this.pixels = next;
        return flow;
      }
    }
    if (flow.exclusive && this.foldInto(flow, scale, offset)) return { ...flow, nonNegative: false };
    const channels = channelsOf(flow);
    if (offset.every((value) => value === 0)) {
      if (scale.every((value) => value === scale[0])) return this.emit(node, 'scale', [flow], { factor: scale[0] });
      const factors = { shape: [channels, 1, 1], data: Float32Array.from(scale) };
      return this.emit(node, 'layerScale', [flow], {}, { layer_scale: factors });
    }
    if (!isMap(flow)) throw unsupported(node, 'a linear layer before it, which nothing else reads', 'none');
    const weights = {
      weight: { shape: [channels, 1, 1, 1], data: Float32Array.from(scale) },
      bias: { shape: [channels], data: Float32Array.from(offset) },
    };
    // A convolution of one channel by itself with a window of one pixel: a scale and a shift that can be trained on.
    return this.emit(
      node,
      channels === 1 ? 'conv2d' : 'depthwiseConv2d',
      [flow],
      { ...(channels === 1 ? { channels } : {}), kernelSize: 1 },
      weights,
    );
  }

  /** As part of the weights of the layer that gives the flow, if it has such. */
  private foldInto({ id }: Flow, scale: readonly number[], offset: readonly number[]): boolean {
    const place = this.layers.findLastIndex((layer) => layer.id === id);
    const layer = this.layers[place];
    const isNorm = layer !== undefined && ['batchNorm2d', 'groupNorm', 'layerNorm'].includes(layer.type);
    if (!isNorm && !['conv2d', 'depthwiseConv2d', 'linear'].includes(layer?.type ?? '')) return false;
    const weight = this.weights.get(`${id}.weight`)!;
    const bias = this.weights.get(`${id}.bias`)?.data;
    const perOutput = weight.data.length / scale.length;
    if (scale.some((value) => value !== 1)) {
      const data = weight.data.map((value, i) => value * scale[Math.floor(i / perOutput)]);
      this.weights.set(`${id}.weight`, { ...weight, data });
    }
    const shifted = Float32Array.from(offset, (value, c) => value + (bias ? bias[c] * scale[c] : 0));
    this.weights.set(`${id}.bias`, { shape: [scale.length], data: shifted });
    if (!isNorm) this.layers[place] = { ...layer, bias: true };
    return true;
  }
}
