import { type PictureAugmentation, probabilityOption } from './augmentation.ts';

export const flipVertical = {
  name: 'flipVertical',
  doc: 'Mirrors top and bottom: for pictures without an upright, such as those from above or through a microscope.',
  options: { probability: probabilityOption(0.5) },
  mirrors: true,
  create: ({ probability }, { height, width, channels }) => {
    const from = 1 - probability;
    const row = width * channels;
    return (picture, to, random) => {
      if (random.uniform() < from) return false;
      for (let y = 0; y < height; y++) to.set(picture.subarray(y * row, (y + 1) * row), (height - 1 - y) * row);
      return true;
    };
  },
} as const satisfies PictureAugmentation;
