import { type PictureAugmentation, strengthOption, strengthRange } from './augmentation.ts';
import { changeBrightness } from './tone.ts';

export const brightness = {
  name: 'brightness',
  doc: 'Makes the whole lighter or darker.',
  options: { strength: strengthOption },
  create:
    ({ strength }) =>
    (picture, to, random) => {
      if (strength === 0) return false;
      const factor = strengthRange(random, strength);
      changeBrightness(picture, to, factor);
      return true;
    },
} as const satisfies PictureAugmentation;
