import { type PictureAugmentation, probabilityOption } from './augmentation.ts';
import { drawWindow } from './window.ts';

/** Zhong et al., "Random erasing data augmentation", AAAI 2020; ranges as in torchvision. */
export const erase = {
  name: 'erase',
  doc: 'Blackens a random rectangle, so that no single part of a thing decides.',
  options: {
    probability: probabilityOption(0.5),
    area: { type: 'number', default: 0.33, minimum: 0.02, maximum: 1, doc: 'largest share of the area' },
  },
  create:
    ({ probability, area }, shape) =>
    (picture, to, random) => {
      if (random.uniform() >= probability) return false;
      const window = drawWindow(random, shape, [0.02, area], 3.3);
      if (!window) return false;
      to.set(picture);
      const row = shape.width * shape.channels;
      for (let y = window.y; y < window.y + window.height; y++) {
        to.fill(0, y * row + window.x * shape.channels, y * row + (window.x + window.width) * shape.channels);
      }
      return true;
    },
} as const satisfies PictureAugmentation;
