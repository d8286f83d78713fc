import { shiftPicture } from './augmentations/shift.ts';
import type { Picture } from './picture.ts';

/**
 * Views of a picture whose logits are averaged when a model is tested and used (Krizhevsky et al. 2012, section 4.1).
 * `mirror`: the picture as it is and its mirror image. It takes twice the time, and suits what was trained mirrored.
 */
export const testTimeAugmentations = ['mirror'] as const;
export type TestTimeAugmentation = (typeof testTimeAugmentations)[number];

/** Left and right exchanged. */
export function mirrored(picture: Picture): Picture {
  const data = new Uint8Array(picture.data.length);
  shiftPicture(picture.data, data, picture, 0, 0, true);
  return { ...picture, data };
}

/** Makes `logits` the mean of both, in float32. */
export function averageInto(logits: Float32Array, others: Float32Array): void {
  for (let i = 0; i < logits.length; i++) logits[i] = Math.fround(logits[i] + others[i]) / 2;
}
