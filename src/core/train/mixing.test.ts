import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../backend/reference.ts';
import { fillBatch } from '../dataset/batches.ts';
import { createDataset, type Dataset } from '../dataset/dataset.ts';
import { channelStatistics } from '../dataset/statistics.ts';
import { createAugmenter } from '../image/augment.ts';
import { parseAugmentation } from '../image/augmentation-spec.ts';
import { conv2d, flatten, linear, maxPool2d, relu, sequential } from '../model/builder.ts';
import { adapt } from '../model/spec.ts';
import { hashWeights } from '../model/weights.ts';
import { RandomStream } from '../random.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import { cutBatch } from './step.ts';
import { runTraining } from './trainer.ts';
import type { TrainingResult } from './training-job.ts';

/** Bright bars, upright or lying, on noise. */
function bars(count: number, seed: number): Dataset {
  const pixels = new Uint8Array(count * 64);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  for (let i = 0; i < count; i++) {
    const random = new RandomStream(seed, 'dataset', i);
    const place = random.below(8);
    for (let p = 0; p < 64; p++) {
      const on = labels[i] === 0 ? p % 8 === place : p >> 3 === place;
      pixels[i * 64 + p] = (on ? 160 : 0) + random.below(80);
    }
  }
  const classNames = ['upright', 'lying'];
  return createDataset({ name: 'bars', classNames, height: 8, width: 8, channels: 1, pixels, labels });
}

const train = bars(80, 1);
const val = bars(16, 2);
const draft = sequential([conv2d(4, { kernelSize: 3 }), relu(), maxPool2d(2), flatten(), linear()]);

const recipe = (changes: Partial<Recipe> = {}): Recipe => ({
  version: 1,
  modelName: 'tiny',
  model: adapt(draft, { input: [8, 8, 1], classes: 2 }),
  optimizer: { type: 'adamw', weightDecay: 0.01 },
  loss: { type: 'softmaxCrossEntropy' },
  learningRate: 0.03,
  schedule: { type: 'cosine', warmupSteps: 2 },
  epochs: 12,
  batch: 8,
  augmentation: parseAugmentation('mixup:0.2,cutmix'),
  seed: 5,
  val: 0,
  ...changes,
});

const trainBy = (changes: Partial<Recipe> = {}): Promise<TrainingResult> =>
  runTraining({
    engine: createReferenceEngine({ roundToFloat32: true }),
    recipe: recipe(changes),
    train,
    val,
    preprocessing: channelStatistics(train),
    clock: () => 0,
  });

describe('training on mixed pictures', () => {
  it('learns, with the same bits again', async () => {
    const [first, second] = [await trainBy(), await trainBy()];
    expect(first.best!.valAccuracy).toBeGreaterThan(0.9);
    expect(await hashWeights(second.lastWeights)).toBe(await hashWeights(first.lastWeights));
    expect(second.history).toEqual(first.history);
  });

  it('depends on what is mixed', async () => {
    const hashes = new Set<string>();
    for (const text of ['mixup:0.2,cutmix', 'mixup:0.2', 'cutmix', 'mixup:1']) {
      const { lastWeights } = await trainBy({ epochs: 1, augmentation: parseAugmentation(text) });
      hashes.add(await hashWeights(lastWeights));
    }
    expect(hashes.size).toBe(4);
  });

  it('takes micro-batches, class weights and label smoothing', async () => {
    const loss = { type: 'softmaxCrossEntropy', labelSmoothing: 0.1, classWeights: [1, 2] };
    const [whole, parts] = [await trainBy({ epochs: 2, loss }), await trainBy({ epochs: 2, loss, microBatch: 3 })];
    // Without batch norm and dropout they differ by rounding alone.
    expect(parts.history[1].valLoss).toBeCloseTo(whole.history[1].valLoss, 3);
    const plain = await trainBy({ epochs: 2 });
    expect(plain.history[1].valLoss).not.toBeCloseTo(whole.history[1].valLoss, 3);
  });
});

describe('shares of classes', () => {
  const targetsOf = (order: number[]): { pixels: Uint8Array; labels: Int32Array; targets: Float32Array } => {
    const n = order.length;
    const pixels = new Uint8Array(n * 64);
    const labels = new Int32Array(n);
    const targets = new Float32Array(n * 2).fill(9);
    const augmenter = createAugmenter(parseAugmentation('crop:1,mixup:1'), train)!;
    fillBatch(train, Uint32Array.from(order), 0, n, pixels, labels, { augmenter, seed: 1, epoch: 1, targets });
    return { pixels, labels, targets };
  };

  it('add up to 1, the larger being that of the label', () => {
    const order = Array.from({ length: 80 }, (_, i) => i);
    const { labels, targets } = targetsOf(order);
    const mixed = order.filter((i) => {
      expect(targets[2 * i] + targets[2 * i + 1]).toBeCloseTo(1, 6);
      expect(targets[2 * i + labels[i]]).toBeGreaterThanOrEqual(0.5);
      return targets[2 * i + labels[i]] < 0.999;
    });
    // Half of the partners are of the other class.
    expect(mixed.length).toBeGreaterThan(20);
    expect(mixed.length).toBeLessThan(60);
  });

  it('follow the picture, not its place in the batch', () => {
    const [both, one] = [targetsOf([7, 30]), targetsOf([30])];
    expect(both.pixels.subarray(64)).toEqual(one.pixels);
    expect(both.targets.subarray(2)).toEqual(one.targets);
  });

  it('are cut with the batch', () => {
    const { pixels, labels, targets } = targetsOf([1, 2, 3, 4, 5]);
    const parts = cutBatch({ n: 5, pixels, labels, targets }, 2);
    expect(parts.flatMap((part) => [...part.targets!])).toEqual([...targets]);
    for (const part of parts) expect(part.targets).toHaveLength(2 * part.n);
  });
});

describe('a recipe', () => {
  it('keeps either form of augmentation, and refuses what is unknown', () => {
    for (const augmentation of [{}, { flip: true, crop: 2 }, parseAugmentation('flip,affine:10,cutmix')]) {
      expect(parseRecipe(JSON.parse(JSON.stringify(recipe({ augmentation })))).augmentation).toEqual(augmentation);
    }
    const broken = { ...recipe(), augmentation: { version: 2, steps: [{ type: 'flop' }] } };
    expect(() => parseRecipe(broken)).toThrow("Did you mean 'flip'?");
    expect(() => parseRecipe({ ...recipe(), augmentation: { version: 3, steps: [] } })).toThrow("'augmentation'");
  });
});
