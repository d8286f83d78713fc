import type { RandomStream } from '../../random.ts';
import { type Motion, motionMap } from './affine.ts';
import type { PictureShape } from './augmentation.ts';
import { sampleAffine } from './sample.ts';
import {
  autoContrast,
  changeBrightness,
  changeContrast,
  changeSaturation,
  changeSharpness,
  equalize,
  posterize,
  solarize,
} from './tone.ts';

/** How far each of the fourteen operations goes at most; they are those of RandAugment and TrivialAugment. */
export interface OperationRanges {
  /** The tangent of the lean. */
  readonly shear: number;
  /** Pixels. */
  readonly translate: readonly [x: number, y: number];
  readonly degrees: number;
  /** Factors from 1 - tone to 1 + tone. */
  readonly tone: number;
  /** Bits that are taken away at most. */
  readonly posterize: number;
}

export const operationNames = [
  'identity',
  'shearX',
  'shearY',
  'translateX',
  'translateY',
  'rotate',
  'brightness',
  'saturation',
  'contrast',
  'sharpness',
  'posterize',
  'solarize',
  'autoContrast',
  'equalize',
] as const;
export type OperationName = (typeof operationNames)[number];

/** Operations whose strength has a sign: it is drawn. */
const signed: ReadonlySet<OperationName> = new Set(operationNames.slice(1, 10));

/**
 * One operation of a strength from 0 (nothing) to 1 (the end of its range); posterize, solarize and the last two have no
 * direction. Motions are sampled bilinearly, what comes in is black. Returns false where nothing changes.
 */
export function operate(
  name: OperationName,
  strength: number,
  ranges: OperationRanges,
  shape: PictureShape,
  [from, to]: readonly [Uint8Array, Uint8Array],
  random: RandomStream,
): boolean {
  const amount = signed.has(name) && random.uint32() >= 0x80000000 ? -strength : strength;
  const move = (motion: Motion): void => sampleAffine(from, to, shape, motionMap(motion, shape), 'black');
  const [centreX, centreY] = [(shape.width - 1) / 2, (shape.height - 1) / 2];
  if (amount === 0 && name !== 'autoContrast' && name !== 'equalize') return false;
  switch (name) {
    case 'identity':
      return false;
    case 'shearX': {
      const lean = amount * ranges.shear;
      sampleAffine(from, to, shape, [1, lean, -lean * centreY, 0, 1, 0], 'black');
      return true;
    }
    case 'shearY': {
      const lean = amount * ranges.shear;
      sampleAffine(from, to, shape, [1, 0, 0, lean, 1, -lean * centreX], 'black');
      return true;
    }
    case 'translateX':
      move({ translate: [Math.round(amount * ranges.translate[0]), 0] });
      return true;
    case 'translateY':
      move({ translate: [0, Math.round(amount * ranges.translate[1])] });
      return true;
    case 'rotate':
      move({ degrees: amount * ranges.degrees });
      return true;
    case 'brightness':
      changeBrightness(from, to, 1 + amount * ranges.tone);
      return true;
    case 'saturation':
      if (shape.channels !== 3) return false;
      changeSaturation(from, to, 1 + amount * ranges.tone);
      return true;
    case 'contrast':
      changeContrast(from, to, 1 + amount * ranges.tone, shape.channels);
      return true;
    case 'sharpness':
      changeSharpness(from, to, 1 + amount * ranges.tone, shape);
      return true;
    case 'posterize':
      posterize(from, to, 8 - Math.round(amount * ranges.posterize));
      return true;
    case 'solarize':
      solarize(from, to, 255 * (1 - amount));
      return true;
    case 'autoContrast':
      autoContrast(from, to, shape.channels);
      return true;
    case 'equalize':
      equalize(from, to, shape.channels);
      return true;
  }
}
