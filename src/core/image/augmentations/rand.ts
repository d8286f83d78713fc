import type { PictureAugmentation } from './augmentation.ts';
import { type OperationRanges, operate, operationNames } from './operations.ts';

/** Cubuk et al., "RandAugment: Practical automated data augmentation with a reduced search space", NeurIPS 2020. */
export const rand = {
  name: 'rand',
  doc: 'RandAugment: some of fourteen changes, of one strength, one after the other.',
  options: {
    magnitude: { type: 'integer', default: 9, minimum: 0, maximum: 30, doc: 'strength of each change' },
    operations: { type: 'integer', default: 2, minimum: 1, maximum: 10, doc: 'changes of each picture' },
  },
  turns: ({ magnitude }) => magnitude,
  create: ({ operations, magnitude }, shape) => {
    // torchvision's; its magnitudes, too, go from 0 to 30.
    const ranges: OperationRanges = {
      shear: 0.3,
      translate: [(150 / 331) * shape.width, (150 / 331) * shape.height],
      degrees: 30,
      tone: 0.9,
      posterize: 4,
    };
    let here = new Uint8Array(shape.height * shape.width * shape.channels);
    let there = new Uint8Array(here.length);
    return (picture, to, random) => {
      here.set(picture);
      let changed = false;
      for (let i = 0; i < operations; i++) {
        const name = operationNames[random.below(operationNames.length)];
        if (!operate(name, magnitude / 30, ranges, shape, [here, there], random)) continue;
        [here, there] = [there, here];
        changed = true;
      }
      if (changed) to.set(here);
      return changed;
    };
  },
} as const satisfies PictureAugmentation;
