import type { OnnxNode } from '../../formats/onnx/messages.ts';
import type { FileTensor } from '../../train/state.ts';
import { float32 } from './constants.ts';
import { channelsOf, dimsOf, type Flow, isMap, type RaisingRule, type Value } from './flow.ts';
import { numberAttribute, unsupported } from './graph.ts';
import { flowOf, tensorOf } from './operands.ts';

/** One number a channel as a parameter. */
function vector(node: OnnxNode, value: Value | undefined, channels: number, standard?: number): FileTensor {
  if (value === undefined && standard !== undefined) {
    return { shape: [channels], data: new Float32Array(channels).fill(standard) };
  }
  const { dims, data } = tensorOf(node, value);
  if (data.length !== channels) throw unsupported(node, `${channels} numbers, one a channel`, dims);
  return { shape: [channels], data: float32(data) };
}

const channelsFirst = (node: OnnxNode, flow: Flow): void => {
  if (flow.axes !== 'nchw') throw unsupported(node, 'a feature map [n, channels, height, width]', flow.axes);
};

export const batchNorm: RaisingRule = (context, node, [x, scale, shift, mean, variance]) => {
  const flow = flowOf(node, x);
  const channels = channelsOf(flow);
  const [weight, bias] = [vector(node, scale, channels), vector(node, shift, channels)];
  const [runningMean, runningVariance] = [vector(node, mean, channels), vector(node, variance, channels)];
  const eps = numberAttribute(node, 'epsilon', 1e-5);
  if (flow.axes === 'nchw') {
    const weights = { weight, bias, running_mean: runningMean, running_var: runningVariance };
    return context.emit(node, 'batchNorm2d', [flow], { eps }, weights);
  }
  // Of a row our list has none: it becomes part of the layer before.
  const factors = Array.from(weight.data, (value, c) => value / Math.sqrt(runningVariance.data[c] + eps));
  const offsets = factors.map((factor, c) => bias.data[c] - factor * runningMean.data[c]);
  return context.affine(node, flow, factors, offsets);
};

/** Scale and shift are one a channel (opset 21), or one a group. */
export const groupNorm: RaisingRule = (context, node, [x, scale, shift, back]) => {
  const flow = flowOf(node, x);
  channelsFirst(node, flow);
  const channels = channelsOf(flow);
  const groups = numberAttribute(node, 'num_groups', 1);
  // Where it was spelled out by reshaping, it must have been back to the same shape.
  const shape = back && Array.from(tensorOf(node, back).data).slice(1).join();
  if (shape !== undefined && shape !== dimsOf(flow).slice(1).join())
    throw unsupported(node, 'its own shape again', shape);
  const spread = (value: Value | undefined): FileTensor => {
    const { data } = tensorOf(node, value);
    if (data.length !== groups || groups === channels) return vector(node, value, channels);
    return {
      shape: [channels],
      data: Float32Array.from({ length: channels }, (_, c) => data[Math.floor((c * groups) / channels)]),
    };
  };
  const eps = numberAttribute(node, 'epsilon', 1e-5);
  return context.emit(node, 'groupNorm', [flow], { groups, eps }, { weight: spread(scale), bias: spread(shift) });
};

/** A group norm with a group for each channel. */
export const instanceNorm: RaisingRule = (context, node, [x, scale, shift]) => {
  const flow = flowOf(node, x);
  channelsFirst(node, flow);
  const channels = channelsOf(flow);
  const weights = { weight: vector(node, scale, channels), bias: vector(node, shift, channels) };
  return context.emit(
    node,
    'groupNorm',
    [flow],
    { groups: channels, eps: numberAttribute(node, 'epsilon', 1e-5) },
    weights,
  );
};

export const layerNorm: RaisingRule = (context, node, [x, scale, shift]) => {
  const flow = flowOf(node, x);
  const axis = numberAttribute(node, 'axis', -1);
  const last = isMap(flow) ? 3 : 1;
  if (flow.axes === 'nchw' || flow.axes === 'nc11' || flow.flattenedLast || (axis !== -1 && axis !== last)) {
    throw unsupported(node, 'a norm over the channels, which come last', flow.axes);
  }
  const channels = channelsOf(flow);
  const weights = { weight: vector(node, scale, channels, 1), bias: vector(node, shift, channels, 0) };
  return context.emit(node, 'layerNorm', [flow], { eps: numberAttribute(node, 'epsilon', 1e-5) }, weights);
};
