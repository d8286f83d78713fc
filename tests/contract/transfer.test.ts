/**
 * Frozen layers: that they stay as they are to the bit, that nothing is computed for their gradients, that what is kept
 * of them changes no bit, and that a training over several stages can be interrupted anywhere.
 */
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/backend/backend.ts';
import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import { createDataset, type Dataset } from '../../src/core/dataset/dataset.ts';
import { channelStatistics } from '../../src/core/dataset/statistics.ts';
import * as layer from '../../src/core/model/builder.ts';
import { adapt } from '../../src/core/model/spec.ts';
import { hashWeights } from '../../src/core/model/weights.ts';
import { RandomStream } from '../../src/core/random.ts';
import { planDrafts, prepareTraining } from '../../src/core/train/prepare.ts';
import type { Recipe } from '../../src/core/train/recipe.ts';
import { readSnapshot, type Snapshot, writeSnapshot } from '../../src/core/train/state.ts';
import { runTraining } from '../../src/core/train/trainer.ts';
import type { TrainingJob, TrainingResult } from '../../src/core/train/training-job.ts';
import { createEngine } from '../../src/node/engine.ts';

function blobs(count: number, seed: number): Dataset {
  const pixels = new Uint8Array(count * 12 * 12 * 3);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const random = new RandomStream(seed, 'dataset', i);
    labels[i] = i % 3;
    for (let p = 0; p < 432; p++) pixels[i * 432 + p] = (p % 3 === labels[i] ? 120 : 0) + random.below(100);
  }
  const classNames = ['red', 'green', 'blue'];
  return createDataset({ name: 'blobs', classNames, height: 12, width: 12, channels: 3, pixels, labels });
}

const train = blobs(45, 1);
const val = blobs(15, 2);
const norm = (id: string) => layer.batchNorm2d({ id });
const conv = (id: string, channels: number) => layer.conv2d(channels, { kernelSize: 3, padding: 1, id });
const model = adapt(
  layer.sequential([
    conv('stem.conv', 8),
    norm('stem.norm'),
    layer.relu({ id: 'stem.relu' }),
    layer.residual([conv('block.conv', 8), norm('block.norm')], [], { id: 'block.add' }),
    layer.relu({ id: 'block.relu' }),
    layer.maxPool2d(2, { id: 'pool' }),
    conv('last.conv', 12),
    norm('last.norm'),
    layer.relu({ id: 'last.relu' }),
    layer.globalAvgPool2d({ id: 'mean' }),
    layer.dropout(0.2, { id: 'drop' }),
    layer.linear(undefined, { id: 'fc' }),
  ]),
  { input: [12, 12, 3], classes: 3 },
);

const recipe = (changes: Partial<Recipe> = {}): Recipe => ({
  version: 1,
  modelName: 'small',
  model,
  optimizer: { type: 'adamw', weightDecay: 0.05 },
  loss: { type: 'softmaxCrossEntropy' },
  learningRate: 0.01,
  schedule: { type: 'cosine', warmupSteps: 2 },
  epochs: 4,
  batch: 10,
  augmentation: {},
  seed: 5,
  val: 0,
  ...changes,
});

const engines: Engine[] = [];
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

async function run(changes: Partial<TrainingJob> = {}, threads = 2): Promise<TrainingResult> {
  const engine = changes.engine ?? (await createEngine({ threads, inlineWork: 0 }));
  if (!changes.engine) engines.push(engine);
  let time = 0;
  const preprocessing = channelStatistics(train);
  return runTraining({ engine, recipe: recipe(), train, val, preprocessing, clock: () => (time += 10), ...changes });
}

/** What a result is, to the bit: weights and losses. */
const bitsOf = async ({ lastWeights, history }: TrainingResult): Promise<unknown> => ({
  weights: await hashWeights(lastWeights),
  history: history.map(({ seconds: _, ...record }) => record),
});

