import { dropout as dropoutOp } from '../ops/dropout.ts';
import { hashName } from '../random.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';

export const dropout = {
  type: 'dropout',
  positional: ['rate'],
  idPrefix: 'dropout',
  doc: 'In training, sets a random part of the values to 0 and scales the others up, against overfitting.',
  inputs: 1,
  options: {
    rate: { type: 'number', default: 0.5, minimum: 0, maximum: 0.999, doc: 'The part that is set to 0.' },
  },
  build({ inputs, id, training, step, apply }, options) {
    const rate = numberOption(options, 'rate');
    if (!training || rate === 0) return inputs[0];
    return apply(dropoutOp, [inputs[0], step()], { rate, key: hashName(id) })[0];
  },
} as const satisfies Layer;
