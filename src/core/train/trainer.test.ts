import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../backend/reference.ts';
import { createDataset, type Dataset } from '../dataset/dataset.ts';
import { channelStatistics } from '../dataset/statistics.ts';
import { conv2d, dropout, flatten, linear, maxPool2d, relu, sequential } from '../model/builder.ts';
import { adapt } from '../model/spec.ts';
import { hashWeights } from '../model/weights.ts';
import { RandomStream } from '../random.ts';
import type { TrainEvent } from './events.ts';
import type { NonFiniteError } from './non-finite.ts';
import { stepsPerEpoch } from './prepare.ts';
import type { Recipe } from './recipe.ts';
import { readSnapshot, type Snapshot, writeSnapshot } from './state.ts';
import { runTraining } from './trainer.ts';
import type { TrainingJob } from './training-job.ts';

/** Bright bars, upright or lying, on noise: learnt in a few steps. */
function bars(count: number, seed: number): Dataset {
  const pixels = new Uint8Array(count * 64);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const random = new RandomStream(seed, 'dataset', i);
    labels[i] = i % 2;
    const place = random.below(8);
    for (let p = 0; p < 64; p++) {
      const on = labels[i] === 0 ? p % 8 === place : p >> 3 === place;
      pixels[i * 64 + p] = (on ? 160 : 0) + random.below(80);
    }
  }
  return createDataset({
    name: 'bars',
    classNames: ['upright', 'lying'],
    height: 8,
    width: 8,
    channels: 1,
    pixels,
    labels,
  });
}

const train = bars(81, 1);
const val = bars(16, 2);
const draft = sequential([conv2d(4, { kernelSize: 3 }), relu(), maxPool2d(2), flatten(), dropout(0.2), linear()]);

const recipe = (changes: Partial<Recipe> = {}): Recipe => ({
  version: 1,
  modelName: 'tiny',
  model: adapt(draft, { input: [8, 8, 1], classes: 2 }),
  optimizer: { type: 'adamw', weightDecay: 0.01 },
  loss: { type: 'softmaxCrossEntropy', labelSmoothing: 0.05 },
  learningRate: 0.01,
  schedule: { type: 'cosine', warmupSteps: 2 },
  epochs: 4,
  batch: 8,
  augmentation: { crop: 1 },
  seed: 5,
  val: 0,
  ...changes,
});

const job = (changes: Partial<TrainingJob> = {}): TrainingJob => {
  let time = 0;
  return {
    engine: createReferenceEngine({ roundToFloat32: true }),
    recipe: recipe(),
    train,
    val,
    preprocessing: channelStatistics(train),
    clock: () => (time += 10),
    ...changes,
  };
};

/** Stops after `steps` steps, the state written to a file and read back. */
async function interruptedAfter(steps: number, of: Recipe = recipe()): Promise<Snapshot> {
  let aborted = false;
  let done = 0;
  let saved: Snapshot | undefined;
  const signal = {
    get aborted() {
      return aborted;
    },
  } as AbortSignal;
  const result = await runTraining(
    job({
      recipe: of,
      signal,
      onEvent: (event) => {
        if (event.kind === 'step' && ++done === steps) aborted = true;
      },
      save: async (snapshot) => {
        saved = readSnapshot(writeSnapshot(snapshot), 'state');
      },
    }),
  );
  expect(result.status).toBe('interrupted');
  return saved!;
}

const learnt = ({ history }: { history: readonly { seconds: number }[] }) =>
  history.map(({ seconds: _, ...rest }) => rest);

