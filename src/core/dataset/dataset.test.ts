import { describe, expect, it } from 'vitest';
import { createAugmenter } from '../image/augment.ts';
import { batchCount, epochOrder, fileOrder, fillBatch } from './batches.ts';
import { chooseSize, pictureSizes } from './choose-size.ts';
import { classCounts, createDataset, type Dataset, resized, subset } from './dataset.ts';
import { hashDataset } from './hash.ts';
import { naturalOrder } from './natural-order.ts';
import { copyPixels, memoryPixels } from './pixels.ts';
import { channelStatistics } from './statistics.ts';

/** `count` pictures of 2x2x1 whose pixels are all their index; labels as given. */
function make(labels: number[], classes = 3): Dataset {
  return createDataset({
    name: 'made',
    classNames: Array.from({ length: classes }, (_, i) => `c${i}`),
    height: 2,
    width: 2,
    channels: 1,
    pixels: Uint8Array.from(labels.flatMap((_, i) => [i, i, i, i])),
    labels: Int32Array.from(labels),
    origins: labels.map((_, i) => `p${i}`),
  });
}

describe('createDataset', () => {
  it('refuses what does not fit', () => {
    const good = make([0, 1, 2]);
    expect(() => createDataset({ ...good, classNames: ['one'] })).toThrow(
      /at least 2 classes for data set 'made' but received 1/,
    );
    expect(() => createDataset({ ...good, labels: new Int32Array() })).toThrow(/at least one picture/);
    expect(() => createDataset({ ...good, pixels: new Uint8Array(11) })).toThrow(/3 pictures of 2x2x1 .* 11 bytes/);
    expect(() => createDataset({ ...good, labels: Int32Array.from([0, 1, 3]) })).toThrow(
      /a label from 0 to 2 for picture 2 .* received 3/,
    );
    expect(() => createDataset({ ...good, labels: Int32Array.from([0, -1, 2]) })).toThrow(/received -1/);
    expect(() => createDataset({ ...good, origins: ['a'] })).toThrow(/3 origins/);
  });

  it('takes subsets in the given order, with origins', () => {
    const part = subset(make([0, 1, 2, 1]), [3, 0]);
    expect([[...part.labels], part.origins, part.pixels.at(0)[0], part.count]).toEqual([[1, 0], ['p3', 'p0'], 3, 2]);
    expect(classCounts(make([0, 1, 2, 1]))).toEqual([1, 2, 1]);
  });

  it('resizes and converts all pictures', () => {
    const wide = resized(make([0, 1]), { height: 3, width: 5, channels: 3 });
    expect([wide.height, wide.width, wide.channels, wide.pixels.count * wide.pixels.size]).toEqual([3, 5, 3, 90]);
    expect([wide.pixels.at(0)[0], wide.pixels.at(1)[44]]).toEqual([0, 1]);
    const same = make([0, 1]);
    expect(resized(same, { height: 2, width: 2 })).toBe(same);
  });
});

describe('hashDataset', () => {
  it('is of the content: same content same hash, any change another', async () => {
    const base = make([0, 1, 2]);
    const hash = await hashDataset(base);
    // Computed in Python from the definition.
    expect(hash).toBe('sha256:1a759bbfd46b1f224d64cb2f0adcefc6e4c557cfec63900a7fda1fe20e67d92c');
    expect(await hashDataset(make([0, 1, 2]))).toBe(hash);
    expect(await hashDataset({ ...base, name: 'x', origins: undefined })).toBe(hash);
    const others = [
      make([0, 1, 1]),
      { ...base, classNames: ['c0', 'c1', 'c3'] },
      { ...base, height: 1, width: 4 },
      {
        ...base,
        pixels: memoryPixels(
          copyPixels(base.pixels).map((v, i) => (i === 11 ? v + 1 : v)),
          4,
        ),
      },
    ];
    const hashes = await Promise.all(others.map((other) => hashDataset(other)));
    expect(new Set([hash, ...hashes]).size).toBe(5);
  });
});

describe('channelStatistics', () => {
  it('gives mean and deviation of each channel, 255 = 1', () => {
    const pixels = Uint8Array.from([0, 255, 51, 255, 255, 51]);
    const { mean, std } = channelStatistics(
      createDataset({
        name: 'x',
        classNames: ['a', 'b'],
        height: 1,
        width: 1,
        channels: 3,
        pixels,
        labels: Int32Array.from([0, 1]),
      }),
    );
    expect(mean).toEqual([0.5, 1, 0.2]);
    expect(std).toEqual([0.5, 0, 0]);
  });
});

