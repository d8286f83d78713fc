import { batchNorm2d, conv2d, globalAvgPool2d, linear, maxPool2d, relu, sequential } from '../builder.ts';
import type { Preset } from './preset.ts';
import { residualStages } from './resnet.ts';

/**
 * He et al. 2016 for photographs, with torchvision's layout and names.
 *
 * @param width channels of the first stage; each further stage has twice as many. 64 is the paper's.
 */
export const resnet18 = (width = 64): Preset => ({
  name: 'resnet18',
  doc: 'For photographs of 64x64 and more: a residual net whose first layers make them small quickly.',
  minimumSize: 32,
  draft: () =>
    sequential([
      conv2d(width, {
        kernelSize: 7,
        stride: 2,
        padding: 3,
        bias: false,
        initialization: 'kaimingNormal',
        id: 'conv1',
      }),
      batchNorm2d({ id: 'bn1' }),
      relu({ id: 'relu' }),
      maxPool2d(3, { stride: 2, padding: 1, id: 'maxpool' }),
      ...residualStages(width, [width, 2 * width, 4 * width, 8 * width], 2),
      globalAvgPool2d({ id: 'avgpool' }),
      linear(undefined, { id: 'fc' }),
    ]),
});
