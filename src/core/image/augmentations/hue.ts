import { between, type PictureAugmentation } from './augmentation.ts';
import { changeHue } from './tone.ts';

export const hue = {
  name: 'hue',
  doc: 'Turns the colour circle; nothing on grey pictures.',
  options: {
    turn: { type: 'number', default: 0.05, minimum: 0, maximum: 0.5, doc: 'share of the colour circle, either way' },
  },
  create:
    ({ turn }, { channels }) =>
    (picture, to, random) => {
      if (turn === 0 || channels !== 3) return false;
      changeHue(picture, to, between(random, -turn, turn));
      return true;
    },
} as const satisfies PictureAugmentation;
