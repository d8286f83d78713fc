import { conv2d, flatten, linear, maxPool2d, relu, sequential } from '../builder.ts';
import type { Preset } from './preset.ts';

/** LeCun et al. 1998, with ReLU and max pooling as it is built today. */
export const lenet5: Preset = {
  name: 'lenet5',
  doc: 'The classic for digits: small, quick, and easy to look into.',
  minimumSize: 12,
  draft: () =>
    sequential([
      conv2d(6, { kernelSize: 5, padding: 2 }),
      relu(),
      maxPool2d(2),
      conv2d(16, { kernelSize: 5 }),
      relu(),
      maxPool2d(2),
      flatten({ id: 'flatten' }),
      linear(120),
      relu(),
      linear(84),
      relu(),
      linear(),
    ]),
};
