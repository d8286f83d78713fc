import { batchNorm2d, conv2d, flatten, gelu, linear, maxPool2d, type Part, scale, sequential } from '../builder.ts';
import type { ModelDraft } from '../spec.ts';
import type { Preset } from './preset.ts';

/** Side of the patches that the first convolution whitens. */
const patch = 2;
const fullWidths = [64, 256, 256] as const;

/** Batch norm whose scale is not trained; its running statistics follow quickly, since training is short. */
const norm = (id: string): Part => batchNorm2d({ eps: 1e-12, momentum: 0.4, trainScale: false, id });
const conv = (id: string, channels: number): Part =>
  conv2d(channels, { kernelSize: 3, padding: 1, bias: false, initialization: 'dirac', id });

const group = (id: string, channels: number): Part[] => [
  conv(`${id}.conv1`, channels),
  maxPool2d(2, { id: `${id}.pool` }),
  norm(`${id}.norm1`),
  gelu({ id: `${id}.activ1` }),
  conv(`${id}.conv2`, channels),
  norm(`${id}.norm2`),
  gelu({ id: `${id}.activ2` }),
];

/** The same network with other widths: a narrow one is several times as fast. Its name tells them. */
export function airbench(
  [first, second, third]: readonly [number, number, number],
  [height, width, channels]: readonly number[],
  classes: number,
): ModelDraft {
  const last = [height, width].map((size) => Math.floor((size - patch + 1) / 8));
  const draft = sequential([
    conv2d(2 * channels * patch * patch, { kernelSize: patch, initialization: 'whitening', id: '0' }),
    gelu({ id: '1' }),
    ...[first, second, third].flatMap((channelsOut, i) => group(`${i + 2}`, channelsOut)),
    maxPool2d([last[0], last[1]], { id: '5' }),
    flatten({ id: '6' }),
    linear(classes, { bias: false, id: '7' }),
    scale(1 / 9, { id: '8' }),
  ]);
  return { ...draft, name: `airbench-${first}-${second}-${third}` };
}

/**
 * The network of airbench94 (Jordan 2024, "94% on CIFAR-10 in 3.29 seconds on a single GPU"), with the names of its
 * PyTorch version: a first convolution that whitens 2x2 patches, computed from the training pictures and not trained;
 * filters that begin as the identity; maxima over the whole last map (for 32x32 pictures its 3x3), and small logits. The
 * record is also its training's (a bias rate 64 times as high, lookahead, alternating mirror images), which is not here.
 */
export const airbench94: Preset = {
  name: 'airbench94',
  doc: 'For many small colour pictures and few epochs: the speed record on CIFAR-10, wide, and quick to learn.',
  minimumSize: 9,
  draft({ input, classes }) {
    const { name: _, ...draft } = airbench(fullWidths, input, classes);
    return draft;
  },
};
