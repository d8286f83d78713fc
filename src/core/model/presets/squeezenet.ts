import {
  branches,
  concat,
  conv2d,
  dropout,
  globalAvgPool2d,
  maxPool2d,
  type Part,
  relu,
  sequential,
} from '../builder.ts';
import type { Preset } from './preset.ts';

const conv = (id: string, channels: number, kernelSize: number): Part[] => [
  conv2d(channels, { kernelSize, padding: (kernelSize - 1) / 2, initialization: 'kaimingUniform', id }),
  relu({ id: `${id}_activation` }),
];

/** Few channels by 1x1, then many, half of them by 1x1 and half by 3x3. */
const fire = (i: number, squeeze: number, expand: number): Part[] => {
  const id = `features.${i}`;
  return [
    ...conv(`${id}.squeeze`, squeeze, 1),
    branches(concat({ id: `${id}.concat` }), conv(`${id}.expand1x1`, expand, 1), conv(`${id}.expand3x3`, expand, 3)),
  ];
};
const pool = (i: number): Part => maxPool2d(3, { stride: 2, ceilMode: true, id: `features.${i}` });

/**
 * Iandola et al. 2016, version 1.1, with torchvision's layout, names and initialisation.
 *
 * @param rate of dropout.
 */
export const squeezenet = (rate = 0.5): Preset => ({
  name: 'squeezenet1_1',
  doc: 'Small without batch norm: for photographs on slow machines, starting from trained weights.',
  minimumSize: 25,
  draft: ({ classes }) =>
    sequential([
      conv2d(64, { kernelSize: 3, stride: 2, initialization: 'kaimingUniform', id: 'features.0' }),
      relu({ id: 'features.1' }),
      pool(2),
      ...fire(3, 16, 64),
      ...fire(4, 16, 64),
      pool(5),
      ...fire(6, 32, 128),
      ...fire(7, 32, 128),
      pool(8),
      ...fire(9, 48, 192),
      ...fire(10, 48, 192),
      ...fire(11, 64, 256),
      ...fire(12, 64, 256),
      dropout(rate, { id: 'classifier.0' }),
      conv2d(classes, { kernelSize: 1, initialization: 'normal', deviation: 0.01, id: 'classifier.1' }),
      relu({ id: 'classifier.2' }),
      globalAvgPool2d({ id: 'classifier.3' }),
    ]),
});
