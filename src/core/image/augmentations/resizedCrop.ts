import type { PictureAugmentation } from './augmentation.ts';
import { sampleAffine } from './sample.ts';
import { drawWindow } from './window.ts';

/** Szegedy et al., "Going deeper with convolutions", CVPR 2015; ranges as in torchvision. */
export const resizedCrop = {
  name: 'resizedCrop',
  doc: 'Cuts out a part of random size and place and enlarges it to the whole.',
  options: {
    area: { type: 'number', default: 0.08, minimum: 0.01, maximum: 1, doc: 'smallest share of the area that is kept' },
    aspect: { type: 'number', default: 4 / 3, minimum: 1, maximum: 4, doc: 'largest stretch of a side' },
  },
  create: ({ area, aspect }, shape) => {
    const { width, height } = shape;
    return (picture, to, random) => {
      // Where no window fits, the whole picture stands for torchvision's centre window: they are alike but for sizes
      // whose sides are very unequal.
      const window = drawWindow(random, shape, [area, 1], aspect);
      if (!window || (window.width === width && window.height === height)) return false;
      const [sx, sy] = [window.width / width, window.height / height];
      const map = [sx, 0, window.x + 0.5 * sx - 0.5, 0, sy, window.y + 0.5 * sy - 0.5] as const;
      sampleAffine(picture, to, shape, map, 'edge');
      return true;
    };
  },
} as const satisfies PictureAugmentation;
