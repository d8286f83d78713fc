import type { Preset } from './preset.ts';
import { photographResnet } from './resnet.ts';

/** He et al. 2016 for photographs, with torchvision's layout and names; its blocks begin as the identity. */
export const resnet34: Preset = {
  name: 'resnet34',
  doc: 'resnet18 with twice the blocks: for photographs, where there are many and time to train.',
  minimumSize: 32,
  draft: () => photographResnet({ widths: [64, 128, 256, 512], blocks: [3, 4, 6, 3], zeroLast: true }),
};
