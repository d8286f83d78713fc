import type { OnnxNode } from '../../formats/onnx/messages.ts';
import type { OptionValues } from '../../layers/layer.ts';
import { resolvePadding } from '../../layers/window.ts';
import { float32 } from './constants.ts';
import { type Flow, isMap, type Raising, type RaisingRule, type Value } from './flow.ts';
import { listAttribute, numberAttribute, textAttribute, unsupported } from './graph.ts';
import { flowOf, tensorOf } from './operands.ts';

export type Pads = readonly [top: number, bottom: number, left: number, right: number];

/** A feature map with its channels first. @throws FoveaError. */
export function mapOf(node: OnnxNode, value: Value | undefined): Flow {
  const flow = flowOf(node, value);
  if (flow.axes === 'nchw') return flow;
  throw unsupported(node, 'a feature map [n, channels, height, width]', flow.axes);
}

export function pairAttribute(node: OnnxNode, name: string, standard: number): readonly [number, number] {
  const given = listAttribute(node, name) ?? [standard, standard];
  if (given.length !== 2 || !given.every((size) => Number.isSafeInteger(size) && size >= 1)) {
    throw unsupported(node, `${name} of height and width`, given);
  }
  return [given[0], given[1]];
}

export interface Window {
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly pads: Pads;
}

/** `pads`, or what auto_pad means for this input. */
export function windowOf(node: OnnxNode, { shape }: Flow, kernelSize: readonly [number, number]): Window {
  const stride = pairAttribute(node, 'strides', 1);
  const dilation = pairAttribute(node, 'dilations', 1);
  const automatic = textAttribute(node, 'auto_pad', 'NOTSET');
  if (automatic === 'SAME_UPPER' || automatic === 'SAME_LOWER') {
    const [top, bottom, left, right] = resolvePadding({ kernelSize, stride, dilation, padding: 'same' }, shape);
    return {
      kernelSize,
      stride,
      dilation,
      pads: automatic === 'SAME_UPPER' ? [top, bottom, left, right] : [bottom, top, right, left],
    };
  }
  const given = automatic === 'VALID' ? [0, 0, 0, 0] : (listAttribute(node, 'pads') ?? [0, 0, 0, 0]);
  if (given.length !== 4 || !given.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw unsupported(node, 'pads of at least 0 for four sides', given);
  }
  const [top, left, bottom, right] = given;
  return { kernelSize, stride, dilation, pads: [top, bottom, left, right] };
}

export const isEven = ([top, bottom, left, right]: Pads): boolean => top === bottom && left === right;
export const plainSize = ([a, b]: readonly number[]): number | readonly number[] => (a === b ? a : [a, b]);

/** The option `padding` that means these pads for this input; undefined where there is none. */
export function paddingOption(
  { kernelSize, stride, dilation, pads }: Window,
  input: Flow,
): OptionValues[string] | undefined {
  if (isEven(pads)) return pads[0] + pads[2] === 0 ? 'valid' : plainSize([pads[0], pads[2]]);
  const same = resolvePadding({ kernelSize, stride, dilation, padding: 'same' }, input.shape);
  return same.every((size, side) => size === pads[side]) ? 'same' : undefined;
}

/** Zeros around a feature map, as a layer of its own. */
export const padded = (context: Raising, node: OnnxNode, flow: Flow, [top, bottom, left, right]: Pads): Flow =>
  context.emit(node, 'zeroPad2d', [flow], { top, bottom, left, right });

export const convolution: RaisingRule = (context, node, inputs) => {
  const weight = tensorOf(node, inputs[1]);
  const bias = inputs[2] && tensorOf(node, inputs[2]);
  if (weight.dims.length !== 4) throw unsupported(node, 'a convolution over height and width', weight.dims);
  const [channels, perGroup, height, width] = weight.dims;
  if (bias && bias.data.length !== channels) throw unsupported(node, `${channels} biases`, bias.dims);
  const tensors = {
    weight: { shape: weight.dims, data: float32(weight.data) },
    ...(bias ? { bias: { shape: [channels], data: float32(bias.data) } } : {}),
  };
  const given = flowOf(node, inputs[0]);
  if (given.axes === 'nc11' && height * width === 1 && given.shape[0] === perGroup) {
    // Of one pixel, a 1x1 convolution is a linear layer.
    const linear = { ...tensors, weight: { ...tensors.weight, shape: [channels, perGroup] } };
    return context.emit(node, 'linear', [given], { features: channels, bias: bias !== undefined }, linear);
  }
  const flow = mapOf(node, given);
  const groups = numberAttribute(node, 'group', 1);
  const inputChannels = flow.shape[2];
  if (perGroup * groups !== inputChannels || channels % groups !== 0) {
    throw unsupported(node, `weights for ${inputChannels} channels in ${groups} groups`, weight.dims);
  }
  const window = windowOf(node, flow, [height, width]);
  const padding = paddingOption(window, flow);
  const from = padding === undefined ? padded(context, node, flow, window.pads) : flow;
  const options: Record<string, OptionValues[string]> = {
    kernelSize: plainSize(window.kernelSize),
    stride: plainSize(window.stride),
    padding: padding ?? 'valid',
    dilation: plainSize(window.dilation),
    bias: bias !== undefined,
  };
  if (groups > 1 && groups === inputChannels) {
    return context.emit(node, 'depthwiseConv2d', [from], { multiplier: channels / groups, ...options }, tensors);
  }
  return context.emit(node, 'conv2d', [from], { channels, ...options, groups }, tensors);
};

/** Zeros at the four sides of a feature map. */
export const pad: RaisingRule = (context, node, [x, given, value]) => {
  const flow = flowOf(node, x);
  if (textAttribute(node, 'mode', 'constant') !== 'constant')
    throw unsupported(node, 'constant padding', textAttribute(node, 'mode', ''));
  const fill = value ? tensorOf(node, value).data[0] : numberAttribute(node, 'value', 0);
  if (fill !== 0) throw unsupported(node, 'zeros', fill);
  const pads = given ? Array.from(tensorOf(node, given).data) : (listAttribute(node, 'pads') ?? []);
  const [height, width] = flow.axes === 'nhwc' ? [1, 2] : [2, 3];
  const allowed = [height, width, height + 4, width + 4];
  if (
    !isMap(flow) ||
    pads.length !== 8 ||
    !pads.every((size, i) => Number.isSafeInteger(size) && size >= 0 && (size === 0 || allowed.includes(i)))
  ) {
    throw unsupported(node, 'padding of height and width', pads);
  }
  if (pads.every((size) => size === 0)) return flow;
  return padded(context, node, flow, [pads[height], pads[height + 4], pads[width], pads[width + 4]]);
};
