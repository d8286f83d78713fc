import type { OnnxNode } from '../../formats/onnx/messages.ts';
import { sizeOf } from '../../shape.ts';
import { axesOf, axisFrom, numbers } from './constants.ts';
import {
  channelAxis,
  channelsOf,
  dimsOf,
  type Flow,
  featuresOf,
  isMap,
  isPixel,
  type Raising,
  type RaisingRule,
} from './flow.ts';
import { listAttribute, numberAttribute, unsupported } from './graph.ts';
import { flowOf, tensorOf } from './operands.ts';

/** A flow as a row of features. */
export function toRow(context: Raising, node: OnnxNode, flow: Flow): Flow {
  if (flow.axes === 'nc') return flow;
  if (flow.axes === 'nc11' || flow.axes === 'nc1') return { ...flow, axes: 'nc' };
  const row = context.emit(node, 'flatten', [flow], {}, {}, 'nc');
  return flow.axes === 'nhwc' && !isPixel(flow) ? { ...row, flattenedLast: flow.shape } : row;
}

export const flatten: RaisingRule = (context, node, [x]) => {
  const flow = flowOf(node, x);
  const axis = axisFrom(node, numberAttribute(node, 'axis', 1), dimsOf(flow).length);
  if (axis !== 1) throw unsupported(node, 'axis 1', axis);
  return toRow(context, node, flow);
};

/** To a row, to the same shape, or to a map of one pixel. */
export const reshape: RaisingRule = (context, node, [x, shape]) => {
  const flow = flowOf(node, x);
  const wanted = Array.from(tensorOf(node, shape).data);
  const dims = dimsOf(flow);
  const count = featuresOf(flow);
  const sizes = wanted.map((size, i) => (size === 0 && i > 0 ? (dims[i] ?? 0) : size));
  // The number of pictures comes first and stays; what is left to -1 elsewhere follows from it.
  const rest = sizes.slice(1);
  const open = rest.indexOf(-1);
  const known = rest.reduce((product, size, i) => (i === open ? product : product * size), 1);
  if (open >= 0 && count % known === 0) rest[open] = count / known;
  if (!rest.every((size) => Number.isInteger(size) && size >= 1) || sizeOf(rest) !== count) {
    throw unsupported(
      node,
      `a shape of ${count} numbers a picture`,
      wanted.map((size) => (Number.isNaN(size) ? 'n' : size)).join('x'),
    );
  }
  if (rest.length === 1) return toRow(context, node, flow);
  if (rest.join() === dims.slice(1).join()) return flow;
  if (
    rest.length === 3 &&
    rest[1] === 1 &&
    rest[2] === 1 &&
    (flow.axes === 'nc' || flow.axes === 'nc11') &&
    !flow.flattenedLast
  ) {
    return { ...flow, axes: 'nc11' };
  }
  throw unsupported(node, 'a row of features', ['n', ...rest].join('x'));
};

export const squeeze: RaisingRule = (context, node, [x, given]) => {
  const flow = flowOf(node, x);
  const dims = dimsOf(flow);
  const axes = (
    axesOf(node, given && tensorOf(node, given)) ?? dims.flatMap((size, axis) => (size === 1 ? [axis] : []))
  ).map((axis) => axisFrom(node, axis, dims.length));
  const left = dims.filter((_, axis) => !axes.includes(axis));
  if (axes.length === 0) return flow;
  const pixel = isPixel(flow) || flow.axes === 'nc11';
  if (pixel && left.length === 3 && left[2] === 1 && Number.isNaN(left[0])) {
    return { ...toRow(context, node, flow), axes: 'nc1' };
  }
  if (left.length !== 2 || !axes.every((axis) => dims[axis] === 1) || !Number.isNaN(left[0])) {
    throw unsupported(node, 'a map of one pixel, to a row', dims.slice(1));
  }
  return toRow(context, node, flow);
};

export const unsqueeze: RaisingRule = (_, node, [x, given]) => {
  const flow = flowOf(node, x);
  const axes = [...(axesOf(node, given && tensorOf(node, given)) ?? [])].map((axis) => (axis < 0 ? axis + 4 : axis));
  if (flow.axes === 'nc' && !flow.flattenedLast && axes.sort((a, b) => a - b).join() === '2,3')
    return { ...flow, axes: 'nc11' };
  throw unsupported(node, 'a row, to a map of one pixel', axes);
};

export const transpose: RaisingRule = (_, node, [x]) => {
  const flow = flowOf(node, x);
  const order = (listAttribute(node, 'perm') ?? []).join();
  if (order === (isMap(flow) || flow.axes === 'nc11' ? '0,1,2,3' : '0,1')) return flow;
  if (flow.axes === 'nchw' && order === '0,2,3,1') return { ...flow, axes: 'nhwc' };
  if (flow.axes === 'nhwc' && order === '0,3,1,2') return { ...flow, axes: 'nchw' };
  throw unsupported(node, 'channels moved to the end or back', order === '' ? 'none' : order);
};

export const concat: RaisingRule = (context, node, inputs) => {
  const flows = inputs.map((value) => flowOf(node, value));
  const [first] = flows;
  const axis = axisFrom(node, numberAttribute(node, 'axis', 1), dimsOf(first).length);
  const fits = flows.every((flow) => flow.axes === first.axes && !flow.flattenedLast);
  if (!fits || axis !== channelAxis(first))
    throw unsupported(node, 'channels or features side by side', `axis ${axis}`);
  if (flows.length === 1) return first;
  return context.emit(node, 'concat', flows);
};

/** The shape of a flow: NaN for the number of pictures, which nothing may be computed from. */
export const shapeOf: RaisingRule = (_, node, [x]) => {
  const dims = dimsOf(flowOf(node, x));
  return numbers(dims.slice(numberAttribute(node, 'start', 0), numberAttribute(node, 'end', dims.length)));
};

/** Over the classes; as the last layer it is left out, since ours give logits. */
export const softmax: RaisingRule = (context, node, [x]) => {
  const given = flowOf(node, x);
  const flow = isPixel(given) ? { ...toRow(context, node, given), axes: 'nc11' as const } : given;
  const rank = dimsOf(given).length;
  const axis = axisFrom(node, numberAttribute(node, 'axis', context.opset < 13 ? 1 : -1), rank);
  if (node.opType === 'LogSoftmax' && node.outputs[0] !== context.output) {
    throw unsupported(node, 'to be the last operator', 'others after it');
  }
  // Before opset 13 it went over all that follows the axis.
  const over = channelAxis(given);
  const whole = axis === over || (channelsOf(flow) === featuresOf(flow) && axis === 1 && rank === 2);
  if (!whole || flow.flattenedLast) throw unsupported(node, 'the channels as its axis', axis);
  return context.emit(node, 'softmax', [flow]);
};
