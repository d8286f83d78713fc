import type { Preset } from './preset.ts';
import { smallResnet } from './resnet.ts';

/** He et al. 2016, section 4.2, with option B shortcuts (1x1 convolution); torchvision's names. */
export const resnet32: Preset = {
  name: 'resnet32',
  doc: 'A step deeper than resnet20, for small colour pictures: a little better for 1.7 times the work.',
  minimumSize: 4,
  draft: () => smallResnet(5),
};
