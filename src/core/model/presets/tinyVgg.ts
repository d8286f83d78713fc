import { conv2d, flatten, linear, maxPool2d, relu, sequential } from '../builder.ts';
import type { Preset } from './preset.ts';

/** The network of CNN Explainer (Wang et al. 2020): four convolutions of ten filters. */
export const tinyVgg: Preset = {
  name: 'tiny-vgg',
  doc: 'To look into a network: so few filters that each can be watched, for colour pictures of about 64x64.',
  minimumSize: 16,
  draft: () => {
    const block = () => [conv2d(10, { kernelSize: 3 }), relu(), conv2d(10, { kernelSize: 3 }), relu(), maxPool2d(2)];
    return sequential([...block(), ...block(), flatten({ id: 'flatten' }), linear()]);
  },
};
