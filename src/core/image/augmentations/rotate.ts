import { motionMap } from './affine.ts';
import { between, type PictureAugmentation } from './augmentation.ts';
import { sampleAffine } from './sample.ts';

export const rotate = {
  name: 'rotate',
  doc: 'Turns about the centre; corners that come in from outside are black.',
  options: {
    degrees: { type: 'number', default: 10, minimum: 0, maximum: 180, doc: 'turns by up to this, either way' },
  },
  turns: ({ degrees }) => degrees,
  create:
    ({ degrees }, shape) =>
    (picture, to, random) => {
      if (degrees === 0) return false;
      const turn = { degrees: between(random, -degrees, degrees) };
      sampleAffine(picture, to, shape, motionMap(turn, shape), 'black');
      return true;
    },
} as const satisfies PictureAugmentation;
