import { affine } from './affine.ts';
import type { AugmentationKind } from './augmentation.ts';
import { blur } from './blur.ts';
import { brightness } from './brightness.ts';
import { colour } from './colour.ts';
import { contrast } from './contrast.ts';
import { crop } from './crop.ts';
import { cutmix } from './cutmix.ts';
import { erase } from './erase.ts';
import { flip } from './flip.ts';
import { flipVertical } from './flipVertical.ts';
import { hue } from './hue.ts';
import { mixup } from './mixup.ts';
import { noise } from './noise.ts';
import { rand } from './rand.ts';
import { resizedCrop } from './resizedCrop.ts';
import { rotate } from './rotate.ts';
import { saturation } from './saturation.ts';
import { trivial } from './trivial.ts';

/** THE LIST of augmentations. Recipes, the command line, help and contract tests go through it. */
export const augmentationKinds: readonly AugmentationKind[] = [
  flip,
  flipVertical,
  crop,
  resizedCrop,
  rotate,
  affine,
  brightness,
  contrast,
  saturation,
  hue,
  colour,
  blur,
  noise,
  erase,
  trivial,
  rand,
  mixup,
  cutmix,
];
