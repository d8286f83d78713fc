import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochOrder, fillBatch } from '../../src/core/dataset/batches.ts';
import { generateDigits } from '../../src/core/dataset/builtin/digits.ts';
import { createDataset } from '../../src/core/dataset/dataset.ts';
import { naturalOrder } from '../../src/core/dataset/natural-order.ts';
import { copyPixels } from '../../src/core/dataset/pixels.ts';
import { FoveaError } from '../../src/core/errors.ts';
import { idxImages, readIdx } from '../../src/core/formats/idx.ts';
import { readSafetensors } from '../../src/core/formats/safetensors.ts';
import type { Picture } from '../../src/core/image/picture.ts';
import { resize, resizeWeights } from '../../src/core/image/resize.ts';
import { openData } from '../../src/node/open-data.ts';
import { layOutTrashnet } from '../acceptance/trashnet.ts';
import { describeWithData, temporaryFolder } from '../test-data.ts';

const pictures = fc
  .record({
    width: fc.integer({ min: 1, max: 24 }),
    height: fc.integer({ min: 1, max: 24 }),
    channels: fc.constantFrom(1, 3),
  })
  .chain(({ width, height, channels }) =>
    fc
      .uint8Array({ minLength: width * height * channels, maxLength: width * height * channels })
      .map((data): Picture => ({ width, height, channels: channels as 1 | 3, data })),
  );

/** The resize of one plane in float64, both directions at once, from the definition of the weights. */
function resizeReference(
  plane: ArrayLike<number>,
  height: number,
  width: number,
  newHeight: number,
  newWidth: number,
): Float64Array {
  const down = resizeWeights(height, newHeight);
  const across = resizeWeights(width, newWidth);
  const out = new Float64Array(newHeight * newWidth);
  for (let y = 0; y < newHeight; y++)
    for (let x = 0; x < newWidth; x++)
      for (let i = 0; i < down.lengths[y]; i++)
        for (let j = 0; j < across.lengths[x]; j++)
          out[y * newWidth + x] +=
            down.weights[y * down.stride + i] *
            across.weights[x * across.stride + j] *
            plane[(down.starts[y] + i) * width + across.starts[x] + j];
  return out;
}

