import { z } from 'zod';
import { invalid } from '../../errors.ts';
import type { Picture } from '../../image/picture.ts';
import type { StudioHost } from './host.ts';
import { bytesOf } from './verbs/shapes.ts';

/** The largest picture that is sent as pixels: 50 megapixels. */
const mostPixels = 50e6;

/** A picture that a request brings. */
export const givenPicture = z.union([
  /** A picture file. */
  z.object({ name: z.string().max(300).default('picture'), bytes: bytesOf }),
  /** Pixels, as `getImageData` gives them (4 channels) or without transparency. */
  z.object({
    width: z.int().min(1).max(20_000),
    height: z.int().min(1).max(20_000),
    channels: z.union([z.literal(1), z.literal(3), z.literal(4)]),
    pixels: bytesOf,
  }),
]);

/** @throws FoveaError where it is no picture, or too large a one. */
export async function readGiven(host: StudioHost, given: z.output<typeof givenPicture>): Promise<Picture> {
  return 'bytes' in given ? host.decodePicture(given.bytes, given.name) : fromPixels(given);
}

function fromPixels({
  width,
  height,
  channels,
  pixels,
}: {
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  pixels: Uint8Array;
}): Picture {
  if (width * height > mostPixels) throw invalid(`at most ${mostPixels} pixels`, 'the picture', `${width}x${height}`);
  if (pixels.length !== width * height * channels) {
    throw invalid(`${width * height * channels} bytes of pixels`, `a picture of ${width}x${height}`, pixels.length);
  }
  if (channels !== 4) return { width, height, channels, data: pixels };
  const data = new Uint8Array(width * height * 3);
  // On white, as files with transparency are.
  for (let i = 0; i < width * height; i++) {
    const alpha = pixels[4 * i + 3];
    for (let c = 0; c < 3; c++) data[3 * i + c] = Math.round((pixels[4 * i + c] * alpha + 255 * (255 - alpha)) / 255);
  }
  return { width, height, channels: 3, data };
}
