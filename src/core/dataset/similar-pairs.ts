import { thumbnailSide } from './perceptual-hash.ts';

/** What pictures are compared by. */
export interface Likeness {
  readonly width: number;
  readonly height: number;
  readonly perceptualHash: string;
  readonly thumbnail: Uint8Array;
}

/**
 * Bits of 64 in which the hashes of one picture, encoded twice, may differ. JPEG of quality 50 and 75 and WebP of 75 on
 * CIFAR-10 change at most 6, 6 and 8 in 999 of 1,000 pictures.
 */
const mostBits = 8;

/**
 * Pairs of indices a < b whose pictures look the same. Candidates are all pairs within 8 of 64 bits, found exactly
 * without comparing all: of two such hashes one of the four 16-bit words differs in at most 2 bits,
 * so each word is looked up with up to 2 bits changed. Source: Norouzi, Punjani, Fleet, Fast Search in Hamming Space
 * with Multi-Index Hashing, CVPR 2012.
 */
export function similarPairs(pictures: readonly Likeness[]): [number, number][] {
  const { words, high, low } = splitHashes(pictures);
  const pairs: [number, number][] = [];
  const count = pictures.length;
  const seenBy = new Int32Array(count).fill(-1);
  const masks = flips();
  const coarse = coarseness(pictures);
  const buckets = words.map((word) => bucketsOf(word));
  for (let a = 0; a < count; a++) {
    for (let w = 0; w < words.length; w++) {
      const { starts, members } = buckets[w];
      const value = words[w][a];
      for (const mask of masks) {
        const key = value ^ mask;
        for (let at = starts[key]; at < starts[key + 1]; at++) {
          const b = members[at];
          // Each pair once, from its smaller index.
          if (b <= a || seenBy[b] === a) continue;
          seenBy[b] = a;
          if (bitCount(high[a] ^ high[b]) + bitCount(low[a] ^ low[b]) > mostBits) continue;
          if (!coarselySame(coarse, a, b)) continue;
          if (looksSame(pictures[a], pictures[b])) pairs.push([a, b]);
        }
      }
    }
  }
  return pairs;
}

/** Blocks along each side of a thumbnail, and pixels along each side of a block. */
const blocks = 8;
const blockSide = thumbnailSide / blocks;

/**
 * Limits in grey levels for means of 4x4 blocks, overall brightness aside. Encoding again moves single pixels much and
 * the mean of a block little; another picture moves blocks. On CIFAR-10, JPEG of quality 50 stays below 1.9 (root mean
 * square) and 7.5 (largest) in 999 of 1,000 pictures.
 */
const mostCoarse = 4.5;
const mostOfOneBlock = 16;

/** 64 block means of each picture less its overall mean. */
function coarseness(pictures: readonly Likeness[]): Float32Array {
  const size = blocks * blocks;
  const means = new Float32Array(pictures.length * size);
  pictures.forEach(({ thumbnail }, picture) => {
    const own = means.subarray(picture * size, (picture + 1) * size);
    let all = 0;
    for (let y = 0; y < thumbnailSide; y++) {
      for (let x = 0; x < thumbnailSide; x++) {
        const level = thumbnail[y * thumbnailSide + x];
        own[Math.floor(y / blockSide) * blocks + Math.floor(x / blockSide)] += level / (blockSide * blockSide);
        all += level;
      }
    }
    const mean = all / (thumbnailSide * thumbnailSide);
    for (let i = 0; i < size; i++) own[i] -= mean;
  });
  return means;
}

function coarselySame(means: Float32Array, a: number, b: number): boolean {
  const size = blocks * blocks;
  const [fromA, fromB] = [a * size, b * size];
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const difference = means[fromA + i] - means[fromB + i];
    squares += difference * difference;
    if (squares > mostCoarse * mostCoarse * size || Math.abs(difference) > mostOfOneBlock) return false;
  }
  return true;
}

/**
 * Whether two thumbnails show one picture: alike in shape and, brightness aside, within the noise that encoding again
 * leaves. That noise shrinks as a large picture is brought to 32x32: from 10 levels at 32 pixels to no less than 3.
 */
function looksSame(a: Likeness, b: Likeness): boolean {
  const side = Math.min(a.width, a.height, b.width, b.height);
  const noise = Math.max(3, Math.min(12, (10 * thumbnailSide) / side));
  const { difference, correlation } = compareThumbnails(a.thumbnail, b.thumbnail);
  return difference <= noise && correlation >= 0.9;
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

function splitHashes(pictures: readonly Likeness[]): { words: Uint16Array[]; high: Int32Array; low: Int32Array } {
  const words = Array.from({ length: 4 }, () => new Uint16Array(pictures.length));
  const high = new Int32Array(pictures.length);
  const low = new Int32Array(pictures.length);
  pictures.forEach(({ perceptualHash }, i) => {
    for (let w = 0; w < 4; w++) words[w][i] = Number.parseInt(perceptualHash.slice(4 * w, 4 * w + 4), 16);
    high[i] = (words[0][i] << 16) | words[1][i];
    low[i] = (words[2][i] << 16) | words[3][i];
  });
  return { words, high, low };
}

/** Indices by word: those of word w are `members[starts[w]]` up to `members[starts[w + 1] - 1]`, ascending. */
function bucketsOf(word: Uint16Array): { starts: Int32Array; members: Int32Array } {
  const starts = new Int32Array(65537);
  for (const value of word) starts[value + 1]++;
  for (let value = 0; value < 65536; value++) starts[value + 1] += starts[value];
  const next = starts.slice();
  const members = new Int32Array(word.length);
  word.forEach((value, i) => {
    members[next[value]++] = i;
  });
  return { starts, members };
}

/** All 16-bit words with at most 2 bits set: 1 + 16 + 120. */
function flips(): Uint16Array {
  const masks = [0];
  for (let a = 0; a < 16; a++) {
    masks.push(1 << a);
    for (let b = a + 1; b < 16; b++) masks.push((1 << a) | (1 << b));
  }
  return Uint16Array.from(masks);
}

/** Bits set in 32. Source: Warren, Hacker's Delight, section 5-1. */
function bitCount(x: number): number {
  x -= (x >>> 1) & 0x55555555;
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}
