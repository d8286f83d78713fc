import { describe, expect, it } from 'vitest';
import { augment, checkAugmentation } from './augment.ts';

const shape = { height: 5, width: 4, channels: 3 };
const size = 60;
const source = Uint8Array.from({ length: 2 * size }, (_, i) => i + 1);

/** What augment must do, written pixel by pixel. */
function moved(flip: boolean, dx: number, dy: number): number[] {
  const out: number[] = [];
  for (let y = 0; y < 5; y++)
    for (let x = 0; x < 4; x++) {
      const fromX = (flip ? 3 - x : x) + dx;
      const fromY = y + dy;
      for (let c = 0; c < 3; c++) {
        const inside = fromX >= 0 && fromX < 4 && fromY >= 0 && fromY < 5;
        out.push(inside ? source[size + (fromY * 4 + fromX) * 3 + c] : 0);
      }
    }
  return out;
}

describe('augment', () => {
  it('gives every flip and shift within the padding, each exactly, and nothing else', () => {
    const wanted = new Map<string, string>();
    for (const flip of [false, true])
      for (let dx = -1; dx <= 1; dx++)
        for (let dy = -1; dy <= 1; dy++) wanted.set(moved(flip, dx, dy).join(), `${flip} ${dx} ${dy}`);
    expect(wanted.size).toBe(18);
    const seen = new Map<string, number>();
    for (let index = 0; index < 900; index++) {
      const out = new Uint8Array(3 * size).fill(77);
      augment(source, size, out, size, shape, { flip: true, crop: 1 }, { seed: 3, epoch: 1, index });
      expect(out.subarray(0, size).every((v) => v === 77) && out.subarray(2 * size).every((v) => v === 77)).toBe(true);
      const what = wanted.get([...out.subarray(size, 2 * size)].join());
      expect(what).toBeDefined();
      seen.set(what!, (seen.get(what!) ?? 0) + 1);
    }
    expect(seen.size).toBe(18);
    expect(Math.min(...seen.values())).toBeGreaterThan(20);
  });

  it('is a function of seed, epoch and index, and one option does not change another', () => {
    const run = (options: object, draw: object): string => {
      const out = new Uint8Array(size);
      augment(source, 0, out, 0, shape, options, { seed: 1, epoch: 1, index: 0, ...draw });
      return out.join();
    };
    expect(run({ flip: true, crop: 2 }, {})).toBe(run({ flip: true, crop: 2 }, {}));
    const epochs = new Set(Array.from({ length: 30 }, (_, epoch) => run({ flip: true, crop: 2 }, { epoch })));
    expect(epochs.size).toBeGreaterThan(10);
    expect(run({}, { index: 5 })).toBe(source.subarray(0, size).join());
  });

  it('makes at least 20,000 pictures of 32x32x3 a second', () => {
    const pixels = new Uint8Array(3072).fill(9);
    const out = new Uint8Array(3072);
    const big = { height: 32, width: 32, channels: 3 };
    const once = (index: number): void =>
      augment(pixels, 0, out, 0, big, { flip: true, crop: 4 }, { seed: 1, epoch: 1, index });
    for (let i = 0; i < 2000; i++) once(i);
    let best = 0;
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      for (let i = 0; i < 2000; i++) once(i);
      best = Math.max(best, 2000 / ((performance.now() - start) / 1000));
    }
    expect(best).toBeGreaterThan(20000);
  });

  it('refuses a crop as large as the picture', () => {
    expect(() => checkAugmentation({ crop: 4 }, 5, 4)).toThrow(
      "Expected a whole number of pixels from 0 to 3 for augmentation 'crop' but received 4",
    );
    expect(() => checkAugmentation({ crop: 3, flip: true }, 5, 4)).not.toThrow();
  });
});
