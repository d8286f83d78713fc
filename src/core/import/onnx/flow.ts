import type { OnnxNode } from '../../formats/onnx/messages.ts';
import type { OptionValues } from '../../layers/layer.ts';
import { type Shape, sizeOf } from '../../shape.ts';
import type { FileTensor } from '../../train/state.ts';
import type { Constant } from './constants.ts';

/**
 * A value that depends on the picture: what a layer of ours gives, and how ONNX sees it.
 * - `nchw`, `nhwc`: a feature map, its channels after the batch or last;
 * - `nc`: a row of features;
 * - `nc11`: a row that ONNX sees as a feature map of one pixel; `nc1`: halfway from there to a row.
 */
export interface Flow {
  readonly kind: 'flow';
  /** The layer that gives it, or 'input'. */
  readonly id: string;
  /** As the engine has it: [height, width, channels] or [features]. */
  readonly shape: Shape;
  readonly axes: 'nchw' | 'nhwc' | 'nc' | 'nc11' | 'nc1';
  /** Nothing else reads that layer: weights of it may take on what follows. */
  readonly exclusive: boolean;
  /** No element is below 0. */
  readonly nonNegative?: boolean;
  /** A row that ONNX made of a map [height, width, channels] in that order, where the engine's order is channels first. */
  readonly flattenedLast?: Shape;
}

export type Value = Constant | Flow;

/** What stands in ONNX's shape of a flow; NaN for the number of pictures. */
export function dimsOf({ shape, axes }: Flow): number[] {
  switch (axes) {
    case 'nchw':
      return [Number.NaN, shape[2], shape[0], shape[1]];
    case 'nhwc':
      return [Number.NaN, ...shape];
    case 'nc':
      return [Number.NaN, shape[0]];
    case 'nc1':
      return [Number.NaN, shape[0], 1];
    case 'nc11':
      return [Number.NaN, shape[0], 1, 1];
  }
}

export const isMap = ({ axes }: Flow): boolean => axes === 'nchw' || axes === 'nhwc';
export const isPixel = (flow: Flow): boolean => isMap(flow) && flow.shape[0] * flow.shape[1] === 1;
export const channelsOf = ({ shape }: Flow): number => shape[shape.length - 1];
export const featuresOf = ({ shape }: Flow): number => sizeOf(shape);

/** The axis of the channels as ONNX counts them. */
export const channelAxis = ({ axes }: Flow): number => (axes === 'nhwc' ? 3 : 1);

/** A layer as a rule asked for it. */
export interface EmittedLayer {
  readonly type: string;
  readonly options: OptionValues;
  readonly inputs: readonly Flow[];
}

/** What a rule may do: add layers, and look ahead. */
export interface Raising {
  /**
   * Adds a layer and gives its output, as ONNX sees the first input unless `axes` says otherwise.
   * @param weights by PyTorch's names, in PyTorch's layouts.
   */
  emit(
    node: OnnxNode,
    type: string,
    inputs: readonly Flow[],
    options?: OptionValues,
    weights?: Readonly<Record<string, FileTensor>>,
    axes?: Flow['axes'],
  ): Flow;
  /** The layer that gives a flow, as it was emitted; undefined for the input. */
  layerOf(flow: Flow): EmittedLayer | undefined;
  /** The operators that read a value, and one more for the graph's output; asking for its shape is no reading. */
  readers(name: string): readonly OnnxNode[];
  /** Multiplies and shifts each channel, wherever that costs least. */
  affine(node: OnnxNode, flow: Flow, scale: readonly number[], offset: readonly number[]): Flow;
  readonly opset: number;
  /** The name of the graph's output. */
  readonly output: string;
}

/** How an operator becomes layers. Inputs that are left out are undefined. */
export type RaisingRule = (context: Raising, node: OnnxNode, inputs: readonly (Value | undefined)[]) => Value;
