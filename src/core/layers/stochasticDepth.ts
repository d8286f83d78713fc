import { stochasticDepth as stochasticDepthOp } from '../ops/stochasticDepth.ts';
import { hashName } from '../random.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';

export const stochasticDepth = {
  type: 'stochasticDepth',
  positional: ['rate'],
  idPrefix: 'depth',
  doc: 'At the end of a residual branch: in training, leaves the branch out for a random part of the pictures.',
  inputs: 1,
  options: {
    rate: { type: 'number', default: 0.1, minimum: 0, maximum: 0.999, doc: 'The part of the pictures without it.' },
  },
  build({ inputs, id, training, step, apply }, options) {
    const rate = numberOption(options, 'rate');
    if (!training || rate === 0) return inputs[0];
    return apply(stochasticDepthOp, [inputs[0], step()], { rate, key: hashName(id) })[0];
  },
} as const satisfies Layer;
