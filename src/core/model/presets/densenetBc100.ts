import {
  avgPool2d,
  batchNorm2d,
  branches,
  concat,
  conv2d,
  globalAvgPool2d,
  linear,
  type Part,
  relu,
  sequential,
} from '../builder.ts';
import type { Preset } from './preset.ts';

/** New channels of each layer. */
const growth = 12;
const layersOfBlock = 16;

const conv = (id: string, channels: number, kernelSize: number): Part =>
  conv2d(channels, {
    kernelSize,
    padding: (kernelSize - 1) / 2,
    bias: false,
    initialization: 'kaimingNormalIn',
    id,
  });
const norm = (id: string, suffix = ''): Part[] => [
  batchNorm2d({ id: `${id}.norm${suffix}` }),
  relu({ id: `${id}.relu${suffix}` }),
];

/** Every layer reads the maps of all layers before it: its own are put beside them. */
const denseBlock = (id: string): Part[] =>
  Array.from({ length: layersOfBlock }, (_, i) => {
    const layer = `${id}.denselayer${i + 1}`;
    const body = [
      ...norm(layer, '1'),
      conv(`${layer}.conv1`, 4 * growth, 1),
      ...norm(layer, '2'),
      conv(`${layer}.conv2`, growth, 3),
    ];
    return branches(concat({ id: `${layer}.concat` }), [], body);
  });

/**
 * Huang et al. 2017, DenseNet-BC with 100 layers and growth 12 for CIFAR: three blocks of 16 bottlenecks, between which
 * the channels and the size are halved. Parameters are named as in torchvision's DenseNet.
 */
export const densenetBc100: Preset = {
  name: 'densenet-bc-100-12',
  doc: 'Accurate with few weights, for small colour pictures, when memory and time for training do not matter.',
  minimumSize: 4,
  draft: () => {
    let channels = 2 * growth;
    const blocks = [1, 2, 3].flatMap((block) => {
      const dense = denseBlock(`features.denseblock${block}`);
      channels += layersOfBlock * growth;
      if (block === 3) return dense;
      channels = Math.floor(channels / 2);
      const id = `features.transition${block}`;
      return [...dense, ...norm(id), conv(`${id}.conv`, channels, 1), avgPool2d(2, { id: `${id}.pool` })];
    });
    return sequential([
      conv('features.conv0', 2 * growth, 3),
      ...blocks,
      batchNorm2d({ id: 'features.norm5' }),
      relu({ id: 'features.relu5' }),
      globalAvgPool2d({ id: 'avgpool' }),
      linear(undefined, { initialization: 'zeroBias', id: 'classifier' }),
    ]);
  },
};
