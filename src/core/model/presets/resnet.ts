import {
  batchNorm2d,
  conv2d,
  globalAvgPool2d,
  linear,
  maxPool2d,
  type Part,
  relu,
  residual,
  sequential,
} from '../builder.ts';
import type { ModelDraft } from '../spec.ts';

/** A convolution without bias, as before every batch norm of a residual net (He et al. 2015's start). */
const conv = (id: string, channels: number, kernelSize: number, stride: number): Part =>
  conv2d(channels, {
    kernelSize,
    stride,
    padding: (kernelSize - 1) / 2,
    bias: false,
    initialization: 'kaimingNormal',
    id,
  });

/** How a residual net is put together. */
export interface ResidualLayout {
  /** Channels of the 3x3 convolutions of each stage. */
  readonly widths: readonly number[];
  /** Blocks of each stage. */
  readonly blocks: readonly number[];
  /** 1x1, 3x3, 1x1 instead of two 3x3; its output has four times the channels. */
  readonly bottleneck?: boolean;
  /** Each block begins as the identity: the scale of its last batch norm starts at 0 (Goyal et al. 2017). */
  readonly zeroLast?: boolean;
}

/**
 * A residual block (He et al. 2016) with torchvision's names: basic, or a bottleneck whose 3x3 convolution strides. The
 * shortcut is the identity, or a 1x1 convolution with batch norm (option B) where the channels or the size change.
 */
function block(id: string, from: number, width: number, stride: number, layout: ResidualLayout): Part[] {
  const { bottleneck, zeroLast } = layout;
  const channels = bottleneck ? 4 * width : width;
  const norm = (i: number) => [batchNorm2d({ id: `${id}.bn${i}` }), relu({ id: `${id}.relu${i}` })];
  const last = (i: number) => batchNorm2d({ ...(zeroLast ? { initialScale: 0 } : {}), id: `${id}.bn${i}` });
  const body = bottleneck
    ? [
        conv(`${id}.conv1`, width, 1, 1),
        ...norm(1),
        conv(`${id}.conv2`, width, 3, stride),
        ...norm(2),
        conv(`${id}.conv3`, channels, 1, 1),
        last(3),
      ]
    : [conv(`${id}.conv1`, channels, 3, stride), ...norm(1), conv(`${id}.conv2`, channels, 3, 1), last(2)];
  const shortcut =
    stride === 1 && from === channels
      ? []
      : [conv(`${id}.downsample.0`, channels, 1, stride), batchNorm2d({ id: `${id}.downsample.1` })];
  return [residual(body, shortcut, { id: `${id}.add` }), relu({ id: `${id}.relu${bottleneck ? 3 : 2}` })];
}

/** Stages of blocks, `layer1.0` and so on; each stage after the first halves height and width. */
export function residualStages(stem: number, layout: ResidualLayout): Part[] {
  let from = stem;
  return layout.widths.flatMap((width, stage) =>
    Array.from({ length: layout.blocks[stage] }, (_, i) => {
      const parts = block(`layer${stage + 1}.${i}`, from, width, stage > 0 && i === 0 ? 2 : 1, layout);
      from = layout.bottleneck ? 4 * width : width;
      return parts;
    }).flat(),
  );
}

/** For pictures of about 32x32 (He et al. 2016, section 4.2): three stages of 16, 32 and 64 channels. */
export const smallResnet = (blocks: number): ModelDraft =>
  sequential([
    conv('conv1', 16, 3, 1),
    batchNorm2d({ id: 'bn1' }),
    relu({ id: 'relu' }),
    ...residualStages(16, { widths: [16, 32, 64], blocks: [blocks, blocks, blocks] }),
    globalAvgPool2d({ id: 'avgpool' }),
    linear(undefined, { id: 'fc' }),
  ]);

/** For photographs, with torchvision's layout and names: the first layers make the picture four times smaller. */
export const photographResnet = (layout: ResidualLayout): ModelDraft =>
  sequential([
    conv('conv1', layout.widths[0], 7, 2),
    batchNorm2d({ id: 'bn1' }),
    relu({ id: 'relu' }),
    maxPool2d(3, { stride: 2, padding: 1, id: 'maxpool' }),
    ...residualStages(layout.widths[0], layout),
    globalAvgPool2d({ id: 'avgpool' }),
    linear(undefined, { id: 'fc' }),
  ]);
