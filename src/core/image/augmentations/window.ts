import { exp, log } from '../../maths.ts';
import type { RandomStream } from '../../random.ts';
import { between, type PictureShape } from './augmentation.ts';

/** A rectangle of whole pixels inside a picture. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws a window of a share of the picture's area, uniform in [low, high], whose aspect (width / height) is uniform in
 * logarithm within [1 / aspect, aspect]; undefined where none of ten tries fits, as torchvision does.
 */
export function drawWindow(
  random: RandomStream,
  { height, width }: PictureShape,
  [low, high]: readonly [number, number],
  aspect: number,
): Window | undefined {
  const bound = log(aspect);
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = between(random, low, high) * height * width;
    const ratio = exp(between(random, -bound, bound));
    const w = Math.floor(Math.sqrt(area * ratio) + 0.5);
    const h = Math.floor(Math.sqrt(area / ratio) + 0.5);
    if (w >= 1 && h >= 1 && w <= width && h <= height) {
      return { width: w, height: h, y: random.below(height - h + 1), x: random.below(width - w + 1) };
    }
  }
  return undefined;
}
