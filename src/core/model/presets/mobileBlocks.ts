import type { batchNorm2d as batchNormLayer } from '../../layers/index.ts';
import {
  adaptiveAvgPool2d,
  batchNorm2d,
  branches,
  conv2d,
  depthwiseConv2d,
  multiply,
  type OptionsOf,
  type Part,
  relu,
} from '../builder.ts';

/** What the mobile networks share: torchvision's names, no biases beside batch norm, kaiming normal by fan-out. */

/** Makes an activation layer: `relu6`, `silu`, … */
export type Activation = (options: { readonly id: string }) => Part;
export type NormOptions = Omit<OptionsOf<typeof batchNormLayer>, 'id'>;

/** The nearest multiple of 8, but not more than a tenth below `channels` (as the authors of MobileNet round). */
export function roundChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

export interface ConvNorm {
  readonly kernelSize: number;
  readonly stride?: number;
  /** Each channel by itself; `channels` is then not read. */
  readonly depthwise?: boolean;
  readonly activation?: Activation;
  readonly norm?: NormOptions;
}

/** `<id>.0` convolution, `<id>.1` batch norm, `<id>.2` activation. */
export function convNorm(id: string, channels: number, options: ConvNorm): Part[] {
  const { kernelSize, stride = 1, depthwise, activation, norm } = options;
  const shared = {
    kernelSize,
    stride,
    padding: (kernelSize - 1) / 2,
    bias: false,
    initialization: 'kaimingNormal',
    id: `${id}.0`,
  } as const;
  return [
    depthwise ? depthwiseConv2d(shared) : conv2d(channels, shared),
    batchNorm2d({ ...norm, id: `${id}.1` }),
    ...(activation ? [activation({ id: `${id}.2` })] : []),
  ];
}

/** Weighs the channels by what the whole picture shows (Hu et al. 2018), as 1x1 convolutions on their means. */
export const squeezeExcite = (
  id: string,
  channels: number,
  squeezed: number,
  { activation = relu as Activation, gate }: { readonly activation?: Activation; readonly gate: Activation },
): Part =>
  branches(
    multiply({ id: `${id}.multiply` }),
    [],
    [
      adaptiveAvgPool2d(1, { id: `${id}.avgpool` }),
      conv2d(squeezed, { kernelSize: 1, initialization: 'kaimingNormal', id: `${id}.fc1` }),
      activation({ id: `${id}.activation` }),
      conv2d(channels, { kernelSize: 1, initialization: 'kaimingNormal', id: `${id}.fc2` }),
      gate({ id: `${id}.scale_activation` }),
    ],
  );
