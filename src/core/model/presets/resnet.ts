import { batchNorm2d, conv2d, type Part, relu, residual } from '../builder.ts';

/** A 3x3 or 1x1 convolution without bias, as before every batch norm of a residual net (He et al. 2015's start). */
const conv = (id: string, channels: number, kernelSize: number, stride: number): Part =>
  conv2d(channels, {
    kernelSize,
    stride,
    padding: (kernelSize - 1) / 2,
    bias: false,
    initialization: 'kaimingNormal',
    id,
  });

/**
 * A basic residual block (He et al. 2016) with torchvision's names. The shortcut is the identity, or a 1x1 convolution
 * with batch norm (option B) where the channels or the size change.
 */
export function basicBlock(id: string, from: number, channels: number, stride: number): Part[] {
  const body = [
    conv(`${id}.conv1`, channels, 3, stride),
    batchNorm2d({ id: `${id}.bn1` }),
    relu({ id: `${id}.relu1` }),
    conv(`${id}.conv2`, channels, 3, 1),
    batchNorm2d({ id: `${id}.bn2` }),
  ];
  const shortcut =
    stride === 1 && from === channels
      ? []
      : [conv(`${id}.downsample.0`, channels, 1, stride), batchNorm2d({ id: `${id}.downsample.1` })];
  return [residual(body, shortcut, { id: `${id}.add` }), relu({ id: `${id}.relu2` })];
}

/** Stages of basic blocks, `layer1.0` and so on; each stage after the first halves height and width. */
export function residualStages(stem: number, widths: readonly number[], blocks: number): Part[] {
  let from = stem;
  return widths.flatMap((channels, stage) =>
    Array.from({ length: blocks }, (_, i) => {
      const block = basicBlock(`layer${stage + 1}.${i}`, from, channels, stage > 0 && i === 0 ? 2 : 1);
      from = channels;
      return block;
    }).flat(),
  );
}
