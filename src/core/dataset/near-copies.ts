import { toGrey } from '../image/channels.ts';
import { resize } from '../image/resize.ts';
import { type Dataset, pictureAt } from './dataset.ts';
import { thumbnailSide } from './perceptual-hash.ts';
import { similarGroups } from './similar.ts';

/**
 * Pictures that look the same, within and across data sets: equal, encoded again, scaled or slightly changed. Compared as
 * `fovea data split` does, but at the size that they are brought to for the model.
 * @param onIncomplete called where too many pictures look alike to compare them all.
 * @returns groups of numbers that count through the sets one after the other.
 */
export function nearCopies(sets: readonly Dataset[], onIncomplete?: () => void): number[][] {
  const begins: number[] = [0];
  for (const { count } of sets) begins.push(begins[begins.length - 1] + count);
  const placeOf = (index: number): readonly [set: Dataset, index: number] => {
    let set = 0;
    while (index >= begins[set + 1]) set++;
    return [sets[set], index - begins[set]];
  };
  const likenesses = {
    count: begins[sets.length],
    thumbnail: (index: number) => resize(toGrey(pictureAt(...placeOf(index))), thumbnailSide, thumbnailSide).data,
    side(index: number) {
      const [{ height, width }] = placeOf(index);
      return Math.min(height, width);
    },
  };
  return similarGroups(likenesses, onIncomplete);
}
