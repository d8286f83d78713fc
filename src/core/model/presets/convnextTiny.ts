import {
  conv2d,
  depthwiseConv2d,
  gelu,
  globalAvgPool2d,
  layerNorm,
  layerScale,
  linear,
  type Part,
  pixelLinear,
  residual,
  sequential,
  stochasticDepth,
} from '../builder.ts';
import type { Preset } from './preset.ts';

const eps = 1e-6;
/** torchvision cuts this normal distribution off at ±2, which is 100 deviations away: nothing is ever cut. */
const start = { initialization: 'normal', deviation: 0.02 } as const;

export interface ConvnextOptions {
  readonly widths?: readonly number[];
  readonly blocks?: readonly number[];
  /** Part of the pictures for which the last block is left out in training, growing from 0; default 0.1. */
  readonly depthRate?: number;
}

/** Filters each channel over 7x7 pixels, then mixes the channels of each pixel by two linear layers. */
function block(id: string, width: number, depthRate: number): Part {
  const body = [
    depthwiseConv2d({ kernelSize: 7, padding: 3, ...start, id: `${id}.block.0` }),
    layerNorm({ eps, id: `${id}.block.2` }),
    pixelLinear(4 * width, { ...start, id: `${id}.block.3` }),
    gelu({ id: `${id}.block.4` }),
    pixelLinear(width, { ...start, id: `${id}.block.5` }),
    layerScale({ id }),
    stochasticDepth(depthRate, { id: `${id}.stochastic_depth` }),
  ];
  return residual(body, [], { id: `${id}.add` });
}

/**
 * Liu et al. 2022 with torchvision's layout, names and initialisation.
 *
 * @param options of smaller networks of the same kind.
 */
export const convnextTiny = ({
  widths = [96, 192, 384, 768],
  blocks = [3, 3, 9, 3],
  depthRate = 0.1,
}: ConvnextOptions = {}): Preset => ({
  name: 'convnext_tiny',
  doc: 'The strongest here for photographs when you start from its trained weights; large, and slow from nothing.',
  minimumSize: 32,
  draft: () => {
    const count = blocks.reduce((sum, number) => sum + number, 0);
    let place = 0;
    const stages = widths.flatMap((width, stage) => {
      const id = `features.${2 * stage + 1}`;
      const body = Array.from({ length: blocks[stage] }, (_, i) =>
        block(`${id}.${i}`, width, (depthRate * place++) / (count - 1)),
      );
      if (stage === widths.length - 1) return body;
      const between = `features.${2 * stage + 2}`;
      return [
        ...body,
        layerNorm({ eps, id: `${between}.0` }),
        conv2d(widths[stage + 1], { kernelSize: 2, stride: 2, ...start, id: `${between}.1` }),
      ];
    });
    return sequential([
      conv2d(widths[0], { kernelSize: 4, stride: 4, ...start, id: 'features.0.0' }),
      layerNorm({ eps, id: 'features.0.1' }),
      ...stages,
      globalAvgPool2d({ id: 'avgpool' }),
      layerNorm({ eps, id: 'classifier.0' }),
      linear(undefined, { ...start, id: 'classifier.2' }),
    ]);
  },
});
