import type { Dataset } from './dataset.ts';

const known = new WeakMap<Dataset, string[]>();

/**
 * A hash of each picture's pixels as they lie in memory, 32 hex digits: four FNV-1a hashes, each over every fourth byte,
 * mixed together (the last steps are MurmurHash3's). Quick rather than secret: whoever needs certainty compares the pixels.
 * Kept once computed.
 */
export function contentHashes(dataset: Dataset): readonly string[] {
  let hashes = known.get(dataset);
  if (!hashes) {
    const { pixels, count } = dataset;
    hashes = Array.from({ length: count }, (_, i) => pixels.hashAt?.(i) ?? contentHash(pixels.at(i)));
    known.set(dataset, hashes);
  }
  return hashes;
}

/** The hash of one picture. */
export function contentHash(picture: Uint8Array): string {
  let [a, b, c, d] = [0x811c9dc5, 0x811c9dc6, 0x811c9dc7, 0x811c9dc8];
  const end = picture.length;
  let at = 0;
  for (; at + 3 < end; at += 4) {
    a = Math.imul(a ^ picture[at], 0x01000193);
    b = Math.imul(b ^ picture[at + 1], 0x01000193);
    c = Math.imul(c ^ picture[at + 2], 0x01000193);
    d = Math.imul(d ^ picture[at + 3], 0x01000193);
  }
  for (; at < end; at++) a = Math.imul(a ^ picture[at], 0x01000193);
  const first = mix(a + mix(b + mix(c + mix(d))));
  const second = mix(b + first);
  const third = mix(c + second);
  return hex(first) + hex(second) + hex(third) + hex(mix(d + third));
}

const mix = (value: number): number => {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/** A picture of one of several data sets. */
export interface Place {
  readonly set: number;
  readonly index: number;
}

/** Pictures with the same pixels, two or more in a group, within and across data sets of one picture size. */
export function samePictures(sets: readonly Dataset[], hashes = sets.map(contentHashes)): Place[][] {
  const byHash = new Map<string, Place[][]>();
  sets.forEach((dataset, set) => {
    for (let index = 0; index < dataset.count; index++) {
      const place = { set, index };
      const candidates = byHash.get(hashes[set][index]);
      if (!candidates) byHash.set(hashes[set][index], [[place]]);
      else {
        const same = candidates.find(([first]) => haveSamePixels(sets, first, place));
        if (same) same.push(place);
        else candidates.push([place]);
      }
    }
  });
  return [...byHash.values()].flat().filter((places) => places.length > 1);
}

function haveSamePixels(sets: readonly Dataset[], first: Place, second: Place): boolean {
  const [a, b] = [sets[first.set], sets[second.set]];
  if (a.pixels.size !== b.pixels.size) return false;
  const kept = a.pixels.at(first.index).slice();
  const other = b.pixels.at(second.index);
  return kept.every((value, i) => value === other[i]);
}
