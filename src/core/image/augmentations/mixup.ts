import { type MixingAugmentation, toByte } from './augmentation.ts';
import { drawBeta } from './beta.ts';

/** Zhang et al., "mixup: Beyond empirical risk minimization", ICLR 2018. */
export const mixup = {
  name: 'mixup',
  doc: 'Lays another picture over it, half transparent; the label is shared likewise.',
  options: {
    alpha: { type: 'number', default: 0.2, minimum: 0.1, maximum: 4, doc: 'small: mostly one picture; 1: any share' },
  },
  createMix:
    ({ alpha }) =>
    (picture, partner, random) => {
      const drawn = drawBeta(random, alpha);
      // The share is symmetric; the larger part is the picture's own, so that its label stays the likeliest.
      const share = Math.max(drawn, 1 - drawn);
      for (let i = 0; i < picture.length; i++) picture[i] = toByte(partner[i] + (picture[i] - partner[i]) * share);
      return share;
    },
} as const satisfies MixingAugmentation;
