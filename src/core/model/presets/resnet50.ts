import type { Preset } from './preset.ts';
import { photographResnet } from './resnet.ts';

/**
 * He et al. 2016 with bottlenecks, striding in the 3x3 convolution as torchvision does, with its layout and names; its
 * blocks begin as the identity (Goyal et al. 2017).
 */
export const resnet50: Preset = {
  name: 'resnet50',
  doc: 'The network with the most trained weights to start from: for photographs, mostly by transfer learning.',
  minimumSize: 32,
  draft: () =>
    photographResnet({ widths: [64, 128, 256, 512], blocks: [3, 4, 6, 3], bottleneck: true, zeroLast: true }),
};
