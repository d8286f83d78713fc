import type { Interval } from './bootstrap.ts';
import { holm } from './holm.ts';
import { wilsonInterval } from './interval.ts';
import { normalShare } from './normal.ts';

/** A property by which pictures are told apart: a number, or a word, for each; undefined where it is not known. */
export interface SliceBy {
  /** `brightness`, `folder`, a column's title. */
  readonly name: string;
  readonly values: readonly (number | string | undefined)[];
  /** How numbers are told, with their unit. Default: three digits. */
  readonly format?: (value: number) => string;
}

/** Pictures that are alike in one property. */
export interface Slice {
  readonly by: string;
  /** `41 to 87`, or the word. */
  readonly value: string;
  readonly images: number;
  readonly accuracy: number;
  /** 95 %, Wilson. */
  readonly interval: Interval;
  /** Accuracy here less that on all other pictures. */
  readonly difference: number;
  /** Chance of as large a difference were there none, times the number of slices (Holm); below 0.05 it is `real`. */
  readonly p: number;
  readonly real: boolean;
}

/** With fewer pictures a slice says nothing. */
const fewest = 10;
/** Words of one property that are slices; the rest is left out. */
const mostWords = 50;
const bins = 4;

/**
 * Accuracy within slices, the surely worst first: by the upper end of the interval, so that a few unlucky pictures do not
 * come before many bad ones. Numbers are cut into quarters of equally many pictures.
 * @param right 1 where a picture's answer is right, else 0.
 */
export function sliceAccuracy(right: ArrayLike<number>, properties: readonly SliceBy[]): Slice[] {
  const images = right.length;
  let hits = 0;
  for (let i = 0; i < images; i++) hits += right[i];
  const found = properties.flatMap((property) =>
    membersOf(property).flatMap(({ value, members }) => {
      if (members.length < fewest || members.length === images) return [];
      const own = members.reduce((sum, i) => sum + right[i], 0);
      const others = images - members.length;
      const difference = own / members.length - (hits - own) / others;
      const spread = (hits / images) * (1 - hits / images) * (1 / members.length + 1 / others);
      const p = spread > 0 ? 2 * (1 - normalShare(Math.abs(difference) / Math.sqrt(spread))) : 1;
      const interval = wilsonInterval(own, members.length);
      return [
        { by: property.name, value, images: members.length, accuracy: own / members.length, interval, difference, p },
      ];
    }),
  );
  const corrected = holm(found.map(({ p }) => p));
  return found
    .map((slice, i) => ({ ...slice, p: corrected[i], real: corrected[i] < 0.05 }))
    .sort((a, b) => a.interval[1] - b.interval[1] || a.accuracy - b.accuracy);
}

function membersOf({ values, format = brief }: SliceBy): { value: string; members: number[] }[] {
  const known = values.map((_, i) => i).filter((i) => values[i] !== undefined);
  const isNumeric = known.length > 0 && known.every((i) => typeof values[i] === 'number');
  const distinct = new Set(known.map((i) => values[i]));
  if (!isNumeric || distinct.size <= bins) {
    const groups = new Map<string, number[]>();
    for (const i of known) {
      const value = values[i];
      const word = typeof value === 'number' ? format(value) : String(value);
      const members = groups.get(word);
      if (members) members.push(i);
      else groups.set(word, [i]);
    }
    return [...groups]
      .map(([value, members]) => ({ value, members }))
      .sort((a, b) => b.members.length - a.members.length || (a.value < b.value ? -1 : 1))
      .slice(0, mostWords);
  }
  const numbers = values as readonly number[];
  const order = known.sort((a, b) => numbers[a] - numbers[b] || a - b);
  const slices: { value: string; members: number[] }[] = [];
  for (let bin = 0, start = 0; bin < bins && start < order.length; bin++) {
    let end = Math.round(((bin + 1) * order.length) / bins);
    // Equal numbers stay together.
    while (end > start && end < order.length && numbers[order[end]] === numbers[order[end - 1]]) end++;
    if (end <= start) continue;
    const members = order.slice(start, end);
    const [low, high] = [format(numbers[members[0]]), format(numbers[members[members.length - 1]])];
    slices.push({ value: low === high ? low : `${low} to ${high}`, members });
    start = end;
  }
  return slices;
}

const brief = (value: number): string => String(Number(value.toPrecision(3)));
