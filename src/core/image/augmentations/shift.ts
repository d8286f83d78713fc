import type { PictureShape } from './augmentation.ts';

/**
 * Writes the picture moved and, if wanted, mirrored afterwards: row y, column x of the moved picture is row y + dy,
 * column x + dx of `from`, black where that lies outside. |dx| < width, |dy| < height.
 */
export function shiftPicture(
  from: Uint8Array,
  to: Uint8Array,
  { height, width, channels }: PictureShape,
  dx: number,
  dy: number,
  mirrored: boolean,
): void {
  const rowLength = width * channels;
  if (dx !== 0 || dy !== 0) to.fill(0, 0, height * rowLength);
  const firstColumn = Math.max(0, dx);
  const length = (Math.min(width, width + dx) - firstColumn) * channels;
  const firstTarget = firstColumn - dx;
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    const source = (y + dy) * rowLength + firstColumn * channels;
    if (!mirrored) {
      const row = y * rowLength + firstTarget * channels;
      for (let i = 0; i < length; i++) to[row + i] = from[source + i];
      continue;
    }
    let at = y * rowLength + (width - 1 - firstTarget) * channels;
    if (channels === 3) {
      for (let i = source; i < source + length; i += 3, at -= 3) {
        to[at] = from[i];
        to[at + 1] = from[i + 1];
        to[at + 2] = from[i + 2];
      }
    } else {
      for (let i = source; i < source + length; i++) to[at--] = from[i];
    }
  }
}
