import { describe, expect, it } from 'vitest';
import { createDataset } from '../dataset/dataset.ts';
import { RandomStream } from '../random.ts';
import { patchCovariance, whiteningFilters, whitenWeights } from './whitening.ts';

const random = new RandomStream(3, 'dataset');
const shape = { height: 9, width: 8, channels: 3 } as const;
/** Neighbours and channels resemble each other, as in photographs. */
const pixels = new Uint8Array(40 * 9 * 8 * 3);
for (let picture = 0; picture < 40; picture++) {
  const shade = random.below(120);
  for (let y = 0; y < 9; y++) {
    for (let x = 0; x < 8; x++) {
      for (let c = 0; c < 3; c++) {
        pixels[((picture * 9 + y) * 8 + x) * 3 + c] = shade + 9 * y + 4 * x * (c + 1) + random.below(30);
      }
    }
  }
}
const pictures = createDataset({ name: 'p', classNames: ['a', 'b'], ...shape, pixels, labels: new Int32Array(40) });
const preprocessing = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.25, 0.3] };

describe('patchCovariance', () => {
  it('is the mean of the products of pixels, normalised, in the order of the weights', () => {
    const covariance = patchCovariance(pictures, preprocessing, 2, 2);
    const at = (picture: number, y: number, x: number, c: number) =>
      (pixels[((picture * 9 + y) * 8 + x) * 3 + c] / 255 - preprocessing.mean[c]) / preprocessing.std[c];
    // Channel 2, row 1, column 0 with channel 0, row 0, column 1.
    let sum = 0;
    for (let picture = 0; picture < 40; picture++) {
      for (let y = 0; y < 8; y++) {
        for (let x = 0; x < 7; x++) sum += at(picture, y + 1, x, 2) * at(picture, y, x + 1, 0);
      }
    }
    const [a, b] = [2 * 4 + 2, 1];
    expect(covariance[a][b]).toBeCloseTo(sum / (40 * 8 * 7), 10);
    expect(covariance[b][a]).toBe(covariance[a][b]);
  });
});

describe('whiteningFilters', () => {
  const covariance = patchCovariance(pictures, preprocessing, 2, 2);
  const filters = whiteningFilters(covariance, 24);
  const filter = (i: number) => filters.subarray(12 * i, 12 * i + 12);

  it('give outputs without correlation, of variance λ / (λ + 0.0005)', () => {
    for (let i = 0; i < 12; i++) {
      for (let j = 0; j < 12; j++) {
        let product = 0;
        for (let a = 0; a < 12; a++)
          for (let b = 0; b < 12; b++) product += filter(i)[a] * covariance[a][b] * filter(j)[b];
        if (i !== j) expect(Math.abs(product), `${i} ${j}`).toBeLessThan(1e-5);
        // A direction of length 1 over √(λ + ε): the variance is 1 - ε / (λ + ε) = 1 - ε |w|².
        else expect(product).toBeCloseTo(1 - 5e-4 * filter(i).reduce((sum, w) => sum + w * w, 0), 5);
      }
    }
  });

  it('come with the largest eigenvalue first, and then once more negated', () => {
    const lengths = Array.from({ length: 12 }, (_, i) => filter(i).reduce((sum, w) => sum + w * w, 0));
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    for (let i = 0; i < 12; i++) expect(filter(12 + i)).toEqual(filter(i).map((w) => -w));
  });
});

it('whitenWeights writes only weights that ask for it', () => {
  const written = new Map<string, Float32Array>();
  const store = {
    readPersistent: () => expect.fail('nothing is read'),
    writePersistent: (name: string, data: Float32Array) => void written.set(name, data),
  };
  const shared = { trainable: false, decay: true, permutation: [2, 3, 1, 0], fileShape: [24, 3, 2, 2] };
  const value = {} as never;
  whitenWeights(
    store,
    [
      { ...shared, value, name: 'a.weight', initialization: { kind: 'zeros' } },
      { ...shared, value, name: 'b.weight', initialization: { kind: 'whitening', fanIn: 12 } },
    ],
    pictures,
    preprocessing,
  );
  expect([...written.keys()]).toEqual(['b.weight']);
  const expected = whiteningFilters(patchCovariance(pictures, preprocessing, 2, 2), 24);
  // Filter 5, channel 1, row 0, column 1.
  expect(written.get('b.weight')![((0 * 2 + 1) * 3 + 1) * 24 + 5]).toBe(expected[5 * 12 + 1 * 4 + 0 * 2 + 1]);
});
