import { type MobilenetV3Block, type MobilenetV3Options, mobilenetV3 } from './mobilenetV3.ts';
import type { Preset } from './preset.ts';

const blocks: readonly MobilenetV3Block[] = [
  [3, 16, 16, false, false, 1],
  [3, 64, 24, false, false, 2],
  [3, 72, 24, false, false, 1],
  [5, 72, 40, true, false, 2],
  [5, 120, 40, true, false, 1],
  [5, 120, 40, true, false, 1],
  [3, 240, 80, false, true, 2],
  [3, 200, 80, false, true, 1],
  [3, 184, 80, false, true, 1],
  [3, 184, 80, false, true, 1],
  [3, 480, 112, true, true, 1],
  [3, 672, 112, true, true, 1],
  [5, 672, 160, true, true, 2],
  [5, 960, 160, true, true, 1],
  [5, 960, 160, true, true, 1],
];

export const mobilenetV3Large = (options: MobilenetV3Options = {}): Preset => ({
  name: 'mobilenet_v3_large',
  doc: 'More accurate than mobilenet_v3_small for four times its arithmetic: for photographs, from trained weights.',
  minimumSize: 32,
  draft: () => mobilenetV3(blocks, 1280, options),
});
