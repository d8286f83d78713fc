import { shares } from '../../export/onnx/windows.ts';
import type { OnnxNode } from '../../formats/onnx/messages.ts';
import type { OptionValues } from '../../layers/layer.ts';
import { resolvePadding } from '../../layers/window.ts';
import { type Constant, float32 } from './constants.ts';
import { type Flow, isMap, type Raising, type RaisingRule, type Value } from './flow.ts';
import { listAttribute, numberAttribute, textAttribute, unsupported } from './graph.ts';
import { flowOf, tensorOf } from './operands.ts';

type Pads = readonly [top: number, bottom: number, left: number, right: number];

/** A feature map with its channels first. @throws FoveaError. */
export function mapOf(node: OnnxNode, value: Value | undefined): Flow {
  const flow = flowOf(node, value);
  if (flow.axes === 'nchw') return flow;
  throw unsupported(node, 'a feature map [n, channels, height, width]', flow.axes);
}

function pairAttribute(node: OnnxNode, name: string, standard: number): readonly [number, number] {
  const given = listAttribute(node, name) ?? [standard, standard];
  if (given.length !== 2 || !given.every((size) => Number.isSafeInteger(size) && size >= 1)) {
    throw unsupported(node, `${name} of height and width`, given);
  }
  return [given[0], given[1]];
}

interface Window {
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly pads: Pads;
}

