import { cos, sin, tan } from '../../maths.ts';
import { between, type PictureAugmentation, type PictureShape } from './augmentation.ts';
import { type AffineMap, sampleAffine } from './sample.ts';

/** How a picture is moved about its centre. */
export interface Motion {
  /** Clockwise. */
  readonly degrees?: number;
  /** Pixels to the right and down. */
  readonly translate?: readonly [x: number, y: number];
  /** 2: everything twice as large. */
  readonly scale?: number;
  /** Degrees by which uprights and level lines lean. */
  readonly shear?: readonly [x: number, y: number];
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/**
 * The map from new to old pixels of a motion about the picture's centre: the inverse of T(translate) R(degrees)
 * Shear(x, y) scale, as torchvision defines its affine transform.
 */
export function motionMap(
  { degrees = 0, translate: [tx, ty] = [0, 0], scale = 1, shear: [shearX, shearY] = [0, 0] }: Motion,
  { height, width }: PictureShape,
): AffineMap {
  const rotation = radians(degrees);
  const [sx, sy] = [radians(shearX), radians(shearY)];
  // R Shear scale = [a b; c d].
  const a = (cos(rotation - sy) / cos(sy)) * scale;
  const b = ((-cos(rotation - sy) * tan(sx)) / cos(sy) - sin(rotation)) * scale;
  const c = (sin(rotation - sy) / cos(sy)) * scale;
  const d = ((-sin(rotation - sy) * tan(sx)) / cos(sy) + cos(rotation)) * scale;
  const determinant = a * d - b * c;
  const [ia, ib, ic, id] = [d / determinant, -b / determinant, -c / determinant, a / determinant];
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  return [ia, ib, x - ia * (x + tx) - ib * (y + ty), ic, id, y - ic * (x + tx) - id * (y + ty)];
}

export const affine = {
  name: 'affine',
  doc: 'Turns, moves, scales and shears at once; what comes in from outside is black.',
  options: {
    degrees: { type: 'number', default: 10, minimum: 0, maximum: 180, doc: 'turns by up to this, either way' },
    translate: { type: 'number', default: 0.1, minimum: 0, maximum: 1, doc: 'moves by up to this share of a side' },
    scale: { type: 'number', default: 0.1, minimum: 0, maximum: 0.9, doc: 'enlarges or shrinks by up to this share' },
    shear: { type: 'number', default: 0, minimum: 0, maximum: 60, doc: 'leans by up to this many degrees' },
  },
  turns: ({ degrees }) => degrees,
  create: ({ degrees, translate, scale, shear }, shape) => {
    const still = degrees === 0 && translate === 0 && scale === 0 && shear === 0;
    return (picture, to, random) => {
      if (still) return false;
      const motion = {
        degrees: between(random, -degrees, degrees),
        translate: [
          between(random, -translate, translate) * shape.width,
          between(random, -translate, translate) * shape.height,
        ] as const,
        scale: between(random, 1 - scale, 1 + scale),
        shear: [between(random, -shear, shear), 0] as const,
      };
      sampleAffine(picture, to, shape, motionMap(motion, shape), 'black');
      return true;
    };
  },
} as const satisfies PictureAugmentation;
