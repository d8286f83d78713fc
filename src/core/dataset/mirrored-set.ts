import { shiftPicture } from '../image/augmentations/shift.ts';
import type { Dataset } from './dataset.ts';
import type { Pixels } from './pixels.ts';

/** Every picture of it mirrored, as it is read. */
export function mirroredSet(dataset: Dataset): Dataset {
  const { pixels } = dataset;
  const own = new Uint8Array(pixels.size);
  const copy: Pixels['copy'] = (index, to, offset) =>
    shiftPicture(pixels.at(index), to.subarray(offset, offset + pixels.size), dataset, 0, 0, true);
  return {
    ...dataset,
    pixels: {
      ...{ count: pixels.count, size: pixels.size, held: pixels.held, copy },
      at(index) {
        copy(index, own, 0);
        return own;
      },
    },
  };
}
