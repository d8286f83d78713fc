import type { PictureAugmentation } from './augmentation.ts';
import { type OperationRanges, operate, operationNames } from './operations.ts';

/** Of TrivialAugment's wide space, as in torchvision. */
const ranges: OperationRanges = { shear: 0.99, translate: [32, 32], degrees: 135, tone: 0.99, posterize: 6 };
const strengths = 31;

/** Müller, Hutter: "TrivialAugment: Tuning-free yet state-of-the-art data augmentation", ICCV 2021. */
export const trivial = {
  name: 'trivial',
  doc: 'TrivialAugment: one of fourteen changes, of any strength, for each picture. Nothing to tune.',
  options: {},
  turns: () => ranges.degrees,
  create: (_, shape) => (picture, to, random) => {
    const name = operationNames[random.below(operationNames.length)];
    return operate(name, random.below(strengths) / (strengths - 1), ranges, shape, [picture, to], random);
  },
} as const satisfies PictureAugmentation;
