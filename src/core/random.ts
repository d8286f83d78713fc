/**
 * Counter-based random numbers: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011). A value is a function of (seed, purpose, a, b) and nothing else, so shuffles, masks, initial
 * weights and augmentation can be computed again anywhere, in any order, on any number of threads.
 *
 * Key = (seed, purpose); counter = (block, a low, a high, b). The kernels have the same function in AssemblyScript.
 */

/** What a stream of random numbers is for. Fixed for ever: changing one changes every trained weight. */
export const purposes = { weights: 1, shuffle: 2, split: 3, dropout: 4, augment: 5, dataset: 6, sample: 7 } as const;
export type Purpose = keyof typeof purposes;

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function multiplyHigh(x: number, y: number): number {
  const xl = x & 0xffff;
  const xh = x >>> 16;
  const yl = y & 0xffff;
  const yh = y >>> 16;
  const low = xl * yl;
  const mid = xh * yl + (low >>> 16);
  const mid2 = xl * yh + (mid & 0xffff);
  return (xh * yh + Math.floor(mid / 65536) + (mid2 >>> 16)) >>> 0;
}

/** Ten rounds of Philox 4x32; `counter` and `out` hold four unsigned 32-bit words (may be the same array). */
export function philox(counter: ArrayLike<number>, key0: number, key1: number, out: Uint32Array): void {
  let [c0, c1, c2, c3] = [counter[0] >>> 0, counter[1] >>> 0, counter[2] >>> 0, counter[3] >>> 0];
  let k0 = key0 >>> 0;
  let k1 = key1 >>> 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(M0, c0);
    const low0 = Math.imul(M0, c0) >>> 0;
    const high1 = multiplyHigh(M1, c2);
    const low1 = Math.imul(M1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** FNV-1a hash of a name, so that a parameter or node id can select a stream. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A stream of numbers that all callers with equal (seed, purpose, a, b) see alike. */
export class RandomStream {
  private readonly counter = new Uint32Array(4);
  private readonly block = new Uint32Array(4);
  private position = 4;
  private readonly key0: number;
  private readonly key1: number;

  /** @param seed 0 … 2^32-1; @param a 0 … 2^53-1 (an epoch, an image index); @param b 0 … 2^32-1 (a name's hash). */
  constructor(seed: number, purpose: Purpose, a = 0, b = 0) {
    this.key0 = seed >>> 0;
    this.key1 = purposes[purpose];
    this.counter[1] = a >>> 0;
    this.counter[2] = Math.floor(a / 4294967296) >>> 0;
    this.counter[3] = b >>> 0;
  }

  /** A whole number in 0 … 2^32-1. */
  uint32(): number {
    if (this.position === 4) {
      philox(this.counter, this.key0, this.key1, this.block);
      this.counter[0]++;
      this.position = 0;
    }
    return this.block[this.position++];
  }

  /** A number in [0, 1) with 24 bits, exact in float32. */
  uniform(): number {
    return (this.uint32() >>> 8) / 16777216;
  }

  /** A whole number in 0 … limit-1, without bias; limit 1 … 2^32. */
  below(limit: number): number {
    const reject = 4294967296 - (4294967296 % limit);
    for (;;) {
      const value = this.uint32();
      if (value < reject) return value % limit;
    }
  }

  /** Shuffles in place (Fisher-Yates from the end). */
  shuffle<T extends { [index: number]: unknown; length: number }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
    return items;
  }
}
