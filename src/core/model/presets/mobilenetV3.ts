import {
  dropout,
  globalAvgPool2d,
  hardSigmoid,
  hardSwish,
  linear,
  type Part,
  relu,
  residual,
  sequential,
} from '../builder.ts';
import type { ModelDraft } from '../spec.ts';
import { convNorm, roundChannels, squeezeExcite } from './mobileBlocks.ts';

/** Kernel size, channels inside, channels out, squeeze and excite, hard swish (or ReLU), stride. */
export type MobilenetV3Block = readonly [
  kernelSize: number,
  inside: number,
  channels: number,
  squeezes: boolean,
  hardSwish: boolean,
  stride: number,
];

export interface MobilenetV3Options {
  /** All channels are multiplied by it, and rounded to multiples of 8. Default 1. */
  readonly width?: number;
  /** Of dropout; default 0.2. */
  readonly rate?: number;
}

const norm = { eps: 1e-3, momentum: 0.01 };

/**
 * Howard et al. 2019 with torchvision's layout, names and initialisation; only that fan-out counts the groups of a
 * depthwise convolution, which torchvision forgets.
 *
 * @param hidden features of the classifier's first layer.
 */
export function mobilenetV3(
  blocks: readonly MobilenetV3Block[],
  hidden: number,
  { width = 1, rate = 0.2 }: MobilenetV3Options,
): ModelDraft {
  const scaled = (channels: number): number => roundChannels(channels * width);
  const stem = scaled(16);
  let from = stem;
  const body = blocks.flatMap((settings, i) => {
    const [kernelSize, inside, channels, squeezes, swish, stride] = settings;
    const sizes = { from, inside: scaled(inside), channels: scaled(channels) };
    from = sizes.channels;
    return block(`features.${i + 1}`, sizes, { kernelSize, squeezes, swish, stride });
  });
  const last = `features.${blocks.length + 1}`;
  const normal = { initialization: 'normal', deviation: 0.01 } as const;
  return sequential([
    ...convNorm('features.0', stem, { kernelSize: 3, stride: 2, activation: hardSwish, norm }),
    ...body,
    ...convNorm(last, 6 * from, { kernelSize: 1, activation: hardSwish, norm }),
    globalAvgPool2d({ id: 'avgpool' }),
    linear(scaled(hidden), { ...normal, id: 'classifier.0' }),
    hardSwish({ id: 'classifier.1' }),
    dropout(rate, { id: 'classifier.2' }),
    linear(undefined, { ...normal, id: 'classifier.3' }),
  ]);
}

function block(
  id: string,
  { from, inside, channels }: Readonly<Record<'from' | 'inside' | 'channels', number>>,
  settings: { kernelSize: number; squeezes: boolean; swish: boolean; stride: number },
): Part[] {
  const { kernelSize, squeezes, swish, stride } = settings;
  const activation = swish ? hardSwish : relu;
  let place = 0;
  const next = () => `${id}.block.${place++}`;
  const body = [
    ...(inside === from ? [] : convNorm(next(), inside, { kernelSize: 1, activation, norm })),
    ...convNorm(next(), inside, { kernelSize, stride, depthwise: true, activation, norm }),
    ...(squeezes ? [squeezeExcite(next(), inside, roundChannels(Math.floor(inside / 4)), { gate: hardSigmoid })] : []),
    ...convNorm(next(), channels, { kernelSize: 1, norm }),
  ];
  return stride === 1 && from === channels ? [residual(body, [], { id: `${id}.add` })] : body;
}
