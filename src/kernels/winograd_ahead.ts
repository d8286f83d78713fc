// Winograd's kernels go through rows of pixels and 36 planes at once, which no machine foresees: before a block's
// transforms its pixels are read, a line after the other.

import { readAhead } from './common';

/**
 * Reads ahead the rows of pictures that tiles `first` to `last` touch: each `step` rows, and those above and below them.
 */
export function readTilesAhead(
  pictures: usize, first: i32, last: i32, tilesX: i32, tilesOfImage: i32, step: i32, above: i32, below: i32, height: i32,
  rowBytes: usize,
): void {
  const firstImage = first / tilesOfImage;
  const lastImage = last / tilesOfImage;
  const top = step * ((first - firstImage * tilesOfImage) / tilesX) - above;
  const bottom = step * ((last - lastImage * tilesOfImage) / tilesX + 1) + below;
  readAhead(
    pictures + <usize>(firstImage * height + max(0, top)) * rowBytes,
    pictures + <usize>(lastImage * height + min(height, bottom)) * rowBytes,
  );
}
