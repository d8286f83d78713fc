import { type MobilenetV3Block, type MobilenetV3Options, mobilenetV3 } from './mobilenetV3.ts';
import type { Preset } from './preset.ts';

const blocks: readonly MobilenetV3Block[] = [
  [3, 16, 16, true, false, 2],
  [3, 72, 24, false, false, 2],
  [3, 88, 24, false, false, 1],
  [5, 96, 40, true, true, 2],
  [5, 240, 40, true, true, 1],
  [5, 240, 40, true, true, 1],
  [5, 120, 48, true, true, 1],
  [5, 144, 48, true, true, 1],
  [5, 288, 96, true, true, 2],
  [5, 576, 96, true, true, 1],
  [5, 576, 96, true, true, 1],
];

export const mobilenetV3Small = (options: MobilenetV3Options = {}): Preset => ({
  name: 'mobilenet_v3_small',
  doc: 'The least arithmetic for photographs: for a page, a phone, or many pictures a second.',
  minimumSize: 32,
  draft: () => mobilenetV3(blocks, 1024, options),
});
