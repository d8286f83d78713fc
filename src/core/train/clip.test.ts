import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../backend/reference.ts';
import { createDataset } from '../dataset/dataset.ts';
import { channelStatistics } from '../dataset/statistics.ts';
import { flatten, linear, sequential } from '../model/builder.ts';
import { adapt } from '../model/spec.ts';
import { RandomStream } from '../random.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import type { FileTensor, Snapshot } from './state.ts';
import { runTraining } from './trainer.ts';

const random = new RandomStream(4, 'dataset');
const data = createDataset({
  name: 'noise',
  classNames: ['a', 'b', 'c'],
  height: 4,
  width: 4,
  channels: 1,
  pixels: Uint8Array.from({ length: 24 * 16 }, () => random.below(256)),
  labels: Int32Array.from({ length: 24 }, (_, i) => i % 3),
});
const model = adapt(sequential([flatten(), linear()]), { input: [4, 4, 1], classes: 3 });

/** How far the weights move in one step of plain gradient descent at rate 1: the gradients as they were clipped. */
async function gradients(changes: Partial<Recipe>): Promise<number[]> {
  const recipe = parseRecipe({
    version: 1,
    modelName: 'linear',
    model,
    optimizer: { type: 'sgd', momentum: 0 },
    loss: { type: 'softmaxCrossEntropy' },
    learningRate: 1,
    schedule: { type: 'constant' },
    epochs: 1,
    batch: 24,
    augmentation: {},
    seed: 1,
    val: 0,
    ...changes,
  });
  const start = new Map<string, FileTensor>([
    ['fc1.weight', { shape: [3, 16], data: Float32Array.from({ length: 48 }, (_, i) => ((i * 7) % 11) / 2 - 2) }],
    ['fc1.bias', { shape: [3], data: new Float32Array(3) }],
  ]);
  let last: Snapshot | undefined;
  await runTraining({
    engine: createReferenceEngine(),
    recipe,
    train: data,
    val: data,
    weights: start,
    preprocessing: channelStatistics(data),
    clock: () => 0,
    save: async (snapshot) => void (last = snapshot),
  });
  const { weights } = last as unknown as Snapshot;
  return [...start].flatMap(([name, { data: before }]) =>
    [...before].map((value, i) => value - (weights.get(name) as FileTensor).data[i]),
  );
}

const norm = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

describe('clipping', () => {
  it('scales all gradients to a norm, keeping their direction', async () => {
    const plain = await gradients({});
    expect(norm(plain)).toBeGreaterThan(0.5);
    const clipped = await gradients({ clip: { norm: 0.1 } });
    expect(norm(clipped)).toBeCloseTo(0.1, 4);
    clipped.forEach((value, i) => void expect(value / 0.1).toBeCloseTo(plain[i] / norm(plain), 3));
    // Small enough gradients stay as they are.
    (await gradients({ clip: { norm: 100 } })).forEach((value, i) => void expect(value).toBeCloseTo(plain[i], 5));
  });

  it('cuts elements, before the norm', async () => {
    const plain = await gradients({});
    const cut = await gradients({ clip: { value: 0.05 } });
    expect(Math.max(...plain.map(Math.abs))).toBeGreaterThan(0.1);
    cut.forEach((value, i) => void expect(value).toBeCloseTo(Math.max(-0.05, Math.min(0.05, plain[i])), 5));
    const both = await gradients({ clip: { value: 0.05, norm: 0.02 } });
    expect(norm(both)).toBeCloseTo(0.02, 5);
    both.forEach((value, i) => void expect(value / 0.02).toBeCloseTo(cut[i] / norm(cut), 3));
  });

  it('clips the sum over micro-batches, not each', async () => {
    const clip = { value: 0.08, norm: 0.3 };
    const whole = await gradients({ clip });
    (await gradients({ clip, microBatch: 5 })).forEach((value, i) => void expect(value).toBeCloseTo(whole[i], 5));
  });
});
