import { toGrey } from '../image/channels.ts';
import { resize } from '../image/resize.ts';
import type { Dataset } from './dataset.ts';
import { thumbnailSide } from './perceptual-hash.ts';
import { similarGroups } from './similar.ts';

/** What looks the same in several data sets. */
export interface NearCopies {
  /** Numbers that count through the sets one after the other; they ascend, two or more. */
  readonly groups: readonly (readonly number[])[];
  /** False where too many pictures look alike to compare them all: more may be there. */
  readonly complete: boolean;
}

/**
 * Pictures that look the same, within and across data sets: equal, encoded again, scaled or slightly changed. Compared as
 * `fovea data split` does, but at the size that they are brought to for the model.
 */
export function nearCopies(sets: readonly Dataset[]): NearCopies {
  const begins: number[] = [0];
  for (const { count } of sets) begins.push(begins[begins.length - 1] + count);
  const placeOf = (index: number): readonly [set: Dataset, index: number] => {
    let set = 0;
    while (index >= begins[set + 1]) set++;
    return [sets[set], index - begins[set]];
  };
  const likenesses = {
    count: begins[sets.length],
    thumbnail(index: number) {
      const [{ height, width, channels, pixels }, place] = placeOf(index);
      // Not copied: it is looked at before the next one is read.
      const picture = toGrey({ height, width, channels, data: pixels.at(place) });
      return resize(picture, thumbnailSide, thumbnailSide).data;
    },
    side(index: number) {
      const [{ height, width }] = placeOf(index);
      return Math.min(height, width);
    },
  };
  let complete = true;
  const groups = similarGroups(likenesses, () => {
    complete = false;
  });
  return { groups, complete };
}
