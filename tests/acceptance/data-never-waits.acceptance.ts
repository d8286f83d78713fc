/** Data never waits: training on crop and flip at the step rate of a batch that lies in memory already. */
import { describe, expect, it } from 'vitest';
import type { Engine, Program } from '../../src/core/backend/backend.ts';
import { createDataset, type Dataset } from '../../src/core/dataset/dataset.ts';
import { copyPixels } from '../../src/core/dataset/pixels.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { initializeWeights } from '../../src/core/model/weights.ts';
import { RandomStream } from '../../src/core/random.ts';
import { defaultsOf } from '../../src/core/train/defaults.ts';
import { type Draft, planDrafts, prepareTraining } from '../../src/core/train/prepare.ts';
import type { Recipe } from '../../src/core/train/recipe.ts';
import { createTrainingStep } from '../../src/core/train/step.ts';
import { runTraining } from '../../src/core/train/trainer.ts';
import { createEngine } from '../../src/node/engine.ts';

const batch = 64;
const steps = 40;
const rounds = 7;
const preprocessing = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };

function noise(count: number, seed: number): Dataset {
  const random = new RandomStream(seed, 'dataset');
  return createDataset({
    name: 'noise',
    classNames: Array.from({ length: 10 }, (_, i) => `class ${i}`),
    ...{ height: 32, width: 32, channels: 3 },
    pixels: Uint8Array.from({ length: count * 3072 }, () => random.below(256)),
    labels: Int32Array.from({ length: count }, () => random.below(10)),
  });
}

const train = noise(batch * (steps + 1), 1);
const val = noise(16, 2);

const recipeFor = (modelName: string): Recipe => ({
  version: 1,
  modelName,
  model: buildPreset(modelName, { input: [32, 32, 3], classes: 10 }),
  optimizer: defaultsOf(modelName).optimizer,
  learningRate: 0.001,
  schedule: { type: 'constant' },
  loss: { type: 'softmaxCrossEntropy' },
  epochs: 1,
  batch,
  augmentation: { flip: true, crop: 4 },
  seed: 1,
  val: 0,
});

/** Steps a second of the trainer as people use it, from the end of the first step to that of the last. */
async function trainerRate(engine: Engine, recipe: Recipe): Promise<number> {
  const ends: number[] = [];
  await runTraining({
    engine,
    recipe,
    train,
    val,
    preprocessing,
    clock: () => performance.now(),
    onEvent: (event) => event.kind === 'step' && ends.push(performance.now()),
  });
  return (1000 * steps) / (ends[steps] - ends[0]);
}

/** The same steps on one batch that is there already, with nothing beside them. */
async function memoryRate(engine: Engine, recipe: Recipe): Promise<number> {
  const prepared = prepareTraining(recipe, preprocessing, { train: train.count, val: val.count });
  const programs = new Map<Draft, Program>();
  for (const { draft } of planDrafts(prepared)) programs.set(draft, await engine.compile(draft.graph, draft.options));
  initializeWeights(engine, prepared.training.model.parameters, 1);
  const step = createTrainingStep(engine, prepared, { step: programs.get(prepared.step)!, update: undefined }, 1);
  const given = {
    n: batch,
    pixels: copyPixels(train.pixels).subarray(0, batch * 3072),
    labels: train.labels.subarray(0, batch),
  };
  await step.run(given, 0, 0.001);
  const begin = performance.now();
  for (let i = 1; i <= steps; i++) await step.run(given, i, 0.001);
  return (1000 * steps) / (performance.now() - begin);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

describe.each(['vgg6-bn', 'resnet20'])('%s on 32x32x3 with crop and flip', (name) => {
  it.each([1, 2])('keeps up with a batch in memory (at least 95 percent), threads: %i', async (threads) => {
    const recipe = recipeFor(name);
    const ratios: number[] = [];
    const rates: number[][] = [];
    for (let round = 0; round < rounds; round++) {
      // A fresh engine each: what one training reserves stays with its engine. Who goes first changes.
      const [trainer, memory] = [await createEngine({ threads }), await createEngine({ threads })];
      const both = [() => trainerRate(trainer, recipe), () => memoryRate(memory, recipe)];
      const measured = [0, 0];
      for (const which of round % 2 === 0 ? [0, 1] : [1, 0]) measured[which] = await both[which]();
      await trainer.dispose();
      await memory.dispose();
      // The first is for warming up.
      if (round === 0) continue;
      rates.push(measured);
      ratios.push(measured[0] / measured[1]);
    }
    const [trainer, memory] = [0, 1].map((i) => median(rates.map((pair) => pair[i])));
    const all = ratios.map((ratio) => ratio.toFixed(3)).join(' ');
    console.log(
      `${name}, ${threads} threads: ${trainer.toFixed(2)} steps/s in training, ${memory.toFixed(2)} from memory, ratio ${median(ratios).toFixed(3)} (${all})`,
    );
    expect(median(ratios)).toBeGreaterThanOrEqual(0.95);
  });
});
