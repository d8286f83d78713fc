import type { Picture } from './picture.ts';
import { resize } from './resize.ts';

/** A picture to look at within a frame: smaller ones by whole factors, so that their pixels stay squares. */
export function pictureAtSize(picture: Picture, mostHeight: number, mostWidth: number): Picture {
  const { width, height, channels, data } = picture;
  const scale = Math.min(mostHeight / height, mostWidth / width);
  if (scale < 1)
    return resize(picture, Math.max(1, Math.floor(height * scale)), Math.max(1, Math.floor(width * scale)));
  const times = Math.floor(scale);
  if (times === 1) return picture;
  const large = new Uint8Array(data.length * times * times);
  for (let y = 0; y < height * times; y++) {
    for (let x = 0; x < width * times; x++) {
      const from = (Math.floor(y / times) * width + Math.floor(x / times)) * channels;
      large.set(data.subarray(from, from + channels), (y * width * times + x) * channels);
    }
  }
  return { width: width * times, height: height * times, channels, data: large };
}
