import type { Picture } from '../image/picture.ts';
import type { Normalisation } from '../model/build.ts';
import { imageScales } from '../ops/imageToFloat.ts';

/** How a model elsewhere takes pictures. */
export interface PictureInput {
  /** uint8: pixels as they are. float32: normalised by `mean` and `std`. */
  readonly type: 'uint8' | 'float32';
  readonly layout: 'nchw' | 'nhwc';
  readonly normalisation: Normalisation;
}

export interface InputTensor {
  readonly type: 'uint8' | 'float32';
  readonly dims: readonly number[];
  readonly data: Uint8Array | Float32Array;
}

/** Pictures of one size as uint8 [n, height, width, channels]. */
export function pixelsOf(pictures: readonly Picture[]): Uint8Array {
  const size = pictures[0].data.length;
  const pixels = new Uint8Array(pictures.length * size);
  pictures.forEach(({ data }, i) => {
    pixels.set(data, i * size);
  });
  return pixels;
}

/** Pictures of one size as a model takes them, normalised with the very numbers that the engine takes. */
export function inputTensor(pictures: readonly Picture[], { type, layout, normalisation }: PictureInput): InputTensor {
  const [{ height, width, channels }] = pictures;
  const pixels = pixelsOf(pictures);
  const { scale, offset } = imageScales({ mean: normalisation.mean, std: normalisation.std });
  const plane = height * width;
  const data = type === 'uint8' ? new Uint8Array(pixels.length) : new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const c = i % channels;
    const pixel = Math.floor(i / channels);
    const place = layout === 'nhwc' ? i : (Math.floor(pixel / plane) * channels + c) * plane + (pixel % plane);
    data[place] = type === 'uint8' ? pixels[i] : Math.fround(pixels[i] * scale[c]) + offset[c];
  }
  const dims =
    layout === 'nhwc' ? [pictures.length, height, width, channels] : [pictures.length, channels, height, width];
  return { type, dims, data };
}
