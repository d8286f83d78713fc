import type { Picture } from './picture.ts';

/**
 * Luma of ITU-R BT.601 in whole numbers, as Pillow's mode L: (19595 R + 38470 G + 7471 B + 2^15) >> 16. The weights
 * add up to 2^16, so grey written as colour comes back exactly.
 */
export function toGrey(picture: Picture): Picture {
  if (picture.channels === 1) return picture;
  const { width, height, data } = picture;
  const grey = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = (19595 * data[at] + 38470 * data[at + 1] + 7471 * data[at + 2] + 32768) >> 16;
  }
  return { width, height, channels: 1, data: grey };
}

/** Grey repeated in three channels. */
export function toColour(picture: Picture): Picture {
  if (picture.channels === 3) return picture;
  const { width, height, data } = picture;
  const colour = new Uint8Array(width * height * 3);
  for (let i = 0, at = 0; i < data.length; i++, at += 3) colour[at] = colour[at + 1] = colour[at + 2] = data[i];
  return { width, height, channels: 3, data: colour };
}

export const withChannels = (picture: Picture, channels: 1 | 3): Picture =>
  channels === 1 ? toGrey(picture) : toColour(picture);
