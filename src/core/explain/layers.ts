import { invalid, mismatch } from '../errors.ts';
import type { BuiltModel } from '../model/build.ts';
import { suggest } from '../nearest.ts';
import type { Shape } from '../shape.ts';

/** A layer as a person chooses it. */
export interface ExplainedLayer {
  readonly id: string;
  readonly type: string;
  /** [height, width, channels] or [features]. */
  readonly shape: Shape;
  /** It gives a map with more than one place, so that heatmaps can be drawn from it. */
  readonly isMap: boolean;
  /** Ids of the layers that it reads; 'input' for the picture. */
  readonly inputs: readonly string[];
  /** It has no weights and gives fewer places than it reads: a pooling. */
  readonly pools: boolean;
}

/** One unit of a layer: a place of a channel of a map, or one feature. */
export interface Unit {
  readonly layer: string;
  readonly channel: number;
  /** Of a map; absent for features. */
  readonly y?: number;
  readonly x?: number;
}

const isMap = (shape: Shape): boolean => shape.length === 3 && shape[0] * shape[1] > 1;

export function listLayers({ layers }: BuiltModel): ExplainedLayer[] {
  return layers.map(({ id, layer, inputs, values, parameters, output: { shape } }) => ({
    id,
    type: layer.type,
    shape,
    isMap: isMap(shape),
    inputs,
    pools: parameters.length === 0 && values.length === 1 && placesOf(shape) < placesOf(values[0].shape),
  }));
}

const placesOf = (shape: Shape): number => (shape.length === 3 ? shape[0] * shape[1] : 1);

/** @throws FoveaError naming the layer that was meant, perhaps. */
export function layerOf(layers: readonly ExplainedLayer[], id: string): ExplainedLayer {
  const layer = layers.find((one) => one.id === id);
  if (layer) return layer;
  const ids = layers.map((one) => one.id);
  throw invalid("a layer's id", 'the layer', id, suggest(id, ids));
}

/**
 * The layer that heatmaps are drawn from where none is named: the last that gives a map, as the authors of Grad-CAM
 * advise, and before poolings, since places are finer there. @throws FoveaError for a model that has no map.
 */
export function lastMap(layers: readonly ExplainedLayer[]): ExplainedLayer {
  const last = [...layers].reverse().find((layer) => layer.isMap);
  if (last) return beforePooling(layers, last);
  throw mismatch('a layer that gives a feature map', 'this method', 'a model that has none', 'Use saliency instead');
}

function beforePooling(layers: readonly ExplainedLayer[], layer: ExplainedLayer): ExplainedLayer {
  const before = layer.pools ? layers.find(({ id }) => id === layer.inputs[0]) : undefined;
  return before ? beforePooling(layers, before) : layer;
}

/** A unit's place among its layer's outputs. @throws FoveaError when there is no such unit. */
export function elementOf({ id, shape }: ExplainedLayer, { channel, y, x }: Unit): number {
  const check = (name: string, value: number | undefined, count: number): number => {
    if (value !== undefined && Number.isInteger(value) && value >= 0 && value < count) return value;
    throw invalid(`a ${name} from 0 to ${count - 1}`, `a unit of layer '${id}' (${shape.join('x')})`, value);
  };
  if (shape.length === 1) return check('feature', channel, shape[0]);
  const [height, width, channels] = shape;
  return (
    (check('row (y)', y, height) * width + check('column (x)', x, width)) * channels +
    check('channel', channel, channels)
  );
}

/** The unit of an element. */
export function unitAt({ id, shape }: ExplainedLayer, element: number): Unit {
  if (shape.length === 1) return { layer: id, channel: element };
  const [, width, channels] = shape;
  const pixel = Math.floor(element / channels);
  return { layer: id, channel: element % channels, y: Math.floor(pixel / width), x: pixel % width };
}

/**
 * A unit as a person writes it: `conv2:5@3,4` is channel 5 of layer conv2 at row 3, column 4; `fc1:7` feature 7.
 * @throws FoveaError saying so.
 */
export function parseUnit(text: string): Unit {
  const match = /^([A-Za-z0-9_.]+):(\d{1,9})(?:@(\d{1,9}),(\d{1,9}))?$/.exec(text.trim());
  if (!match) throw invalid('layer:channel or layer:channel@row,column, such as conv2:5@3,4', 'the unit', text);
  const [, layer, channel, y, x] = match;
  return { layer, channel: Number(channel), ...(y === undefined ? {} : { y: Number(y), x: Number(x) }) };
}

/** The same, back. */
export const unitText = ({ layer, channel, y, x }: Unit): string =>
  `${layer}:${channel}${y === undefined ? '' : `@${y},${x}`}`;
