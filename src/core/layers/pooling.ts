import { invalid } from '../errors.ts';
import type { Attributes } from '../graph/op.ts';
import { expectFeatureMap } from '../ops/checks.ts';
import type { LayerContext, Options, OptionValues } from './layer.ts';
import { pairOf } from './options.ts';
import { windowAttributes } from './window.ts';

/** The options that maxPool2d and avgPool2d share. */
export const poolingOptions = {
  kernelSize: { type: 'size', default: 2, minimum: 1, doc: 'Height and width of the window.' },
  stride: { type: 'size', optional: true, minimum: 1, doc: 'Step of the window; left out: its kernelSize.' },
  padding: {
    type: 'padding',
    default: 'valid',
    minimum: 0,
    doc: "Room around the input, at most half the kernelSize; 'valid' is none.",
  },
  ceilMode: { type: 'boolean', default: false, doc: 'Whether a last window that reaches past the edge counts too.' },
} as const satisfies Options;

/** The ops' attributes. @throws FoveaError when the input is no feature map or a window could lie outside of it. */
export function poolingAttributes(type: string, { id, inputs: [x] }: LayerContext, options: OptionValues): Attributes {
  expectFeatureMap(type, id, x);
  const kernelSize = pairOf(options.kernelSize);
  if (typeof options.padding !== 'string') {
    const padding = pairOf(options.padding);
    if (padding.some((size, axis) => size > kernelSize[axis] / 2)) {
      throw invalid(`at most half the kernelSize ${kernelSize.join('x')}`, `layer '${id}', option 'padding'`, padding);
    }
  }
  return { kernelSize, ...windowAttributes(options, x.shape), ceilMode: options.ceilMode as boolean };
}