describe('training', () => {
  it('learns, and tells of every step and epoch', async () => {
    const events: TrainEvent[] = [];
    const result = await runTraining(
      job({ recipe: recipe({ epochs: 12, learningRate: 0.03 }), onEvent: (event) => events.push(event) }),
    );
    expect(result.status).toBe('finished');
    expect(result.history).toHaveLength(12);
    expect(result.best!.valAccuracy).toBeGreaterThan(0.9);
    expect(result.history[11].loss).toBeLessThan(result.history[0].loss / 2);
    expect(result.best!.valLoss).toBe(Math.min(...result.history.map((record) => record.valLoss)));
    expect(events.filter(({ kind }) => kind === 'step')).toHaveLength(12 * 10);
    expect(events.filter(({ kind }) => kind === 'epoch')).toHaveLength(12);
    expect(events[0]).toMatchObject({
      kind: 'begin',
      stepsPerEpoch: 10,
      trainImages: 81,
      valImages: 16,
      resumed: undefined,
    });
  });

  it('gives the same bits again, and others for another seed', async () => {
    const [first, second, other] = [
      await runTraining(job()),
      await runTraining(job()),
      await runTraining(job({ recipe: recipe({ seed: 6 }) })),
    ];
    expect(await hashWeights(second.lastWeights)).toBe(await hashWeights(first.lastWeights));
    expect(await hashWeights(other.lastWeights)).not.toBe(await hashWeights(first.lastWeights));
  });

  // In the middle of an epoch, at its last step (before validation), and at the first step of all.
  it.each([13, 20, 1])('goes on after an interruption at step %i as if there had been none', async (steps) => {
    const whole = await runTraining(job());
    const from = await interruptedAfter(steps);
    const resumed = await runTraining(job({ from }));
    expect(await hashWeights(resumed.lastWeights)).toBe(await hashWeights(whole.lastWeights));
    expect(learnt(resumed)).toEqual(learnt(whole));
  });

  it('goes on in micro-batches as if there had been no interruption, and differs from whole batches by dropout alone', async () => {
    const parts = recipe({ microBatch: 3 });
    const whole = await runTraining(job({ recipe: parts }));
    const from = await interruptedAfter(13, parts);
    const resumed = await runTraining(job({ recipe: parts, from }));
    expect(await hashWeights(resumed.lastWeights)).toBe(await hashWeights(whole.lastWeights));
    expect([...from.optimizer.keys()].filter((name) => name.endsWith('.gradient'))).toEqual([]);
    const plain = (await runTraining(job())).lastWeights;
    expect(await hashWeights(plain)).not.toBe(await hashWeights(whole.lastWeights));
  });

  it('saves after each epoch and says which is the best so far', async () => {
    const saved: [number, boolean][] = [];
    const result = await runTraining(job({ save: async ({ state }, best) => void saved.push([state.epoch, best]) }));
    expect(saved.map(([epoch]) => epoch)).toEqual([2, 3, 4, 5]);
    expect(saved[0][1]).toBe(true);
    expect(saved.findLast(([, best]) => best)![0] - 1).toBe(result.best!.epoch);
  });

  it('does nothing more to a finished training, and goes on when there are more epochs', async () => {
    let saved: Snapshot | undefined;
    const whole = await runTraining(job({ save: async (snapshot) => void (saved = snapshot) }));
    const again = await runTraining(job({ from: saved }));
    expect(await hashWeights(again.lastWeights)).toBe(await hashWeights(whole.lastWeights));
    const longer = await runTraining(job({ from: saved, recipe: recipe({ epochs: 5 }) }));
    expect(longer.history).toHaveLength(5);
  });

  it('stops when the loss is not finite, names epoch, step and layer, and saves nothing then', async () => {
    const saved: number[] = [];
    const wild = job({
      recipe: recipe({
        optimizer: { type: 'sgd' },
        learningRate: 1e25,
        schedule: { type: 'constant' },
        augmentation: {},
      }),
      save: async ({ state }) => void saved.push(state.epoch),
    });
    const error: NonFiniteError = await runTraining(wild).then(
      () => expect.fail('it did not stop'),
      (reason) => reason,
    );
    expect(error.message).toMatch(
      /^Expected a finite loss for epoch 1, step \d+ but received (NaN|-?Infinity); the first value that is not finite is in the (weights|output).* of layer '(conv1|linear1|fc1)'/,
    );
    expect(error.layer).toBeDefined();
    expect(error.epoch).toBe(1);
    expect(saved).toEqual([]);
  });

  it('refuses pictures that are not of the model, before anything runs', async () => {
    const model = adapt(draft, { input: [9, 9, 1], classes: 2 });
    await expect(runTraining(job({ recipe: recipe({ model }) }))).rejects.toThrow(
      /Expected training pictures of 9x9x1 for model 'tiny' but received 8x8x1/,
    );
  });
});

describe('steps of an epoch', () => {
  it('leaves a last batch of one picture out, where there are others', () => {
    expect(stepsPerEpoch(41, 8)).toBe(5);
    expect(stepsPerEpoch(42, 8)).toBe(6);
    expect(stepsPerEpoch(40, 8)).toBe(5);
    expect(stepsPerEpoch(1, 8)).toBe(1);
    expect(stepsPerEpoch(3, 1)).toBe(3);
  });
});
