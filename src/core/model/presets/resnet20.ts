import type { Preset } from './preset.ts';
import { smallResnet } from './resnet.ts';

/** He et al. 2016, section 4.2, with option B shortcuts (1x1 convolution); torchvision's names. */
export const resnet20: Preset = {
  name: 'resnet20',
  doc: 'The accurate choice for small colour pictures when there is time: 20 layers with shortcuts.',
  minimumSize: 4,
  draft: () => smallResnet(3),
};
