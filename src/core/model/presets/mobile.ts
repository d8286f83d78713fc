import {
  batchNorm2d,
  conv2d,
  depthwiseConv2d,
  globalAvgPool2d,
  linear,
  type Part,
  relu,
  sequential,
} from '../builder.ts';
import type { Preset } from './preset.ts';

/** Output channels and stride of each block. */
const blocks = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [256, 1],
] as const;

/** A depthwise-separable block (Howard et al. 2017): each channel by itself, then a 1x1 convolution that mixes them. */
const separable = (id: string, channels: number, stride: number): Part[] => [
  depthwiseConv2d({
    kernelSize: 3,
    stride,
    padding: 1,
    bias: false,
    initialization: 'kaimingNormal',
    id: `${id}.depthwise`,
  }),
  batchNorm2d({ id: `${id}.bn1` }),
  relu({ id: `${id}.relu1` }),
  conv2d(channels, { kernelSize: 1, bias: false, initialization: 'kaimingNormal', id: `${id}.pointwise` }),
  batchNorm2d({ id: `${id}.bn2` }),
  relu({ id: `${id}.relu2` }),
];

/** MobileNet's building block in a net for pictures of about 32x32. */
export const mobile: Preset = {
  name: 'mobile',
  doc: 'Much accuracy for little arithmetic: for colour pictures and slow machines.',
  minimumSize: 4,
  draft: () =>
    sequential([
      conv2d(32, { kernelSize: 3, padding: 1, bias: false, initialization: 'kaimingNormal', id: 'conv1' }),
      batchNorm2d({ id: 'bn1' }),
      relu({ id: 'relu1' }),
      ...blocks.flatMap(([channels, stride], i) => separable(`blocks.${i}`, channels, stride)),
      globalAvgPool2d({ id: 'avgpool' }),
      linear(undefined, { id: 'fc' }),
    ]),
};