describe('batches', () => {
  it('visits every picture once an epoch, in another order each', () => {
    const first = epochOrder(1000, 1, 1);
    expect([...first].sort((a, b) => a - b)).toEqual([...fileOrder(1000)]);
    expect([...first]).toEqual([...epochOrder(1000, 1, 1)]);
    expect([...first]).not.toEqual([...epochOrder(1000, 1, 2)]);
    expect([...first]).not.toEqual([...epochOrder(1000, 2, 1)]);
    // Computed in Python from the definition of the stream; changing it changes every trained weight.
    expect([...epochOrder(10, 1, 1)]).toEqual([4, 6, 9, 2, 1, 0, 3, 8, 5, 7]);
  });

  it('keeps the last partial batch and writes nothing behind it', () => {
    const dataset = make([0, 1, 2, 1, 0]);
    const pixels = new Uint8Array(8).fill(99);
    const labels = new Int32Array(2).fill(99);
    expect(batchCount(5, 2)).toBe(3);
    const order = Uint32Array.from([4, 3, 2, 1, 0]);
    expect(fillBatch(dataset, order, 0, 2, pixels, labels)).toBe(2);
    expect([[...pixels], [...labels]]).toEqual([
      [4, 4, 4, 4, 3, 3, 3, 3],
      [0, 1],
    ]);
    expect(fillBatch(dataset, order, 4, 2, pixels, labels)).toBe(1);
    expect([[...pixels], [...labels]]).toEqual([
      [0, 0, 0, 0, 3, 3, 3, 3],
      [0, 1],
    ]);
  });

  it('augments by the picture, not by its place in the batch', () => {
    const dataset = resized(make([0, 1, 2, 1, 0, 2]), { height: 6, width: 6 });
    const changes = { augmenter: createAugmenter({ flip: true, crop: 2 }, dataset)!, seed: 1, epoch: 3 };
    const run = (order: number[]): Uint8Array => {
      const pixels = new Uint8Array(order.length * 36);
      fillBatch(dataset, Uint32Array.from(order), 0, order.length, pixels, new Int32Array(order.length), changes);
      return pixels;
    };
    expect([...run([5, 2]).subarray(36)]).toEqual([...run([2])]);
  });
});

describe('naturalOrder', () => {
  it('counts runs of digits as numbers and is total', () => {
    const names = [
      '10',
      '2',
      '1',
      'b',
      'a10',
      'a2',
      'A',
      'a',
      '02',
      '',
      'a2b',
      '100000000000000000000001',
      '100000000000000000000000',
    ];
    expect([...names].sort(naturalOrder)).toEqual([
      '',
      '1',
      '02',
      '2',
      '10',
      '100000000000000000000000',
      '100000000000000000000001',
      'A',
      'a',
      'a2',
      'a2b',
      'a10',
      'b',
    ]);
  });
});

describe('chooseSize', () => {
  const uniform = (height: number, width: number) => pictureSizes(new Array(10).fill({ height, width }));
  it.each([
    [28, 28, 60000, 28],
    [32, 32, 500, 32],
    [64, 64, 500, 64],
    [150, 150, 1768, 64],
    [150, 150, 500, 128],
    [3000, 4000, 100, 128],
    [3000, 4000, 50000, 64],
    [70, 90, 500, 64],
  ])('%ix%i, %i pictures: %i', (height, width, count, side) => {
    const chosen = chooseSize(uniform(height, width), count);
    expect([chosen.height, chosen.width]).toEqual([side, side]);
    expect(chosen.why).toMatch(/^Input size \d+x\d+: .*\.$/);
  });
  it('keeps a small uniform size that is no square', () => {
    expect(chooseSize(uniform(24, 48), 100)).toMatchObject({ height: 24, width: 48 });
  });
  it('makes mixed sizes square by the median of the shorter sides', () => {
    const mixed = pictureSizes([
      { height: 50, width: 300 },
      { height: 120, width: 100 },
      { height: 99, width: 140 },
    ]);
    expect(mixed).toEqual({ sampled: 3, uniform: undefined, medianSide: 99 });
    expect(chooseSize(mixed, 100)).toMatchObject({ height: 96, width: 96 });
  });
});
