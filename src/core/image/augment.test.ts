import { describe, expect, it } from 'vitest';
import { createAugmenter } from './augment.ts';
import type { Augmentation } from './augmentation-spec.ts';

const shape = { height: 5, width: 4, channels: 3 };
const size = 60;
const source = Uint8Array.from({ length: 2 * size }, (_, i) => i + 1);

const cropFlip = (padding: number): Augmentation => ({
  version: 2,
  steps: [{ type: 'crop', padding }, { type: 'flip' }],
});
const flipCrop = (padding: number): Augmentation => ({
  version: 2,
  steps: [{ type: 'flip' }, { type: 'crop', padding }],
});

/** What a crop and then a flip must do, written pixel by pixel. */
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

/** The second picture of `source`, changed. */
function changed(augmentation: Augmentation, draw: { seed?: number; epoch?: number; index?: number } = {}): number[] {
  const out = new Uint8Array(3 * size).fill(77);
  createAugmenter(augmentation, shape)!.change(source, size, out, size, { seed: 1, epoch: 1, index: 0, ...draw });
  expect(out.subarray(0, size).every((v) => v === 77) && out.subarray(2 * size).every((v) => v === 77)).toBe(true);
  return [...out.subarray(size, 2 * size)];
}

describe('crop and flip', () => {
  it('give every flip and shift within the padding, each exactly, and nothing else', () => {
    const wanted = new Map<string, string>();
    for (const flip of [false, true])
      for (let dx = -1; dx <= 1; dx++)
        for (let dy = -1; dy <= 1; dy++) wanted.set(moved(flip, dx, dy).join(), `${flip} ${dx} ${dy}`);
    expect(wanted.size).toBe(18);
    const seen = new Map<string, number>();
    for (let index = 0; index < 900; index++) {
      const what = wanted.get(changed({ flip: true, crop: 1 }, { seed: 3, index }).join());
      expect(what).toBeDefined();
      seen.set(what!, (seen.get(what!) ?? 0) + 1);
    }
    expect(seen.size).toBe(18);
    expect(Math.min(...seen.values())).toBeGreaterThan(20);
  });

  it('keep the bits of the recipes of old', () => {
    // Sums of value x place, from the first version of this function, before there were other augmentations.
    const sums = Array.from({ length: 12 }, (_, index) =>
      changed({ flip: true, crop: 2 }, { seed: 5, epoch: 3, index }).reduce((sum, v, i) => sum + v * (i + 1), 0),
    );
    expect(sums).toEqual([121616, 66100, 145200, 81652, 48807, 182260, 115080, 157256, 81652, 68448, 157256, 68448]);
  });

  it('are the same in either form, together or alone, in one pass or two', () => {
    for (let index = 0; index < 60; index++) {
      const both = changed({ flip: true, crop: 2 }, { index });
      expect(changed(cropFlip(2), { index })).toEqual(both);
      // A step between them that changes nothing keeps them apart.
      const apart: Augmentation = {
        version: 2,
        steps: [{ type: 'crop', padding: 2 }, { type: 'rotate', degrees: 0 }, { type: 'flip' }],
      };
      expect(changed(apart, { index })).toEqual(both);
      const reversed: Augmentation = {
        version: 2,
        steps: [{ type: 'flip' }, { type: 'rotate', degrees: 0 }, { type: 'crop', padding: 2 }],
      };
      expect(changed(flipCrop(2), { index })).toEqual(changed(reversed, { index }));
    }
  });

  it('are a function of seed, epoch and index', () => {
    const run = (draw: object): string => changed({ flip: true, crop: 2 }, draw).join();
    expect(run({})).toBe(run({}));
    for (const name of ['seed', 'epoch', 'index']) {
      const seen = new Set(Array.from({ length: 30 }, (_, i) => run({ [name]: i })));
      expect(seen.size, name).toBeGreaterThan(10);
    }
  });

  it('make at least 20,000 pictures of 32x32x3 a second', () => {
    const pixels = new Uint8Array(3072).fill(9);
    const out = new Uint8Array(3072);
    const augmenter = createAugmenter({ flip: true, crop: 4 }, { height: 32, width: 32, channels: 3 })!;
    const once = (index: number): void => augmenter.change(pixels, 0, out, 0, { seed: 1, epoch: 1, index });
    for (let i = 0; i < 2000; i++) once(i);
    let best = 0;
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      for (let i = 0; i < 2000; i++) once(i);
      best = Math.max(best, 2000 / ((performance.now() - start) / 1000));
    }
    expect(best).toBeGreaterThan(20000);
    if (process.env.FOVEA_SHOW) console.log(`crop and flip: ${Math.round(best)} pictures/s`);
  });
});

describe('createAugmenter', () => {
  it('gives nothing where nothing changes', () => {
    for (const augmentation of [{}, { flip: false, crop: 0 }, { version: 2, steps: [] }] as Augmentation[]) {
      expect(createAugmenter(augmentation, shape)).toBeUndefined();
    }
  });

  it('draws for each step by itself: one does not change another', () => {
    for (let index = 0; index < 20; index++) {
      const alone = changed({ version: 2, steps: [{ type: 'noise' }] }, { index });
      const steps = [{ type: 'rotate', degrees: 0 }, { type: 'brightness', strength: 0 }, { type: 'noise' }];
      expect(changed({ version: 2, steps }, { index })).toEqual(alone);
    }
  });

  it('draws anew where a step comes twice', () => {
    const once = changed({ version: 2, steps: [{ type: 'noise' }] });
    const difference = once.map((value, i) => value - source[size + i]);
    const twice = changed({ version: 2, steps: [{ type: 'noise' }, { type: 'noise' }] });
    expect(twice.some((value, i) => value !== Math.min(255, Math.max(0, once[i] + difference[i])))).toBe(true);
  });

  it('refuses a crop as large as the picture', () => {
    expect(() => createAugmenter({ crop: 4 }, shape)).toThrow(
      "Expected a whole number of pixels from 0 to 3 for augmentation 'crop' but received 4",
    );
    expect(() => createAugmenter({ crop: 3, flip: true }, shape)).not.toThrow();
  });
});
