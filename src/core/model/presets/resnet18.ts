import type { Preset } from './preset.ts';
import { photographResnet } from './resnet.ts';

/**
 * He et al. 2016 for photographs, with torchvision's layout and names.
 *
 * @param width channels of the first stage; each further stage has twice as many. 64 is the paper's.
 */
export const resnet18 = (width = 64): Preset => ({
  name: 'resnet18',
  doc: 'For photographs of 64x64 and more: a residual net whose first layers make them small quickly.',
  minimumSize: 32,
  draft: () => photographResnet({ widths: [1, 2, 4, 8].map((factor) => factor * width), blocks: [2, 2, 2, 2] }),
});
