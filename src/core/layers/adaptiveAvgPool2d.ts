import { adaptiveAvgPool2d as adaptiveAvgPool2dOp } from '../ops/adaptiveAvgPool2d.ts';
import { expectFeatureMap } from '../ops/checks.ts';
import type { Layer } from './layer.ts';
import { pairOf } from './options.ts';

/** The windows that divide `size` positions into `count`; they may overlap by one. */
function windowsOf(size: number, count: number): [first: number, last: number][] {
  return Array.from({ length: count }, (_, i) => [
    Math.floor((i * size) / count),
    Math.ceil(((i + 1) * size) / count) - 1,
  ]);
}

/** The longest of them, without counting them all: where there are more windows than positions none passes 2. */
function longestWindow(size: number, count: number): number {
  if (count >= size) return count % size === 0 ? 1 : 2;
  return windowsOf(size, count).reduce((longest, [first, last]) => Math.max(longest, last - first + 1), 1);
}

export const adaptiveAvgPool2d = {
  type: 'adaptiveAvgPool2d',
  aliases: ['adaptivepool'],
  positional: ['outputSize'],
  idPrefix: 'adaptivepool',
  doc: 'Means over windows chosen so that the output has the size you ask for, whatever the input.',
  inputs: 1,
  options: {
    outputSize: { type: 'size', minimum: 1, doc: 'Height and width of the output.' },
  },
  build({ inputs, id, apply }, options) {
    expectFeatureMap('adaptiveAvgPool2d', id, inputs[0]);
    return apply(adaptiveAvgPool2dOp, inputs, { outputSize: pairOf(options.outputSize) })[0];
  },
  window(options, input) {
    const [rows, columns] = pairOf(options.outputSize);
    if (rows === 1 && columns === 1) return 'all';
    return {
      kernelSize: [longestWindow(input[0], rows), longestWindow(input[1], columns)],
      stride: [Math.max(1, Math.floor(input[0] / rows)), Math.max(1, Math.floor(input[1] / columns))],
      padding: [0, 0],
      dilation: [1, 1],
    };
  },
  spans: (options, input, axis) => windowsOf(input[axis], pairOf(options.outputSize)[axis]),
} as const satisfies Layer;
