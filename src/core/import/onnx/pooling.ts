import { shares } from '../../export/onnx/windows.ts';
import type { OnnxNode } from '../../formats/onnx/messages.ts';
import type { OptionValues } from '../../layers/layer.ts';
import type { Constant } from './constants.ts';
import { type Flow, isMap, type Raising, type RaisingRule } from './flow.ts';
import { listAttribute, numberAttribute, unsupported } from './graph.ts';
import { flowOf, tensorOf } from './operands.ts';
import {
  isEven,
  mapOf,
  type Pads,
  padded,
  paddingOption,
  pairAttribute,
  plainSize,
  type Window,
  windowOf,
} from './windows.ts';

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
