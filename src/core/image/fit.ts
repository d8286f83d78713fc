import { invalid } from '../errors.ts';
import type { Picture } from './picture.ts';
import { resize } from './resize.ts';

/**
 * How a picture of any shape becomes one of the model's size:
 * - `stretch`: all of it, the aspect ratio is not kept;
 * - `crop`: the largest part around the centre that has the wanted aspect ratio;
 * - `pad`: all of it, the aspect ratio kept, black around it.
 */
export const fitModes = ['stretch', 'crop', 'pad'] as const;
export type FitMode = (typeof fitModes)[number];

export function fitPicture(picture: Picture, height: number, width: number, mode: FitMode = 'stretch'): Picture {
  switch (mode) {
    case 'stretch':
      return resize(picture, height, width);
    case 'crop':
      return resize(cropCenter(picture, ...largestInside(picture.height, picture.width, height, width)), height, width);
    case 'pad':
      return padAround(resize(picture, ...largestInside(height, width, picture.height, picture.width)), height, width);
    default:
      throw invalid(`one of ${fitModes.join(', ')}`, "option 'fit'", mode);
  }
}

/** The largest [height, width] inside `height` x `width` with the aspect ratio of `likeHeight` : `likeWidth`, rounded. */
function largestInside(height: number, width: number, likeHeight: number, likeWidth: number): [number, number] {
  // Compared by products of whole numbers, so that no rounding decides which side is cut.
  if (height * likeWidth > likeHeight * width)
    return [Math.max(1, Math.round((width * likeHeight) / likeWidth)), width];
  return [height, Math.max(1, Math.round((height * likeWidth) / likeHeight))];
}

/** The part of `height` x `width` around the centre; an odd pixel is left over at the bottom or right. */
export function cropCenter(picture: Picture, height: number, width: number): Picture {
  if (height === picture.height && width === picture.width) return picture;
  if (height > picture.height || width > picture.width) {
    throw invalid(`a part no larger than ${picture.height}x${picture.width}`, 'the centre crop', [height, width]);
  }
  const { channels, data } = picture;
  const top = (picture.height - height) >> 1;
  const left = (picture.width - width) >> 1;
  const out = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * channels;
    out.set(data.subarray(from, from + width * channels), y * width * channels);
  }
  return { width, height, channels, data: out };
}

function padAround(picture: Picture, height: number, width: number): Picture {
  if (height === picture.height && width === picture.width) return picture;
  const { channels, data } = picture;
  const top = (height - picture.height) >> 1;
  const left = (width - picture.width) >> 1;
  const out = new Uint8Array(height * width * channels);
  const rowLength = picture.width * channels;
  for (let y = 0; y < picture.height; y++) {
    out.set(data.subarray(y * rowLength, (y + 1) * rowLength), ((top + y) * width + left) * channels);
  }
  return { width, height, channels, data: out };
}
