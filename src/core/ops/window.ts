import { mismatch } from '../errors.ts';
import type { Attributes } from '../graph/op.ts';
import type { Shape } from '../shape.ts';
import { booleanOf, listOf, subjectOf } from './checks.ts';

/** A window that slides over a feature map: what convolution and pooling share. */
export interface Window {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  /** [top, bottom, left, right]. */
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  /** Whether a last window that reaches past the padded input counts (PyTorch's ceil_mode). */
  readonly ceilMode: boolean;
}

/** Reads a window from attributes; stride defaults to 1, padding to 0, dilation to 1, ceilMode to false. */
export function windowOf(attributes: Attributes, kernelSize = listOf(attributes, 'kernelSize', 2)): Window {
  return {
    kernelSize,
    stride: listOf(attributes, 'stride', 2, [1, 1]),
    padding: listOf(attributes, 'padding', 4, [0, 0, 0, 0]),
    dilation: listOf(attributes, 'dilation', 2, [1, 1]),
    ceilMode: booleanOf(attributes, 'ceilMode', false),
  };
}

/**
 * [height, width] of the output. With ceilMode the last window must start inside the input or its top or left padding
 * (PyTorch's rule). @throws FoveaError when the window does not fit the padded input even once.
 */
export function windowOutput(op: string, node: string, input: Shape, window: Window): [number, number] {
  const { kernelSize, stride, padding, dilation, ceilMode } = window;
  const sizes = [0, 1].map((axis) => {
    const before = padding[2 * axis];
    const room = input[axis] + before + padding[2 * axis + 1] - (dilation[axis] * (kernelSize[axis] - 1) + 1);
    if (room < 0) return 0;
    const count = Math.floor((room + (ceilMode ? stride[axis] - 1 : 0)) / stride[axis]) + 1;
    return ceilMode && (count - 1) * stride[axis] >= input[axis] + before ? count - 1 : count;
  });
  if (sizes[0] > 0 && sizes[1] > 0) return [sizes[0], sizes[1]];
  const reach = [0, 1].map((axis) => dilation[axis] * (kernelSize[axis] - 1) + 1);
  const room = [0, 1].map((axis) => input[axis] + padding[2 * axis] + padding[2 * axis + 1]);
  const largest = Math.max(1, Math.min(input[0], input[1]));
  const isPadded = padding.some((one) => one > 0);
  throw mismatch(
    `a feature map of at least ${reach.map((one, axis) => one - (room[axis] - input[axis])).join('x')}`,
    subjectOf(op, node),
    `${input.join('x')}: a window of ${reach.join('x')} cannot slide over ${room.join('x')}${isPadded ? ' with its padding' : ''}`,
    `Use kernelSize ${largest} or larger pictures, or fewer poolings and strides before it`,
  );
}
