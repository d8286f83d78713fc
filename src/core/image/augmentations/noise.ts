import { type PictureAugmentation, toByte } from './augmentation.ts';

/** Deviation of the sum of four bytes: √(4 (256² - 1) / 12). Their mean is 510. */
const deviationOfFour = Math.sqrt((4 * 65535) / 12);

/** Nearly normal noise: the sum of four random bytes, within 3.45 deviations (the central limit, and no logarithm). */
export const noise = {
  name: 'noise',
  doc: 'Adds noise to each value by itself, as a camera in the dark does.',
  options: {
    deviation: {
      type: 'number',
      default: 0.05,
      minimum: 0,
      maximum: 1,
      doc: 'standard deviation, as a share of the range from black to white',
    },
  },
  create: ({ deviation }) => {
    const factor = (deviation * 255) / deviationOfFour;
    return (picture, to, random) => {
      if (deviation === 0) return false;
      for (let i = 0; i < picture.length; i++) {
        const bits = random.uint32();
        const sum = (bits & 0xff) + ((bits >>> 8) & 0xff) + ((bits >>> 16) & 0xff) + (bits >>> 24);
        to[i] = toByte(picture[i] + (sum - 510) * factor);
      }
      return true;
    };
  },
} as const satisfies PictureAugmentation;
