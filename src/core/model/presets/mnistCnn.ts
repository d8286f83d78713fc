import { conv2d, flatten, linear, maxPool2d, relu, sequential } from '../builder.ts';
import type { Preset } from './preset.ts';

/** The convolutional network of many tutorials: about 99 % on MNIST in a few epochs. */
export const mnistCnn: Preset = {
  name: 'mnist-cnn',
  doc: 'The default for small grey pictures such as digits or clothes: two convolutions, over 99 % on MNIST.',
  minimumSize: 10,
  draft: () =>
    sequential([
      conv2d(32, { kernelSize: 3 }),
      relu(),
      maxPool2d(2),
      conv2d(64, { kernelSize: 3 }),
      relu(),
      maxPool2d(2),
      flatten({ id: 'flatten' }),
      linear(128),
      relu(),
      linear(),
    ]),
};
