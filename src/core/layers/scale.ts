import { channelsOf, expectChannels } from '../ops/checks.ts';
import { constant } from '../ops/constant.ts';
import { multiply } from '../ops/multiply.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';

export const scale = {
  type: 'scale',
  positional: ['factor'],
  idPrefix: 'scale',
  doc: 'Multiplies everything by one fixed number, such as logits that would otherwise be too large.',
  inputs: 1,
  options: {
    factor: { type: 'number', doc: 'The number; it is not trained.' },
  },
  build({ inputs: [x], id, apply }, options) {
    expectChannels('scale', id, x);
    const value = numberOption(options, 'factor');
    const factors = apply(constant, [], { value, shape: [channelsOf(x)], batched: false }, 'factor')[0];
    return apply(multiply, [x, factors])[0];
  },
} as const satisfies Layer;
