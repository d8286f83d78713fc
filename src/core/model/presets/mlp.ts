import { flatten, linear, relu, sequential } from '../builder.ts';
import type { Preset } from './preset.ts';

export const mlp: Preset = {
  name: 'mlp',
  doc: 'Two hidden layers without convolution: to see what convolution gains.',
  minimumSize: 1,
  draft: () => sequential([flatten({ id: 'flatten' }), linear(256), relu(), linear(128), relu(), linear()]),
};
