import {
  batchNorm2d,
  conv2d,
  dropout,
  globalAvgPool2d,
  linear,
  type Part,
  relu6,
  residual,
  sequential,
} from '../builder.ts';
import { convNorm, roundChannels } from './mobileBlocks.ts';
import type { Preset } from './preset.ts';

/** Of each stage: how much wider a block is inside, channels, blocks, stride of the first. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** Widens by 1x1, filters each channel, narrows without an activation; a shortcut where nothing changes. */
function block(id: string, from: number, channels: number, expand: number, stride: number): Part[] {
  const inside = from * expand;
  const widen = expand === 1 ? [] : convNorm(`${id}.0`, inside, { kernelSize: 1, activation: relu6 });
  const i = expand === 1 ? 0 : 1;
  const body = [
    ...widen,
    ...convNorm(`${id}.${i}`, inside, { kernelSize: 3, stride, depthwise: true, activation: relu6 }),
    conv2d(channels, { kernelSize: 1, bias: false, initialization: 'kaimingNormal', id: `${id}.${i + 1}` }),
    batchNorm2d({ id: `${id}.${i + 2}` }),
  ];
  return stride === 1 && from === channels ? [residual(body, [], { id: `${id}.add` })] : body;
}

/**
 * Sandler et al. 2018 with torchvision's layout, names and initialisation; only that fan-out counts the groups of a
 * depthwise convolution, which torchvision forgets.
 *
 * @param rate of dropout.
 */
export const mobilenetV2 = (rate = 0.2): Preset => ({
  name: 'mobilenet_v2',
  doc: 'For photographs where it must be quick and small, with trained weights to be had everywhere.',
  minimumSize: 32,
  draft: () => {
    const stem = roundChannels(32);
    let from = stem;
    let place = 1;
    const blocks = stages.flatMap(([expand, channels, count, stride]) =>
      Array.from({ length: count }, (_, i) => {
        const parts = block(`features.${place++}.conv`, from, channels, expand, i === 0 ? stride : 1);
        from = channels;
        return parts;
      }).flat(),
    );
    return sequential([
      ...convNorm('features.0', stem, { kernelSize: 3, stride: 2, activation: relu6 }),
      ...blocks,
      ...convNorm(`features.${place}`, 1280, { kernelSize: 1, activation: relu6 }),
      globalAvgPool2d({ id: 'avgpool' }),
      dropout(rate, { id: 'classifier.0' }),
      linear(undefined, { initialization: 'normal', deviation: 0.01, id: 'classifier.1' }),
    ]);
  },
});
