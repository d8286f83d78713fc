import { batchNorm2d, conv2d, globalAvgPool2d, linear, relu, sequential } from '../builder.ts';
import type { Preset } from './preset.ts';
import { residualStages } from './resnet.ts';

/** He et al. 2016, section 4.2, with option B shortcuts (1x1 convolution); torchvision's names. */
export const resnet20: Preset = {
  name: 'resnet20',
  doc: 'The accurate choice for small colour pictures when there is time: 20 layers with shortcuts.',
  minimumSize: 4,
  draft: () =>
    sequential([
      conv2d(16, { kernelSize: 3, padding: 1, bias: false, initialization: 'kaimingNormal', id: 'conv1' }),
      batchNorm2d({ id: 'bn1' }),
      relu({ id: 'relu' }),
      ...residualStages(16, [16, 32, 64], 3),
      globalAvgPool2d({ id: 'avgpool' }),
      linear(undefined, { id: 'fc' }),
    ]),
};
