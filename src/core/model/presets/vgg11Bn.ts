import {
  adaptiveAvgPool2d,
  batchNorm2d,
  conv2d,
  dropout,
  flatten,
  globalAvgPool2d,
  linear,
  maxPool2d,
  type Part,
  relu,
  sequential,
} from '../builder.ts';
import type { Preset } from './preset.ts';

/** Channels of the convolutions (configuration A); 'pool' halves the picture. */
const layout = [64, 'pool', 128, 'pool', 256, 256, 'pool', 512, 512, 'pool', 512, 512, 'pool'] as const;
/** The size from which the classifier of the paper is worth its 120 million weights: its 7x7 maps are then real ones. */
const photograph = 224;

/**
 * Simonyan and Zisserman 2015 with batch norm; torchvision's names, layout and initialisation. Below 224x224 it is the
 * usual variant for CIFAR (Liu, pytorch-cifar): the same convolutions, and one linear layer on the mean of each channel.
 */
export const vgg11Bn: Preset = {
  name: 'vgg11-bn',
  doc: 'The plain deep stack of 3x3 convolutions: to start from its trained weights, or as a yardstick for others.',
  minimumSize: 32,
  draft({ input }) {
    const features: Part[] = [];
    const next = () => ({ id: `features.${features.length}` });
    for (const channels of layout) {
      if (channels === 'pool') {
        features.push(maxPool2d(2, next()));
        continue;
      }
      features.push(conv2d(channels, { kernelSize: 3, padding: 1, initialization: 'kaimingNormal', ...next() }));
      features.push(batchNorm2d(next()));
      features.push(relu(next()));
    }
    const start = { initialization: 'normal', deviation: 0.01 } as const;
    if (Math.min(input[0], input[1]) < photograph) {
      return sequential([
        ...features,
        globalAvgPool2d({ id: 'avgpool' }),
        linear(undefined, { ...start, id: 'classifier' }),
      ]);
    }
    return sequential([
      ...features,
      adaptiveAvgPool2d(7, { id: 'avgpool' }),
      flatten({ id: 'flatten' }),
      linear(4096, { ...start, id: 'classifier.0' }),
      relu({ id: 'classifier.1' }),
      dropout(0.5, { id: 'classifier.2' }),
      linear(4096, { ...start, id: 'classifier.3' }),
      relu({ id: 'classifier.4' }),
      dropout(0.5, { id: 'classifier.5' }),
      linear(undefined, { ...start, id: 'classifier.6' }),
    ]);
  },
};
