import { withChannels } from '../core/image/channels.ts';
import type { Picture } from '../core/image/picture.ts';

/** Colours as they are in the file, so that Node's decoder gives the same (measured: 36 of 36 photographs). */
export const asTheyAre: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
  imageOrientation: 'from-image',
};

/** The pixels of a bitmap in 8-bit colour, transparency laid over white. */
export function pictureOf(bitmap: ImageBitmap): { readonly picture: Picture; readonly transparent: boolean } {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  context.drawImage(bitmap, 0, 0);
  const { data: rgba } = context.getImageData(0, 0, width, height);
  const data = new Uint8Array(width * height * 3);
  let transparent = false;
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    const alpha = rgba[from + 3];
    if (alpha === 255) {
      data[to] = rgba[from];
      data[to + 1] = rgba[from + 1];
      data[to + 2] = rgba[from + 2];
      continue;
    }
    transparent = true;
    for (let c = 0; c < 3; c++) data[to + c] = Math.round((rgba[from + c] * alpha + 255 * (255 - alpha)) / 255);
  }
  return { picture: { width, height, channels: 3, data }, transparent };
}

/** What a canvas, a video, a frame of one or a bitmap shows now. @param channels 1: grey by ITU-R 601 luma. */
export async function pictureShown(source: Exclude<ImageBitmapSource, Blob>, channels: 1 | 3): Promise<Picture> {
  const bitmap = await createImageBitmap(source, asTheyAre);
  try {
    return withChannels(pictureOf(bitmap).picture, channels);
  } finally {
    bitmap.close();
  }
}
