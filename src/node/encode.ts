import sharp from 'sharp';
import type { Picture } from '../core/image/picture.ts';

/** A picture as PNG. @param scale each pixel becomes scale x scale pixels. */
export async function encodePng(picture: Picture, scale = 1): Promise<Uint8Array> {
  const { width, height, channels, data } = picture;
  return sharp(data, { raw: { width, height, channels } })
    .resize(width * scale, height * scale, { kernel: 'nearest' })
    .png()
    .toBuffer();
}
