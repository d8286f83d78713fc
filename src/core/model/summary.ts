import type { LayerWindow } from '../layers/layer.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { type BuiltLayer, buildModel } from './build.ts';
import { inputId, type ModelSpec } from './spec.ts';

/** What one position of a feature map sees of the picture, in pixels, as if the picture had no edges. */
export interface ReceptiveField {
  /** [height, width]. */
  readonly size: readonly [number, number];
  /** Pixels between two neighbouring positions, [vertical, horizontal]. */
  readonly stride: readonly [number, number];
  /** It sees the whole picture, whatever its size. */
  readonly whole: boolean;
}

export interface LayerSummary {
  readonly id: string;
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputShape: Shape;
  /** Trained numbers. */
  readonly parameters: number;
  /** Numbers that are kept but not trained (running statistics). */
  readonly buffers: number;
  /** Multiply-adds for one picture, in evaluation. */
  readonly macs: number;
  readonly receptiveField: ReceptiveField;
}

export interface ModelSummary {
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;
  readonly buffers: number;
  readonly macs: number;
  /** Numbers in all layers' outputs for one picture: what training keeps, about. */
  readonly activations: number;
}

/** Shapes, parameters, work and receptive fields, layer by layer. @throws FoveaError as `buildModel`. */
export function summarize(spec: ModelSpec): ModelSummary {
  const model = buildModel(spec, { training: false, inputType: 'float32' });
  const fields = new Map<string, ReceptiveField>([[inputId, { size: [1, 1], stride: [1, 1], whole: false }]]);
  const layers = model.layers.map((layer): LayerSummary => {
    const receptiveField = widen(layer, fields, spec.input);
    fields.set(layer.id, receptiveField);
    const nodes = model.graph.nodes.slice(layer.firstNode, layer.endNode);
    return {
      id: layer.id,
      type: layer.layer.type,
      inputs: layer.inputs,
      outputShape: layer.output.shape,
      parameters: countElements(layer, true),
      buffers: countElements(layer, false),
      macs: nodes.reduce((sum, node) => sum + (node.op.macs?.(node) ?? 0), 0),
      receptiveField,
    };
  });
  const total = (of: (layer: LayerSummary) => number) => layers.reduce((sum, layer) => sum + of(layer), 0);
  return {
    layers,
    parameters: total((layer) => layer.parameters),
    buffers: total((layer) => layer.buffers),
    macs: total((layer) => layer.macs),
    activations: total((layer) => sizeOf(layer.outputShape)),
  };
}

const countElements = (layer: BuiltLayer, trainable: boolean): number =>
  layer.parameters
    .filter((info) => info.trainable === trainable)
    .reduce((sum, { fileShape }) => sum + sizeOf(fileShape), 0);

/** The field after a layer: that of its widest input, widened by the layer's window. */
function widen(layer: BuiltLayer, fields: ReadonlyMap<string, ReceptiveField>, picture: Shape): ReceptiveField {
  const before = join(layer.inputs.map((id) => fields.get(id)!));
  const window = layer.layer.window?.(layer.options, layer.values[0].shape);
  if (before.whole || window === 'all') return { size: [picture[0], picture[1]], stride: before.stride, whole: true };
  return window ? slide(before, window) : before;
}

const slide = ({ size, stride }: ReceptiveField, window: LayerWindow): ReceptiveField => {
  const grow = (axis: 0 | 1) => size[axis] + window.dilation[axis] * (window.kernelSize[axis] - 1) * stride[axis];
  return {
    size: [grow(0), grow(1)],
    stride: [stride[0] * window.stride[0], stride[1] * window.stride[1]],
    whole: false,
  };
};

function join(fields: readonly ReceptiveField[]): ReceptiveField {
  return fields.reduce((a, b) => ({
    size: [Math.max(a.size[0], b.size[0]), Math.max(a.size[1], b.size[1])],
    stride: [Math.max(a.stride[0], b.stride[0]), Math.max(a.stride[1], b.stride[1])],
    whole: a.whole || b.whole,
  }));
}
