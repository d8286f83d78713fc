import { type Shape, sizeOf } from '../shape.ts';
import { type BuiltLayer, type BuiltModel, buildModel } from './build.ts';
import { followField, type LayerField, pictureField, type ReceptiveField, tellField } from './receptive-field.ts';

export type { ReceptiveField } from './receptive-field.ts';

import { inputId, type ModelSpec } from './spec.ts';

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
  /** Numbers in all layers' outputs for one picture; what training really keeps of them, `describeKernels` tells. */
  readonly activations: number;
}

/** Shapes, parameters, work and receptive fields, layer by layer. @throws FoveaError as `buildModel`. */
export function summarize(spec: ModelSpec): ModelSummary {
  const model = buildModel(spec, { training: false, inputType: 'float32' });
  const fields = fieldsOf(model, spec.input);
  const layers = model.layers.map((layer): LayerSummary => {
    const nodes = model.graph.nodes.slice(layer.firstNode, layer.endNode);
    return {
      id: layer.id,
      type: layer.layer.type,
      inputs: layer.inputs,
      outputShape: layer.output.shape,
      parameters: countElements(layer, true),
      buffers: countElements(layer, false),
      macs: nodes.reduce((sum, node) => sum + (node.op.macs?.(node) ?? 0), 0),
      receptiveField: tellField(fields.get(layer.id) as LayerField),
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

/** Receptive fields of all layers, position by position. */
export function fieldsOf(model: BuiltModel, picture: Shape): ReadonlyMap<string, LayerField> {
  const fields = new Map<string, LayerField>([[inputId, pictureField(picture)]]);
  for (const layer of model.layers) {
    const before = layer.inputs.map((id) => fields.get(id) as LayerField);
    fields.set(layer.id, followField(layer, before));
  }
  return fields;
}

const countElements = (layer: BuiltLayer, trainable: boolean): number =>
  layer.parameters
    .filter((info) => info.trainable === trainable)
    .reduce((sum, { fileShape }) => sum + sizeOf(fileShape), 0);