describe('resize', () => {
  it('is within one grey level of the float64 definition', () => {
    fc.assert(
      fc.property(
        pictures,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (picture, height, width) => {
          const { data } = resize(picture, height, width);
          for (let c = 0; c < picture.channels; c++) {
            const plane = picture.data.filter((_, i) => i % picture.channels === c);
            resizeReference(plane, picture.height, picture.width, height, width).forEach((value, i) => {
              expect(Math.abs(data[i * picture.channels + c] - value)).toBeLessThanOrEqual(1.01);
            });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("weights give PyTorch's antialiased bilinear result", () => {
    const file = new URL('../golden/data/structure.safetensors', import.meta.url);
    const { tensors } = readSafetensors(new Uint8Array(readFileSync(file)), 'structure.safetensors');
    const input = tensors.get('bilinear_antialias_8to3.a')!;
    const output = tensors.get('bilinear_antialias_8to3.output')!;
    const [, channels, height, width] = input.shape;
    const [, , newHeight, newWidth] = output.shape;
    for (let c = 0; c < channels; c++) {
      const plane = Array.from(input.data as Float32Array).slice(c * height * width, (c + 1) * height * width);
      resizeReference(plane, height, width, newHeight, newWidth).forEach((value, i) => {
        expect(Math.abs(value - Number(output.data[c * newHeight * newWidth + i]))).toBeLessThan(1e-6);
      });
    }
  });
});

describe('IDX', () => {
  it('whatever the bytes: pictures that fit their header, or an error of our form', async () => {
    const header = fc.tuple(
      fc.constantFrom(0, 0, 1),
      fc.constantFrom(8, 8, 13),
      fc.integer({ min: 0, max: 5 }),
      fc.uint8Array({ maxLength: 40 }),
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      header.map(([zero, type, rank, rest]) => Uint8Array.from([0, zero, type, rank, ...rest])),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        try {
          const { count, height, width, channels, pixels } = idxImages(await readIdx(content, 'f'), 'f');
          expect(pixels.length).toBe(count * height * width * channels);
        } catch (error) {
          expect(error).toBeInstanceOf(FoveaError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('orders', () => {
  it('an epoch in batches of any size is every picture once, with its own label', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 70 }),
        fc.integer({ min: 1, max: 80 }),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        (count, batchSize, seed, epoch) => {
          const dataset = createDataset({
            name: 'x',
            classNames: ['a', 'b', 'c'],
            height: 1,
            width: 2,
            channels: 1,
            pixels: Uint8Array.from({ length: 2 * count }, (_, i) => i >> 1),
            labels: Int32Array.from({ length: count }, (_, i) => i % 3),
          });
          const order = epochOrder(count, seed, epoch);
          const pixels = new Uint8Array(2 * batchSize);
          const labels = new Int32Array(batchSize);
          const seen: number[] = [];
          for (let start = 0; start < count; start += batchSize) {
            const n = fillBatch(dataset, order, start, batchSize, pixels, labels);
            for (let i = 0; i < n; i++) {
              expect([pixels[2 * i + 1], labels[i]]).toEqual([pixels[2 * i], pixels[2 * i] % 3]);
              seen.push(pixels[2 * i]);
            }
          }
          expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        },
      ),
    );
  });

  it('natural order is one total order, whatever the names', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'B', '0', '1', '9', '-', 'é'), maxLength: 6 });
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(Math.sign(naturalOrder(a, b)) + Math.sign(naturalOrder(b, a))).toBe(0);
        expect(naturalOrder(a, b) === 0).toBe(a === b);
        if (naturalOrder(a, b) < 0 && naturalOrder(b, c) < 0) expect(naturalOrder(a, c)).toBeLessThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('digits', () => {
  it('are too hard for a linear classifier', { timeout: 60000 }, () => {
    const { train, test } = generateDigits();
    const [trained, tested] = [copyPixels(train!.pixels), copyPixels(test!.pixels)];
    const size = 784;
    const weights = new Float64Array(10 * (size + 1));
    const scores = new Float64Array(10);
    const score = (pixels: Uint8Array, at: number): void => {
      for (let k = 0; k < 10; k++) {
        let sum = weights[k * (size + 1) + size];
        for (let i = 0; i < size; i++) sum += weights[k * (size + 1) + i] * pixels[at + i];
        scores[k] = sum;
      }
    };
    // Softmax regression by stochastic gradient descent, one picture a step, the rate falling to nothing.
    const epochs = 4;
    for (let epoch = 1; epoch <= epochs; epoch++) {
      epochOrder(train!.count, 1, epoch).forEach((index, step) => {
        const rate = 2e-6 * (1 - (epoch - 1 + step / train!.count) / epochs);
        score(trained, index * size);
        const largest = Math.max(...scores);
        const exponentials = scores.map((value) => Math.exp(value - largest));
        const sum = exponentials.reduce((a, b) => a + b, 0);
        for (let k = 0; k < 10; k++) {
          const gradient = exponentials[k] / sum - (train!.labels[index] === k ? 1 : 0);
          const row = k * (size + 1);
          for (let i = 0; i < size; i++) weights[row + i] -= rate * gradient * trained[index * size + i];
          weights[row + size] -= rate * gradient;
        }
      });
    }
    let right = 0;
    for (let i = 0; i < test!.count; i++) {
      score(tested, i * size);
      if (scores.indexOf(Math.max(...scores)) === test!.labels[i]) right++;
    }
    // It must learn something too, or the bound would say nothing.
    expect(right / test!.count).toBeGreaterThan(0.75);
    expect(right / test!.count).toBeLessThan(0.92);
  });
});

describeWithData('photos/trashnet150.tar', "TrashNet in its authors' split", (archive) => {
  it('lies in class folders and opens as them', { timeout: 60000 }, async () => {
    const folder = join(temporaryFolder(), 'trashnet');
    expect(layOutTrashnet(archive, folder)).toEqual({ train: 1768, val: 328, test: 431 });
    const { train, val, test, skipped } = await openData(folder, { size: 32 });
    expect([train!.count, val!.count, test!.count, skipped.length]).toEqual([1768, 328, 431, 0]);
    expect(train!.classNames).toEqual(['cardboard', 'glass', 'metal', 'paper', 'plastic', 'trash']);
  });
});
