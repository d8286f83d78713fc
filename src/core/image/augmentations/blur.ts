import { exp } from '../../maths.ts';
import { between, type PictureAugmentation, toByte } from './augmentation.ts';

/** Weights of a Gauss curve of deviation `sigma` from -radius to radius, their sum 1. */
function gaussWeights(sigma: number, radius: number): Float64Array {
  const weights = new Float64Array(2 * radius + 1);
  let sum = 0;
  for (let i = -radius; i <= radius; i++) sum += weights[i + radius] = exp((-i * i) / (2 * sigma * sigma));
  return weights.map((weight) => weight / sum);
}

/** Mirrors a place outside 0 … length - 1 back, the border itself not repeated. */
function reflect(i: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * length - 2;
  const inside = ((i % period) + period) % period;
  return inside < length ? inside : period - inside;
}

/** A Gauss filter over rows, then columns; borders are mirrored, as in torchvision. @param sigma in pixels. */
export function blurPicture(
  from: Uint8Array,
  to: Uint8Array,
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
  sigma: number,
  scratch = new Float64Array(from.length),
): void {
  const radius = Math.ceil(3 * sigma);
  const weights = gaussWeights(sigma, radius);
  const row = width * channels;
  const columns = Int32Array.from({ length: width + 2 * radius }, (_, i) => reflect(i - radius, width) * channels);
  const rows = Int32Array.from({ length: height + 2 * radius }, (_, i) => reflect(i - radius, height) * row);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let k = 0; k < channels; k++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += weights[i] * from[y * row + columns[x + i] + k];
        scratch[y * row + x * channels + k] = sum;
      }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < row; x++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i] * scratch[rows[y + i] + x];
      to[y * row + x] = toByte(sum);
    }
}

export const blur = {
  name: 'blur',
  doc: 'Blurs a little or more.',
  options: {
    sigma: { type: 'number', default: 1, minimum: 0, maximum: 10, doc: 'largest deviation of the blur, in pixels' },
  },
  create: ({ sigma }, shape) => {
    const scratch = new Float64Array(shape.height * shape.width * shape.channels);
    return (picture, to, random) => {
      const drawn = between(random, Math.min(0.1, sigma), sigma);
      // Below this, a neighbour weighs less than half a grey level.
      if (drawn < 0.25) return false;
      blurPicture(picture, to, shape, drawn, scratch);
      return true;
    };
  },
} as const satisfies PictureAugmentation;
