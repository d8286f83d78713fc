import { type PictureAugmentation, probabilityOption } from './augmentation.ts';
import { shiftPicture } from './shift.ts';

export const flip = {
  name: 'flip',
  doc: 'Mirrors left and right. Not for digits, letters or directions.',
  options: { probability: probabilityOption(0.5) },
  mirrors: true,
  create: ({ probability }, shape) => {
    const from = 1 - probability;
    return (picture, to, random) => {
      if (random.uniform() < from) return false;
      shiftPicture(picture, to, shape, 0, 0, true);
      return true;
    };
  },
} as const satisfies PictureAugmentation;
