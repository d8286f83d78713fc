import { layerNamed } from '../../layers/index.ts';
import type { OptionValues } from '../../layers/layer.ts';
import { completeOptions } from '../../layers/options.ts';
import { inputId, type ModelSpec } from '../../model/spec.ts';
import type { LayerSummary, ModelSummary } from '../../model/summary.ts';
import { type Shape, sameShape } from '../../shape.ts';

/** What a box is drawn as. */
export type Family = 'picture' | 'convolution' | 'linear' | 'pooling' | 'merge' | 'other';

/** A box of a picture: a layer, and those that only change its values in place. */
export interface Box {
  readonly id: string;
  readonly family: Family;
  /** Type of its first layer. */
  readonly title: string;
  /** `3x3, stride 2`; empty where there is nothing to tell. */
  readonly detail: string;
  /** Types of the layers that follow in the same box. */
  readonly also: readonly string[];
  readonly shape: Shape;
  readonly parameters: number;
  readonly macs: number;
  /** Ids of the layers in it. */
  readonly layers: readonly string[];
  /** Ids of the boxes that it reads. */
  readonly inputs: readonly string[];
}

/** Layers as boxes, so that a net of 50 layers can be seen at once: norms and activations stand with what they follow. */
export function boxesOf(spec: ModelSpec, { layers }: ModelSummary): Box[] {
  const readers = new Map<string, number>();
  for (const { inputs } of layers) for (const id of inputs) readers.set(id, (readers.get(id) ?? 0) + 1);
  const boxOf = new Map<string, string>([[inputId, inputId]]);
  const shapes = new Map<string, Shape>([[inputId, spec.input]]);
  const groups = new Map<string, LayerSummary[]>();
  for (const layer of layers) {
    const [before] = layer.inputs;
    const follows =
      layer.inputs.length === 1 &&
      before !== inputId &&
      readers.get(before) === 1 &&
      layer.macs === 0 &&
      sameShape(layer.outputShape, shapes.get(before) as Shape);
    const box = follows ? (boxOf.get(before) as string) : layer.id;
    boxOf.set(layer.id, box);
    shapes.set(layer.id, layer.outputShape);
    groups.set(box, [...(groups.get(box) ?? []), layer]);
  }
  const options = new Map(
    spec.layers.map(({ id, type, inputs: _, ...given }) => {
      return [id, completeOptions(layerNamed(type, id), given, id)] as const;
    }),
  );
  const picture: Box = {
    id: inputId,
    family: 'picture',
    title: 'picture',
    detail: 'height x width x channels',
    also: [],
    shape: spec.input,
    parameters: 0,
    macs: 0,
    layers: [],
    inputs: [],
  };
  const boxes = [...groups].map(([id, [first, ...rest]]): Box => {
    const all = [first, ...rest];
    return {
      id,
      family: familyOf(first, shapes),
      title: first.type,
      detail: detailOf(options.get(id) as OptionValues),
      also: rest.map(({ type }) => type),
      shape: first.outputShape,
      parameters: all.reduce((sum, { parameters }) => sum + parameters, 0),
      macs: all.reduce((sum, { macs }) => sum + macs, 0),
      layers: all.map((layer) => layer.id),
      inputs: [...new Set(first.inputs.map((input) => boxOf.get(input) as string))],
    };
  });
  return [picture, ...boxes];
}

/** By what the layer's options say that it is, so that a new layer finds its place by itself. */
function familyOf({ type, inputs, outputShape, parameters }: LayerSummary, shapes: ReadonlyMap<string, Shape>): Family {
  const { options } = layerNamed(type, type);
  if (inputs.length > 1) return 'merge';
  if (options.kernelSize) return parameters > 0 ? 'convolution' : 'pooling';
  if (parameters > 0 && options.features) return 'linear';
  return sameShape(outputShape, shapes.get(inputs[0]) as Shape) ? 'other' : 'pooling';
}

/** `3x3, stride 2, 4 groups`: what makes a layer what it is; the channels stand in the shape. */
function detailOf({ kernelSize, stride, dilation, groups, rate }: OptionValues): string {
  const size = (value: OptionValues[string]): string => (Array.isArray(value) ? value : [value, value]).join('x');
  const one = (value: OptionValues[string]): string =>
    Array.isArray(value) && value[0] !== value[1] ? value.join('x') : String(Array.isArray(value) ? value[0] : value);
  const parts = [
    kernelSize === undefined ? '' : size(kernelSize),
    stride === undefined || one(stride) === '1' ? '' : `stride ${one(stride)}`,
    dilation === undefined || one(dilation) === '1' ? '' : `dilation ${one(dilation)}`,
    groups === undefined || groups === 1 ? '' : `${groups} groups`,
    rate === undefined ? '' : String(rate),
  ];
  return parts.filter((text) => text !== '').join(', ');
}
