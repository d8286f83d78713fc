import type { Preset } from './preset.ts';
import { smallResnet } from './resnet.ts';

/** He et al. 2016, section 4.2, with option B shortcuts (1x1 convolution); torchvision's names. */
export const resnet56: Preset = {
  name: 'resnet56',
  doc: 'To see what depth gains: the deepest narrow residual net for small colour pictures, and slow.',
  minimumSize: 4,
  draft: () => smallResnet(9),
};