const trunk = { epoch: 1, frozen: 'last.norm' } as const;
const stages = [trunk, { epoch: 2, frozen: 'stem.relu' }, { epoch: 3 }] as const;

describe('frozen layers', () => {
  it('keep every weight and running statistic to the bit, while the others learn', async () => {
    const start = await run({ recipe: recipe({ epochs: 1 }) });
    const result = await run({ recipe: recipe({ epochs: 2, stages: [trunk] }), weights: start.lastWeights });
    for (const [name, { data }] of result.lastWeights) {
      const before = start.lastWeights.get(name)?.data;
      if (name.startsWith('fc.')) expect(data, name).not.toEqual(before);
      else expect(data, name).toEqual(before);
    }
  });

  it('have no gradients, no updates and no optimizer in any plan, and take less memory', () => {
    const preprocessing = channelStatistics(train);
    const images = { train: 45, val: 15 };
    const whole = prepareTraining(recipe(), preprocessing, images);
    const frozen = prepareTraining(recipe({ stages: [trunk] }), preprocessing, images);
    const calls = planDrafts(frozen).flatMap(({ plan }) => plan.calls);
    const worked = calls.filter(({ node }) => /grad|update/i.test(node)).map(({ node }) => node);
    expect(worked.length).toBeGreaterThan(0);
    expect(worked.filter((node) => /^(stem|block|pool|last)/.test(node))).toEqual([]);
    expect(frozen.training.stateNames).toEqual([
      'fc.weight.mean',
      'fc.weight.square',
      'fc.bias.mean',
      'fc.bias.square',
    ]);
    const bytes = (prepared: typeof whole): number =>
      Math.max(...planDrafts(prepared).map(({ plan }) => plan.workspaceBytes));
    expect(bytes(frozen)).toBeLessThan(0.6 * bytes(whole));
  });

  it('give the same bits whether what they compute is kept or not, for any number of threads', async () => {
    const flip = { flip: true, crop: 1 };
    for (const changes of [{}, { augmentation: flip }, { augmentation: flip, augmentedCopies: 2 }, { microBatch: 4 }]) {
      const given = recipe({ stages, ...changes });
      const kept = await bitsOf(await run({ recipe: given }));
      expect(await bitsOf(await run({ recipe: given, keepFeatures: false })), JSON.stringify(changes)).toEqual(kept);
      expect(await bitsOf(await run({ recipe: given }, 1)), JSON.stringify(changes)).toEqual(kept);
    }
  });

  it('compute what the whole model computes: the loss of a first step is that of the reference engine', async () => {
    const given = recipe({ stages: [trunk], epochs: 1 });
    const kernels = await run({ recipe: given });
    const reference = await run({ recipe: given, engine: createReferenceEngine({ roundToFloat32: true }) });
    expect(kernels.history[0].loss).toBeCloseTo(reference.history[0].loss, 5);
    expect(kernels.history[0].valLoss).toBeCloseTo(reference.history[0].valLoss, 5);
  });
});

describe('a loss that is not finite', () => {
  it('is traced to a layer, though what the frozen layers made of the pictures was not kept with them', async () => {
    const given = recipe({ stages: [trunk], learningRate: 3e38, optimizer: { type: 'sgd' }, epochs: 3 });
    await expect(run({ recipe: given })).rejects.toThrow(/Expected a finite loss.*layer .fc./);
  });
});

