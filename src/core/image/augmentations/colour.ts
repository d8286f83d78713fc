import { between, type PictureAugmentation, strengthOption, strengthRange } from './augmentation.ts';
import { changeBrightness, changeContrast, changeHue, changeSaturation } from './tone.ts';

/**
 * Brightness, contrast, saturation and hue in a random order, as torchvision's ColorJitter; the hue turns by a quarter
 * of the others' strength, as in SimCLR (Chen et al., ICML 2020).
 */
export const colour = {
  name: 'colour',
  doc: 'Brightness, contrast, saturation and hue at once; on grey pictures the first two.',
  options: { strength: strengthOption },
  create: ({ strength }, { height, width, channels }) => {
    let here = new Uint8Array(height * width * channels);
    let there = new Uint8Array(here.length);
    return (picture, to, random) => {
      if (strength === 0) return false;
      here.set(picture);
      for (const what of random.shuffle(channels === 3 ? [0, 1, 2, 3] : [0, 1])) {
        if (what === 0) changeBrightness(here, there, strengthRange(random, strength));
        else if (what === 1) changeContrast(here, there, strengthRange(random, strength), channels);
        else if (what === 2) changeSaturation(here, there, strengthRange(random, strength));
        else changeHue(here, there, between(random, -strength / 4, strength / 4));
        [here, there] = [there, here];
      }
      to.set(here);
      return true;
    };
  },
} as const satisfies PictureAugmentation;
