import {
  dropout,
  globalAvgPool2d,
  linear,
  type Part,
  residual,
  sequential,
  sigmoid,
  silu,
  stochasticDepth,
} from '../builder.ts';
import { convNorm, squeezeExcite } from './mobileBlocks.ts';
import type { Preset } from './preset.ts';

/** Of each stage: how much wider a block is inside, kernel size, stride of the first block, channels, blocks. */
const stages = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const;
const stem = 32;
const count = stages.reduce((sum, stage) => sum + stage[4], 0);

export interface EfficientnetOptions {
  /** Of dropout before the classifier; default 0.2. */
  readonly rate?: number;
  /** Part of the pictures for which the last block is left out in training, growing from 0; default 0.2. */
  readonly depthRate?: number;
}

/**
 * Tan and Le 2019 with torchvision's layout, names and initialisation; only that fan-out counts the groups of a
 * depthwise convolution, which torchvision forgets.
 */
export const efficientnetB0 = ({ rate = 0.2, depthRate = 0.2 }: EfficientnetOptions = {}): Preset => ({
  name: 'efficientnet_b0',
  doc: 'The most accurate of the light networks for photographs, from trained weights; slow to train from nothing.',
  minimumSize: 32,
  draft: ({ classes }) => {
    let from: number = stem;
    let place = 0;
    const body = stages.flatMap(([expand, kernelSize, stride, channels, blocks], stage) =>
      Array.from({ length: blocks }, (_, i) => {
        const sizes = { from, inside: from * expand, channels };
        const parts = block(`features.${stage + 1}.${i}`, sizes, {
          kernelSize,
          stride: i === 0 ? stride : 1,
          depthRate: (depthRate * place++) / count,
        });
        from = channels;
        return parts;
      }).flat(),
    );
    return sequential([
      ...convNorm('features.0', stem, { kernelSize: 3, stride: 2, activation: silu }),
      ...body,
      ...convNorm(`features.${stages.length + 1}`, 4 * from, { kernelSize: 1, activation: silu }),
      globalAvgPool2d({ id: 'avgpool' }),
      dropout(rate, { id: 'classifier.0' }),
      linear(classes, { initialization: 'uniformFanOut', id: 'classifier.1' }),
    ]);
  },
});

function block(
  id: string,
  { from, inside, channels }: Readonly<Record<'from' | 'inside' | 'channels', number>>,
  { kernelSize, stride, depthRate }: { kernelSize: number; stride: number; depthRate: number },
): Part[] {
  let place = 0;
  const next = () => `${id}.block.${place++}`;
  const activation = silu;
  const body = [
    ...(inside === from ? [] : convNorm(next(), inside, { kernelSize: 1, activation })),
    ...convNorm(next(), inside, { kernelSize, stride, depthwise: true, activation }),
    squeezeExcite(next(), inside, Math.max(1, Math.floor(from / 4)), { activation, gate: sigmoid }),
    ...convNorm(next(), channels, { kernelSize: 1 }),
  ];
  if (stride !== 1 || from !== channels) return body;
  return [residual([...body, stochasticDepth(depthRate, { id: `${id}.stochastic_depth` })], [], { id: `${id}.add` })];
}
