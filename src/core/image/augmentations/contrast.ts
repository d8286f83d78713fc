import { type PictureAugmentation, strengthOption, strengthRange } from './augmentation.ts';
import { changeContrast } from './tone.ts';

export const contrast = {
  name: 'contrast',
  doc: 'Makes differences of light stronger or weaker.',
  options: { strength: strengthOption },
  create:
    ({ strength }, { channels }) =>
    (picture, to, random) => {
      if (strength === 0) return false;
      const factor = strengthRange(random, strength);
      changeContrast(picture, to, factor, channels);
      return true;
    },
} as const satisfies PictureAugmentation;
