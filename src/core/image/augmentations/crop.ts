import { invalid } from '../../errors.ts';
import type { RandomStream } from '../../random.ts';
import type { PictureAugmentation } from './augmentation.ts';
import { shiftPicture } from './shift.ts';

/** Where the window lies: columns and rows from the picture's own corner, each -padding … padding. */
export function drawShift(random: RandomStream, padding: number): { dx: number; dy: number } {
  const dx = Math.floor(random.uniform() * (2 * padding + 1)) - padding;
  const dy = Math.floor(random.uniform() * (2 * padding + 1)) - padding;
  return { dx, dy };
}

export const crop = {
  name: 'crop',
  doc: 'Pads with black pixels on each side and cuts the size out again at a random place.',
  options: { padding: { type: 'integer', default: 4, minimum: 0, maximum: 4095, doc: 'black pixels on each side' } },
  check({ padding }, { height, width }, subject) {
    const most = Math.min(height, width) - 1;
    if (padding > most) throw invalid(`a whole number of pixels from 0 to ${most}`, subject, padding);
  },
  create:
    ({ padding }, shape) =>
    (picture, to, random) => {
      random.uint32(); // the flip's: both share a stream, so that the recipes of old keep their bits
      const { dx, dy } = drawShift(random, padding);
      if (dx === 0 && dy === 0) return false;
      shiftPicture(picture, to, shape, dx, dy, false);
      return true;
    },
} as const satisfies PictureAugmentation;
