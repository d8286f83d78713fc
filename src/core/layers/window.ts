import type { Attributes } from '../graph/op.ts';
import type { Shape } from '../shape.ts';
import type { LayerWindow, OptionValues } from './layer.ts';
import { pairOf } from './options.ts';

/** [top, bottom, left, right] of zeros (for pooling: of nothing). */
export type Padding = readonly [number, number, number, number];

/**
 * Resolves the option `padding`. 'same' keeps ceil(size / stride) positions; where that needs an odd number, the extra
 * one stands at the bottom and at the right, as in TensorFlow and in PyTorch's `padding='same'`.
 */
export function resolvePadding(options: OptionValues, input: Shape): Padding {
  const { padding } = options;
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding !== 'same') {
    const [height, width] = pairOf(padding);
    return [height, height, width, width];
  }
  const kernelSize = pairOf(options.kernelSize);
  const stride = strideOf(options);
  const dilation = pairOf(options.dilation ?? 1);
  const around = [0, 1].map((axis) => {
    const reach = dilation[axis] * (kernelSize[axis] - 1) + 1;
    const positions = Math.ceil(input[axis] / stride[axis]);
    const total = Math.max(0, (positions - 1) * stride[axis] + reach - input[axis]);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
  return [around[0][0], around[0][1], around[1][0], around[1][1]];
}

/** Stride as [height, width]; pooling without one strides by its kernelSize. */
export const strideOf = (options: OptionValues): readonly [number, number] =>
  pairOf(options.stride ?? options.kernelSize);

/** What the ops of sliding windows share as attributes. `input` is [height, width, channels]. */
export function windowAttributes(options: OptionValues, input: Shape): Attributes {
  return {
    stride: strideOf(options),
    padding: resolvePadding(options, input),
    ...(options.dilation === undefined ? {} : { dilation: pairOf(options.dilation) }),
  };
}

/** The window for the receptive field. */
export function layerWindow(options: OptionValues, input: Shape): LayerWindow {
  const [top, , left] = resolvePadding(options, input);
  return {
    kernelSize: pairOf(options.kernelSize),
    stride: strideOf(options),
    padding: [top, left],
    dilation: pairOf(options.dilation ?? 1),
  };
}