describe('a training in stages', () => {
  /** Stops after `steps` steps; the state is written to a file and read back. */
  async function interruptedAfter(steps: number, of: Recipe): Promise<Snapshot> {
    const stop = new AbortController();
    let saved: Snapshot | undefined;
    let done = 0;
    await run({
      recipe: of,
      signal: stop.signal,
      onEvent: ({ kind }) => void (kind === 'step' && ++done === steps && stop.abort()),
      save: async (snapshot) => void (saved = snapshot),
    });
    return readSnapshot(writeSnapshot(saved as Snapshot), 'state');
  }

  it('goes on from any step as if it had never stopped, also from either side of a change', async () => {
    for (const given of [recipe({ stages }), recipe({ stages, rateFactors: { trunk: 0.2 }, microBatch: 5 })]) {
      const whole = await bitsOf(await run({ recipe: given }));
      // 5 steps an epoch (of 45 pictures, the last batch has 5): the stages begin after 5 and after 10.
      for (const steps of [3, 4, 5, 6, 10, 13]) {
        const from = await interruptedAfter(steps, given);
        expect(await bitsOf(await run({ recipe: given, from })), `after ${steps}`).toEqual(whole);
      }
    }
  });

  it('tells what learns in each stage, and remembers nothing of what begins to', async () => {
    const told: unknown[] = [];
    const saved: Snapshot[] = [];
    await run({
      recipe: recipe({ stages }),
      onEvent: (event) => void (event.kind === 'stage' && told.push(event)),
      save: async (snapshot) => void saved.push(snapshot),
    });
    expect(told).toEqual([
      { kind: 'stage', epoch: 1, parameters: 39, frozenLayers: 12, kept: 'all' },
      { kind: 'stage', epoch: 2, parameters: 1539, frozenLayers: 3, kept: 'all' },
      { kind: 'stage', epoch: 3, parameters: 1779, frozenLayers: 0, kept: 'none' },
    ]);
    const [first, second] = saved;
    expect(first.optimizer.get('block.conv.weight.mean')?.every((value) => value === 0)).toBe(true);
    expect(first.optimizer.get('fc.weight.mean')?.some((value) => value !== 0)).toBe(true);
    expect(second.optimizer.get('block.conv.weight.mean')?.some((value) => value !== 0)).toBe(true);
  });

  it('moves what begins to learn by the first step of its own: for Adam the rate times the sign', async () => {
    const given = recipe({
      optimizer: { type: 'adam' },
      schedule: { type: 'constant' },
      stages: [trunk, { epoch: 2 }],
      epochs: 2,
      rateFactors: { trunk: 0.5 },
      batch: 45,
    });
    const start = await run({ recipe: { ...given, epochs: 1 } });
    const result = await run({ recipe: given });
    const moved = result.lastWeights.get('stem.norm.weight')?.data as Float32Array;
    const before = start.lastWeights.get('stem.norm.weight')?.data as Float32Array;
    moved.forEach((value, i) => {
      expect(Math.abs(value - before[i])).toBeCloseTo(0.5 * 0.01, 5);
    });
  });
});

describe('factors of the learning rate', () => {
  it('multiply the step of their layers, the longest name first', async () => {
    const plain = recipe({
      optimizer: { type: 'sgd', momentum: 0 },
      schedule: { type: 'constant' },
      batch: 45,
      epochs: 1,
    });
    const engine = createReferenceEngine({ roundToFloat32: true });
    const start = await run({ engine, recipe: { ...plain, learningRate: 1e-30 } });
    const one = await run({ engine: createReferenceEngine({ roundToFloat32: true }), recipe: plain });
    const factors = { trunk: 0.5, block: 0.25, 'block.norm': 2, head: 3 };
    const many = await run({
      engine: createReferenceEngine({ roundToFloat32: true }),
      recipe: { ...plain, rateFactors: factors },
    });
    const factorOf = (name: string): number =>
      name.startsWith('block.norm') ? 2 : name.startsWith('block') ? 0.25 : name.startsWith('fc') ? 3 : 0.5;
    for (const [name, { data }] of start.lastWeights) {
      if (name.includes('running')) continue;
      const a = one.lastWeights.get(name)?.data as Float32Array;
      const b = many.lastWeights.get(name)?.data as Float32Array;
      data.forEach((value, i) => {
        expect(b[i] - value, name).toBeCloseTo(factorOf(name) * (a[i] - value), 6);
      });
    }
  });
});
