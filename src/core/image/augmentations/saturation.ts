import { type PictureAugmentation, strengthOption, strengthRange } from './augmentation.ts';
import { changeSaturation } from './tone.ts';

export const saturation = {
  name: 'saturation',
  doc: 'Makes colours stronger or paler; nothing on grey pictures.',
  options: { strength: strengthOption },
  create:
    ({ strength }, { channels }) =>
    (picture, to, random) => {
      if (strength === 0 || channels !== 3) return false;
      changeSaturation(picture, to, strengthRange(random, strength));
      return true;
    },
} as const satisfies PictureAugmentation;
