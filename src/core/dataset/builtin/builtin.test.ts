import { describe, expect, it } from 'vitest';
import { classCounts, pictureAt } from '../dataset.ts';
import { hashDataset } from '../hash.ts';
import { generateDigits } from './digits.ts';
import { drawShape, generateShapes, shapeNames } from './shapes.ts';

// Pinned: these are data sets that people publish results on. A change needs another name.
describe('generated data sets', () => {
  it.each([
    [
      'digits',
      generateDigits,
      [
        'sha256:b5af8e2670c4ff15f4b2172947a66bba9d5bb9423b6704c4e13679888989dc46',
        'sha256:b17d486ec830d4852daf9463c16779ad106e23734ac412beded16ddb5169ac8e',
      ],
    ],
    [
      'shapes',
      generateShapes,
      [
        'sha256:d0b31b84d01e116e6dab4c168dff7065ba4954d23251a2ec0095f521b603b3dd',
        'sha256:7224185cc3b1f272d1446584fb730830d3b40f4212844c0f43078b1763454151',
      ],
    ],
  ] as const)('%s are the same bits for ever', async (_, generate, expected) => {
    const { train, test } = generate({ train: 200, test: 50 });
    expect([await hashDataset(train!), await hashDataset(test!)]).toEqual(expected);
    expect(classCounts(train!)).toEqual(new Array(10).fill(20));
  });

  it.each([
    ['digits', generateDigits],
    ['shapes', generateShapes],
  ] as const)('%s: picture i does not depend on how many there are', (_, generate) => {
    const few = generate({ train: 10, test: 10 });
    const more = generate({ train: 30, test: 10 });
    expect(pictureAt(more.train!, 9).data).toEqual(pictureAt(few.train!, 9).data);
    expect(pictureAt(few.train!, 3).data).not.toEqual(pictureAt(few.test!, 3).data);
    expect(pictureAt(generate({ seed: 2, train: 10, test: 10 }).train!, 3).data).not.toEqual(
      pictureAt(few.train!, 3).data,
    );
  });

  it('has no two pictures alike', () => {
    const { train, test } = generateDigits({ train: 1000, test: 300 });
    const seen = new Set<string>();
    for (const part of [train!, test!]) for (let i = 0; i < part.count; i++) seen.add(pictureAt(part, i).data.join());
    expect(seen.size).toBe(1300);
  });

  it('digits are ink on black: something bright, mostly dark, whole in the picture', () => {
    const { train } = generateDigits({ train: 300, test: 10 });
    for (let i = 0; i < 300; i++) {
      const { data } = pictureAt(train!, i);
      expect(Math.max(...data)).toBeGreaterThan(110);
      expect(data.filter((v) => v > 100).length / 784).toBeLessThan(0.4);
      expect(data.filter((v) => v > 100).length).toBeGreaterThan(15);
    }
  });

  it('the mask of a shape covers the object: about as much of its box as the outline says', () => {
    for (let i = 0; i < 200; i++) {
      const { mask, label } = drawShape(1, 'train', i);
      const covered = mask.reduce((sum, v) => sum + v, 0) / 255;
      expect(covered).toBeGreaterThan(20);
      expect(covered).toBeLessThan(700);
      if (shapeNames[label] === 'ring') {
        const [x, y] = center(mask);
        expect(mask[Math.round(y) * 32 + Math.round(x)]).toBe(0);
      }
      if (['circle', 'square', 'cross', 'star', 'bar'].includes(shapeNames[label])) {
        const [x, y] = center(mask);
        expect(mask[Math.round(y) * 32 + Math.round(x)]).toBeGreaterThan(120);
      }
    }
  });
});

function center(mask: Uint8Array): [number, number] {
  let [sum, x, y] = [0, 0, 0];
  mask.forEach((v, i) => {
    sum += v;
    x += v * (i % 32);
    y += v * Math.floor(i / 32);
  });
  return [x / sum, y / sum];
}
