import { coarsePairs } from './coarse-pairs.ts';
import { createDisjointSets } from './disjoint-sets.ts';
import { perceptualHash, thumbnailSide } from './perceptual-hash.ts';

/** What pictures are compared by. */
export interface Likenesses {
  readonly count: number;
  /** 32x32 grey levels; may be overwritten by the next call. */
  thumbnail(index: number): Uint8Array;
  /** The shorter side of the whole picture. */
  side(index: number): number;
}

/**
 * Bits of 64 in which the hashes of one picture, encoded twice, may differ. JPEG of quality 50 and 75 and WebP of 75 on
 * CIFAR-10 change at most 6, 6 and 8 in 999 of 1,000 pictures.
 */
const mostBits = 8;

/**
 * Pairs that are looked at closely, for each picture on average: where pictures are nothing but noise or nearly blank, all
 * are coarsely the same, and all pairs of 25,000 would take days.
 */
const mostPairs = 20;
/** Thumbnails that are kept meanwhile: 32 MiB. */
const mostThumbnails = 32_768;

/**
 * Groups of pictures that look the same, directly or through others: coarsely the same, with perceptual hashes within 8 of
 * 64 bits, and alike pixel by pixel of their thumbnails. Members ascend; groups in the order of their first member.
 * @param onIncomplete called where too many pictures are coarsely the same to compare them all.
 */
export function similarGroups(pictures: Likenesses, onIncomplete?: () => void): number[][] {
  const sets = createDisjointSets(pictures.count);
  // Few pictures are coarsely like any other: hashes are made where they are wanted.
  const hashes = new Map<number, HashWords>();
  const hashOf = (i: number, thumbnail: Uint8Array): HashWords => {
    let known = hashes.get(i);
    if (!known) hashes.set(i, (known = wordsOf(perceptualHash(thumbnail))));
    return known;
  };
  // Making a thumbnail costs a thousand times what comparing two does.
  const thumbnails = new Map<number, Uint8Array>();
  const thumbnailOf = (i: number): Uint8Array => {
    const known = thumbnails.get(i);
    if (known) return known;
    if (thumbnails.size === mostThumbnails) thumbnails.clear();
    const made = pictures.thumbnail(i).slice();
    thumbnails.set(i, made);
    return made;
  };
  let pairs = mostPairs * (pictures.count + 1000);
  const complete = coarsePairs(
    pictures.count,
    (i) => pictures.thumbnail(i),
    (a, b, largest) => {
      if (sets.together(a, b)) return true;
      if (--pairs < 0) return false;
      const first = thumbnailOf(a);
      const second = thumbnailOf(b);
      if (bitsApart(hashOf(a, first), hashOf(b, second)) > mostBits) return true;
      if (looksSame(first, second, Math.min(pictures.side(a), pictures.side(b)), largest)) sets.join(a, b);
      return true;
    },
  );
  if (!complete) onIncomplete?.();
  return sets.groups();
}

/** From this noise on, in grey levels, no block may differ by more than that. */
const muchNoise = 5;
const mostOfOneBlock = 6;

/**
 * Whether two thumbnails that are coarsely the same show one picture: alike in shape and, brightness aside, within the
 * noise that encoding again leaves. That noise shrinks as a large picture is brought to 32x32: from 10 levels at 32 pixels
 * to no less than 3. Much noise is noise of single pixels; what moves a whole block as well is another picture.
 */
function looksSame(a: Uint8Array, b: Uint8Array, side: number, largest: number): boolean {
  const noise = Math.max(3, Math.min(12, (10 * thumbnailSide) / side));
  const { difference, correlation } = compareThumbnails(a, b);
  return difference <= noise && correlation >= 0.9 && (difference <= muchNoise || largest <= mostOfOneBlock);
}

/** Root mean square difference in grey levels, brightness aside, and the correlation, -1 … 1 (0 for a flat one). */
function compareThumbnails(a: Uint8Array, b: Uint8Array): { difference: number; correlation: number } {
  const count = thumbnailSide * thumbnailSide;
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [x, y] = [a[i], b[i]];
    sumA += x;
    sumB += y;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  const varianceA = squaresA - (sumA * sumA) / count;
  const varianceB = squaresB - (sumB * sumB) / count;
  const covariance = products - (sumA * sumB) / count;
  const scale = Math.sqrt(varianceA * varianceB);
  return {
    difference: Math.sqrt(Math.max(0, varianceA + varianceB - 2 * covariance) / count),
    correlation: scale > 0 ? covariance / scale : 0,
  };
}

type HashWords = readonly [high: number, low: number];

const wordsOf = (hash: string): HashWords => [
  Number.parseInt(hash.slice(0, 8), 16),
  Number.parseInt(hash.slice(8), 16),
];

const bitsApart = (a: HashWords, b: HashWords): number => bitCount(a[0] ^ b[0]) + bitCount(a[1] ^ b[1]);

/** Bits set in 32. Source: Warren, Hacker's Delight, section 5-1. */
function bitCount(x: number): number {
  x -= (x >>> 1) & 0x55555555;
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}
