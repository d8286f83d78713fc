import { zeroPad2d as zeroPad2dOp } from '../ops/zeroPad2d.ts';
import type { Layer, Option } from './layer.ts';
import { numberOption } from './options.ts';

const side = (name: string) =>
  ({
    type: 'integer',
    default: 0,
    minimum: 0,
    doc: `Rows or columns of zeros at the ${name}.`,
  }) as const satisfies Option;

export const zeroPad2d = {
  type: 'zeroPad2d',
  aliases: ['pad'],
  idPrefix: 'pad',
  doc: 'Zeros around the feature map, with a number for each side.',
  inputs: 1,
  options: { top: side('top'), bottom: side('bottom'), left: side('left'), right: side('right') },
  build({ inputs, apply }, options) {
    const padding = ['top', 'bottom', 'left', 'right'].map((name) => numberOption(options, name));
    return apply(zeroPad2dOp, inputs, { padding })[0];
  },
  window: (options) => ({
    kernelSize: [1, 1],
    stride: [1, 1],
    padding: [numberOption(options, 'top'), numberOption(options, 'left')],
    dilation: [1, 1],
  }),
} as const satisfies Layer;
