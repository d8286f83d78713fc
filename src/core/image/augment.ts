import { invalid } from '../errors.ts';
import { RandomStream } from '../random.ts';

/** Changes made to a training picture, anew in every epoch; labels stay true under them. */
export interface Augmentation {
  /** Mirrors left and right in every second picture. Not for digits or letters. */
  readonly flip?: boolean;
  /** Pads by this many black pixels on each side and cuts the size out again at a random place. */
  readonly crop?: number;
}

/** @throws FoveaError when an option is out of its range. */
export function checkAugmentation({ flip, crop }: Augmentation, height: number, width: number): void {
  if (flip !== undefined && typeof flip !== 'boolean') throw invalid('true or false', "augmentation 'flip'", flip);
  const most = Math.min(height, width) - 1;
  if (crop !== undefined && !(Number.isInteger(crop) && crop >= 0 && crop <= most)) {
    throw invalid(`a whole number of pixels from 0 to ${most}`, "augmentation 'crop'", crop);
  }
}

/**
 * Writes the augmented picture that starts at `from` in `pixels` to `to` in `out` (height x width x channels, 8 bits).
 * What happens is a function of (seed, epoch, index) alone. All draws are made whatever is switched on, so that one
 * option does not change what another does.
 */
export function augment(
  pixels: Uint8Array,
  from: number,
  out: Uint8Array,
  to: number,
  shape: { readonly height: number; readonly width: number; readonly channels: number },
  augmentation: Augmentation,
  draw: { readonly seed: number; readonly epoch: number; readonly index: number },
): void {
  const { height, width, channels } = shape;
  const random = new RandomStream(draw.seed, 'augment', draw.epoch, draw.index);
  const padding = augmentation.crop ?? 0;
  const flipped = random.uint32() >= 0x80000000 && augmentation.flip === true;
  const dx = Math.floor(random.uniform() * (2 * padding + 1)) - padding;
  const dy = Math.floor(random.uniform() * (2 * padding + 1)) - padding;
  const rowLength = width * channels;
  if (dx !== 0 || dy !== 0) out.fill(0, to, to + height * rowLength);
  // Output row y shows input row y + dy, columns first .. last - 1 of the input; the rest stays black.
  const firstColumn = Math.max(0, dx);
  const lastColumn = Math.min(width, width + dx);
  const target = to + (firstColumn - dx) * channels;
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    const source = from + (y + dy) * rowLength + firstColumn * channels;
    const length = (lastColumn - firstColumn) * channels;
    if (!flipped) {
      const row = target + y * rowLength;
      for (let i = 0; i < length; i++) out[row + i] = pixels[source + i];
    } else {
      let at = to + y * rowLength + (width - 1 - (firstColumn - dx)) * channels;
      for (let i = 0; i < length; i += channels, at -= channels) {
        for (let c = 0; c < channels; c++) out[at + c] = pixels[source + i + c];
      }
    }
  }
}