/** `pads`, or what auto_pad means for this input. */
function windowOf(node: OnnxNode, { shape }: Flow, kernelSize: readonly [number, number]): Window {
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

const isEven = ([top, bottom, left, right]: Pads): boolean => top === bottom && left === right;
const plainSize = ([a, b]: readonly number[]): number | readonly number[] => (a === b ? a : [a, b]);

/** The option `padding` that means these pads for this input; undefined where there is none. */
function paddingOption({ kernelSize, stride, dilation, pads }: Window, input: Flow): OptionValues[string] | undefined {
  if (isEven(pads)) return pads[0] + pads[2] === 0 ? 'valid' : plainSize([pads[0], pads[2]]);
  const same = resolvePadding({ kernelSize, stride, dilation, padding: 'same' }, input.shape);
  return same.every((size, side) => size === pads[side]) ? 'same' : undefined;
}

/** Zeros around a feature map, as a layer of its own. */
const padded = (context: Raising, node: OnnxNode, flow: Flow, [top, bottom, left, right]: Pads): Flow =>
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

/** How many positions windows have, by our rule. @param ceil whether a last one may reach past the edge. */
function positions(
  { kernelSize, stride, dilation }: Window,
  input: Flow,
  [top, bottom, left, right]: Pads,
  ceil: boolean,
): number[] {
  return [0, 1].map((axis) => {
    const [before, after] = axis === 0 ? [top, bottom] : [left, right];
    const room = input.shape[axis] + before + after - dilation[axis] * (kernelSize[axis] - 1) - 1;
    const count = Math.floor((room + (ceil ? stride[axis] - 1 : 0)) / stride[axis]) + 1;
    return ceil && (count - 1) * stride[axis] >= input.shape[axis] + before ? count - 1 : count;
  });
}

/** Options of a pooling whose padding never counts; undefined where our layers have none that mean the same. */
function poolingOptions(node: OnnxNode, flow: Flow): { window: Window; options: OptionValues | undefined } {
  const kernelSize = listAttribute(node, 'kernel_shape') ?? [];
  if (kernelSize.length !== 2) throw unsupported(node, 'a window of height and width', kernelSize);
  const window = windowOf(node, flow, pairAttribute(node, 'kernel_shape', 1));
  if (window.dilation.some((size) => size !== 1)) throw unsupported(node, 'dilations of 1', window.dilation);
  const ceilMode = numberAttribute(node, 'ceil_mode', 0) === 1;
  const sizes = { kernelSize: plainSize(window.kernelSize), stride: plainSize(window.stride) };
  const { pads } = window;
  const small = (padding: Pads): boolean => padding.every((size, side) => size <= window.kernelSize[side >> 1] / 2);
  const padding = paddingOption(window, flow);
  if (padding !== undefined && (padding === 'same' || small(pads))) {
    return { window, options: { ...sizes, padding, ...(ceilMode ? { ceilMode } : {}) } };
  }
  // More room below and at the right than above and at the left: as if a last window reached past the edge.
  const even: Pads = [pads[0], pads[0], pads[2], pads[2]];
  const equal = positions(window, flow, pads, ceilMode).join() === positions(window, flow, even, true).join();
  if (!equal || !small(even) || pads[1] < pads[0] || pads[3] < pads[2]) return { window, options: undefined };
  const rest = even[0] + even[2] === 0 ? 'valid' : plainSize([even[0], even[2]]);
  return { window, options: { ...sizes, padding: rest, ceilMode: true } };
}

export const maxPool: RaisingRule = (context, node, inputs) => {
  const flow = mapOf(node, inputs[0]);
  const { window, options } = poolingOptions(node, flow);
  if (options) return context.emit(node, 'maxPool2d', [flow], options);
  // Where nothing is below 0, zeros around it change no maximum.
  if (!flow.nonNegative) throw unsupported(node, 'pads that our poolings have', window.pads);
  const ceilMode = numberAttribute(node, 'ceil_mode', 0) === 1;
  const { kernelSize, stride } = window;
  return context.emit(node, 'maxPool2d', [padded(context, node, flow, window.pads)], {
    kernelSize: plainSize(kernelSize),
    stride: plainSize(stride),
    ...(ceilMode ? { ceilMode } : {}),
  });
};

export const averagePool: RaisingRule = (context, node, inputs) => {
  const flow = mapOf(node, inputs[0]);
  const { window, options } = poolingOptions(node, flow);
  const { pads, kernelSize, stride } = window;
  const hasPads = pads.some((size) => size > 0);
  if (!hasPads && kernelSize.every((size, axis) => size === flow.shape[axis])) return globalMean(context, node, flow);
  const ceilMode = numberAttribute(node, 'ceil_mode', 0) === 1;
  if (numberAttribute(node, 'count_include_pad', 0) === 1 && hasPads) {
    if (options?.padding !== undefined && !(options.ceilMode && !ceilMode)) {
      return context.emit(node, 'avgPool2d', [flow], { ...options, countIncludePad: true });
    }
    if (ceilMode) throw unsupported(node, 'pads that our poolings have', pads);
    const sizes = { kernelSize: plainSize(kernelSize), stride: plainSize(stride) };
    return context.emit(node, 'avgPool2d', [padded(context, node, flow, pads)], sizes);
  }
  if (!options) return meanOfPadded(context, node, flow, window);
  return context.emit(node, 'avgPool2d', [flow], { ...options, countIncludePad: !hasPads });
};

/** Zeros around that count and a last window past the edge that does not: one pooling, as our own export takes it apart. */
function meanOfPadded(context: Raising, node: OnnxNode, flow: Flow, window: Window): Flow {
  const { kernelSize, stride, pads } = window;
  const before = context.layerOf(flow);
  const [top, bottom, left, right] = ['top', 'bottom', 'left', 'right'].map((side) => Number(before?.options[side]));
  const even: Pads = [top, bottom, left, right];
  const isPadding = before?.type === 'zeroPad2d' && isEven(even) && pads[0] + pads[2] === 0;
  const fits = isPadding && top <= kernelSize[0] / 2 && left <= kernelSize[1] / 2;
  const ceil = numberAttribute(node, 'ceil_mode', 0) === 1;
  if (!fits || positions(window, flow, pads, ceil).join() !== positions(window, before.inputs[0], even, true).join()) {
    throw unsupported(node, 'pads that our poolings have', pads);
  }
  return context.emit(node, 'avgPool2d', before.inputs, {
    kernelSize: plainSize(kernelSize),
    stride: plainSize(stride),
    padding: plainSize([top, left]),
    ceilMode: true,
    countIncludePad: true,
  });
}

/** The mean of each channel: a row where only rows are made of it, else a map of one pixel. */
export function globalMean(context: Raising, node: OnnxNode, flow: Flow, keepsPixel = true): Flow {
  const flattens = ['Flatten', 'Reshape', 'Squeeze'];
  const reading = context.readers(node.outputs[0]);
  const becomesRow =
    flow.axes === 'nchw' && reading.length > 0 && reading.every(({ opType }) => flattens.includes(opType));
  if (!keepsPixel) return context.emit(node, 'globalAvgPool2d', [flow], {}, {}, 'nc');
  if (becomesRow) return context.emit(node, 'globalAvgPool2d', [flow], {}, {}, 'nc11');
  return context.emit(node, 'adaptiveAvgPool2d', [flow], { outputSize: 1 });
}

export const globalAveragePool: RaisingRule = (context, node, [x]) => {
  const flow = flowOf(node, x);
  return flow.axes === 'nc11' ? flow : globalMean(context, node, mapOf(node, flow));
};

export const globalMaxPool: RaisingRule = (context, node, [x]) => {
  const flow = mapOf(node, x);
  return context.emit(node, 'maxPool2d', [flow], { kernelSize: [flow.shape[0], flow.shape[1]] });
};

/** The mean over height and width. */
export const reduceMean: RaisingRule = (context, node, [x, given]) => {
  const flow = flowOf(node, x);
  const axes = (given ? Array.from(tensorOf(node, given).data) : (listAttribute(node, 'axes') ?? []))
    .map((axis) => (axis < 0 ? axis + 4 : axis))
    .sort((a, b) => a - b);
  const wanted = flow.axes === 'nhwc' ? '1,2' : '2,3';
  if (!isMap(flow) || axes.join() !== wanted) throw unsupported(node, 'the mean over height and width', axes);
  return globalMean(context, node, flow, numberAttribute(node, 'keepdims', 1) === 1);
};

/** rows · (x · columns), if both matrices are those of adaptive pooling. */
export const adaptiveAveragePool: RaisingRule = (context, node, [x, rows, columns]) => {
  const flow = mapOf(node, x);
  const [down, across] = [tensorOf(node, rows), tensorOf(node, columns)];
  const outputSize = [down.dims[0], across.dims[1]];
  const close = (actual: ArrayLike<number>, expected: readonly number[]): boolean =>
    actual.length === expected.length && expected.every((value, i) => Math.abs(value - actual[i]) <= 1e-6);
  const [height, width] = flow.shape;
  const fits =
    down.dims[1] === height &&
    across.dims[0] === width &&
    down.data.length <= 1 << 16 &&
    across.data.length <= 1 << 16 &&
    close(down.data, shares(height, outputSize[0])) &&
    close(turned(across), shares(width, outputSize[1]));
  if (!fits) throw unsupported(node, 'the matrices of a pooling', outputSize);
  return context.emit(node, 'adaptiveAvgPool2d', [flow], { outputSize: plainSize(outputSize) });
};

const turned = ({ dims: [rows, columns], data }: Constant): number[] =>
  Array.from({ length: data.length }, (_, at) => data[(at % rows) * columns + Math.floor(at / rows)]);

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
