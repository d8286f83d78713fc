import type { MixingAugmentation } from './augmentation.ts';
import { drawBeta } from './beta.ts';

/** Yun et al., "CutMix: Regularization strategy to train strong classifiers", ICCV 2019. */
export const cutmix = {
  name: 'cutmix',
  doc: 'Puts a rectangle of another picture into it; the label is shared by area.',
  options: {
    alpha: { type: 'number', default: 1, minimum: 0.1, maximum: 4, doc: 'small: mostly one picture; 1: any share' },
  },
  createMix:
    ({ alpha }, { height, width, channels }) =>
    (picture, partner, random) => {
      const cut = Math.sqrt(1 - drawBeta(random, alpha));
      const [halfWidth, halfHeight] = [Math.floor((width * cut) / 2), Math.floor((height * cut) / 2)];
      const x = random.below(width);
      const y = random.below(height);
      const [left, right] = [Math.max(0, x - halfWidth), Math.min(width, x + halfWidth)];
      const [top, bottom] = [Math.max(0, y - halfHeight), Math.min(height, y + halfHeight)];
      for (let line = top; line < bottom; line++) {
        const row = line * width;
        picture.set(partner.subarray((row + left) * channels, (row + right) * channels), (row + left) * channels);
      }
      return 1 - ((right - left) * (bottom - top)) / (width * height);
    },
} as const satisfies MixingAugmentation;
