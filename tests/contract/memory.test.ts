/**
 * Memory: what a training takes is known before it begins, to the byte; it is close to the least that any layout needs;
 * and a training that does not fit is refused with a way out.
 */
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/backend/backend.ts';
import { createDataset, type Dataset } from '../../src/core/dataset/dataset.ts';
import type { FoveaError } from '../../src/core/errors.ts';
import { buildPreset, presets } from '../../src/core/model/presets/index.ts';
import { hashWeights, initializeWeights, saveWeights } from '../../src/core/model/weights.ts';
import { compilePlan } from '../../src/core/plan/compile.ts';
import { measurePlan } from '../../src/core/plan/measure.ts';
import { RandomStream } from '../../src/core/random.ts';
import { defaultsOf } from '../../src/core/train/defaults.ts';
import { checkMemory, forecastTraining, type MemoryRequest } from '../../src/core/train/forecast.ts';
import { buildTraining } from '../../src/core/train/programs.ts';
import type { Recipe } from '../../src/core/train/recipe.ts';
import { type EngineTraining, runTraining } from '../../src/core/train/trainer.ts';

import { createEngine } from '../../src/node/engine.ts';
import { mixed } from '../train-steps.ts';

const names = presets.map(({ name }) => name);
/** Those that take the pictures of the forecasts and train on them in a moment. */
const slow: ReadonlySet<string> = new Set(['resnet56', 'airbench94', 'wide-resnet-16-4', 'densenet-bc-100-12']);
const small = presets.filter(({ name, minimumSize }) => minimumSize <= 20 && !slow.has(name)).map(({ name }) => name);
/** How far memory may lie above what values take at once, without what kernels hold for themselves. */
const mostAboveValues = 1.45;
const preprocessing = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };

function noise(count: number, size: number, seed: number): Dataset {
  const random = new RandomStream(seed, 'dataset');
  return createDataset({
    name: 'noise',
    classNames: Array.from({ length: 10 }, (_, i) => `class ${i}`),
    ...{ height: size, width: size, channels: 3 },
    pixels: Uint8Array.from({ length: count * size * size * 3 }, () => random.below(256)),
    labels: Int32Array.from({ length: count }, () => random.below(10)),
  });
}

const recipeFor = (modelName: string, size: number, changes: Partial<Recipe> = {}): Recipe => ({
  version: 1,
  modelName,
  model: buildPreset(modelName, { input: [size, size, 3], classes: 10 }),
  optimizer: defaultsOf(modelName).optimizer,
  learningRate: 0.001,
  schedule: { type: 'constant' },
  epochs: 1,
  batch: 16,
  loss: { type: 'softmaxCrossEntropy' },
  augmentation: {},
  seed: 1,
  val: 0,
  ...changes,
});

const engines: Engine[] = [];
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));
async function engineOf(threads: number): Promise<Engine> {
  const engine = await createEngine({ threads });
  engines.push(engine);
  return engine;
}

describe('the workspace', () => {
  const threads = 2;

  it.each(names.flatMap((name) => [64, 128].map((batch) => [name, batch] as const)))(
    'of %s at batch %i is close to its lower bound',
    (name, batch) => {
      const grey = ['linear', 'mlp', 'lenet5', 'mnist-cnn'].includes(name);
      for (const input of [[32, 32, 3], grey ? [28, 28, 1] : [64, 64, 3]]) {
        const model = buildPreset(name, { input, classes: 10 });
        const { optimizer } = defaultsOf(name);
        const normalisation = { mean: Array(input[2]).fill(0), std: Array(input[2]).fill(1) };
        const built = buildTraining({ model, optimizer, loss: { type: 'softmaxCrossEntropy' } }, normalisation);
        const outputs = [built.model.logits, built.losses];
        const plan = compilePlan(built.model.graph, { capacity: batch, outputs });
        const { lowerBound, peak, live, held } = measurePlan(plan);
        const whole = peak + threads * plan.threadScratchBytes;
        expect(lowerBound).toBeGreaterThan(0);
        expect(whole / lowerBound, input.join('x')).toBeLessThanOrEqual(1.15);
        expect(whole / (lowerBound - held + live), input.join('x')).toBeLessThanOrEqual(mostAboveValues);
      }
    },
  );
});

describe('the forecast', () => {
  const train = noise(40, 20, 1);
  const val = noise(12, 20, 2);
  const cases: readonly [string, Partial<Recipe>][] = [
    ...small.map((name): [string, Partial<Recipe>] => [name, {}]),
    ['vgg6-bn', { microBatch: 5 }],
    ['mnist-cnn', { batch: 40, optimizer: { type: 'sgd' } }],
  ];

  it.each(cases)('for %s %o is the memory that the engine comes to, to the byte', async (name, changes) => {
    const engine = await engineOf(2);
    const recipe = recipeFor(name, 20, changes);
    const { memory } = await runTraining({ engine, recipe, train, val, preprocessing, clock: () => 0 });
    expect(engine.reserved?.used).toBe(memory.engine?.used);
    expect(engine.reserved?.memory).toBe(memory.engine?.memory);
    expect(engine.reserved?.workspace).toBe(memory.engine?.workspace);
    expect(memory.total).toBeGreaterThan(memory.engine?.memory as number);
  });

  it('holds for a second training on the same engine', async () => {
    const engine = await engineOf(1);
    const job = { engine, train, val, preprocessing, clock: () => 0 };
    await runTraining({ ...job, recipe: recipeFor('lenet5', 20) });
    const { memory } = await runTraining({ ...job, recipe: recipeFor('lenet5', 20, { batch: 40 }) });
    expect(engine.reserved?.used).toBe(memory.engine?.used);
  });
});

describe('a training that does not fit', () => {
  const train = noise(64, 32, 1);
  const val = noise(8, 32, 2);

  const refused = (request: MemoryRequest): FoveaError => {
    try {
      checkMemory(request);
    } catch (error) {
      return error as FoveaError;
    }
    return expect.fail('it was not refused');
  };

  it('is refused with the numbers and the largest half, quarter … of a batch that fits', async () => {
    const engine = await engineOf(1);
    const request = { engine, recipe: recipeFor('resnet20', 32, { batch: 64 }), train, val, preprocessing };
    const machineMemory = 40 * 2 ** 20;
    const before = engine.reserved;
    expect(forecastTraining(request).total).toBeGreaterThan(machineMemory);
    const { message } = refused({ ...request, machineMemory });
    expect(message).toMatch(
      /^Expected at most 0\.04 GiB of memory, which this machine has, for this training but received 0\.1\d GiB\. It fits with --micro-batch (\d+) /,
    );
    const proposed = Number(message.match(/--micro-batch (\d+)/)?.[1]);
    const total = (microBatch: number): number =>
      forecastTraining({ ...request, recipe: { ...request.recipe, microBatch } }).total;
    expect(total(proposed)).toBeLessThanOrEqual(machineMemory);
    expect(total(2 * proposed)).toBeGreaterThan(machineMemory);
    const recipe = { ...request.recipe, microBatch: proposed };
    expect(() => checkMemory({ ...request, recipe, machineMemory })).not.toThrow();
    expect(engine.reserved).toEqual(before);
  });

  it('is refused where the engine cannot address it, before anything is reserved', async () => {
    const engine = await engineOf(1);
    const many = noise(4096, 32, 3);
    const recipe = recipeFor('resnet20', 32, { batch: 4096 });
    const job = { engine, recipe, train: many, val, preprocessing, clock: () => 0 };
    const before = engine.reserved;
    await expect(runTraining(job)).rejects.toThrow(
      /^Expected at most 4\.00 GiB of engine memory for this model and batch but received [5-9]\.\d\d GiB\. It fits with --micro-batch 2048 /,
    );
    expect(engine.reserved).toEqual(before);
  });

  it('says so where no micro-batch helps', async () => {
    const engine = await engineOf(1);
    const request = { engine, recipe: recipeFor('vgg6-bn', 32), train, val, preprocessing, machineMemory: 1e6 };
    expect(refused(request).message).toMatch(/No micro-batch makes it fit/);
  });
});

describe('micro-batches', () => {
  const train = noise(43, 20, 1);
  const val = noise(12, 20, 2);
  const trained = async (threads: number, modelName: string, changes: Partial<Recipe>): Promise<EngineTraining> => {
    const engine = await engineOf(threads);
    const recipe = recipeFor(modelName, 20, { optimizer: { type: 'sgd', momentum: 0.9 }, ...changes });
    return runTraining({ engine, recipe, train, val, preprocessing, clock: () => 0 });
  };
  const weightsOf = ({ lastWeights }: EngineTraining): number[] =>
    [...lastWeights.values()].flatMap(({ data }) => [...data]);

  it.each([{}, { type: 'softmaxCrossEntropy', labelSmoothing: 0.1, classWeights: [1, 2, 0, 1, 3, 1, 1, 0.5, 1, 1] }])(
    'give what whole batches give, but for rounding (loss %o)',
    async (loss) => {
      const changes = 'type' in loss ? { loss: loss as Recipe['loss'] } : {};
      const whole = await trained(2, 'mnist-cnn', changes);
      const parts = await trained(2, 'mnist-cnn', { ...changes, microBatch: 5 });
      const [a, b] = [weightsOf(whole), weightsOf(parts)];
      const largest = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
      expect(largest).toBeLessThan(2e-6);
      expect(parts.history[0].loss).toBeCloseTo(whole.history[0].loss, 5);
      expect(parts.memory.engine?.workspace).toBeLessThan((whole.memory.engine?.workspace as number) * 0.6);
    },
  );

  it('give the same bits for any number of threads', async () => {
    const hashes = new Set<string>();
    for (const threads of [1, 2, 3]) {
      hashes.add(await hashWeights((await trained(threads, 'vgg6-bn', { microBatch: 6 })).lastWeights));
    }
    expect(hashes.size).toBe(1);
  });

  it('begin each step anew, also on an engine whose last training ended in NaN', async () => {
    const engine = await engineOf(1);
    const recipe = recipeFor('lenet5', 20, { microBatch: 4, optimizer: { type: 'sgd' } });
    const job = { engine, recipe, train, val, preprocessing, clock: () => 0 };
    const first = await runTraining(job);
    for (const name of engine.persistentNames()) {
      if (name.endsWith('.gradient')) engine.writePersistent(name, engine.readPersistent(name).fill(Number.NaN));
    }
    expect(await hashWeights((await runTraining(job)).lastWeights)).toBe(await hashWeights(first.lastWeights));
  });
});

describe('low memory', () => {
  const train = noise(43, 20, 1);
  const val = noise(12, 20, 2);

  it.each([
    ['vgg6-bn', 0.87],
    ['resnet20', 0.85],
    ['mobile', 0.75],
  ] as const)('gives %s the same bits in less than %f of the workspace', async (name, share) => {
    const results: EngineTraining[] = [];
    for (const memory of ['usual', 'low'] as const) {
      const engine = await engineOf(2);
      const recipe = recipeFor(name, 20, { batch: 32 });
      const result = await runTraining({ engine, recipe, train, val, preprocessing, memory, clock: () => 0 });
      expect(engine.reserved?.used).toBe(result.memory.engine?.used);
      results.push(result);
    }
    const [usual, low] = results;
    expect(await hashWeights(low.lastWeights)).toBe(await hashWeights(usual.lastWeights));
    expect(low.history).toEqual(usual.history);
    const workspaceOf = (result: EngineTraining): number => result.memory.engine?.workspace as number;
    expect(workspaceOf(low)).toBeLessThan(share * workspaceOf(usual));
  });

  it('gives the same bits with norms, activations and dropout of every kind', async () => {
    const engine = await engineOf(2);
    const hashes = new Set<string>();
    for (const recomputes of [false, true]) {
      const recipe = { model: mixed, optimizer: { type: 'adamw' }, loss: { type: 'softmaxCrossEntropy' } };
      const built = buildTraining(recipe, preprocessing, { recomputes });
      const { model, labels, losses, rates } = built;
      const [{ optimizer, options, scalars }] = rates;
      const again = model.graph.nodes.filter(({ name }) => name.endsWith('.again'));
      expect(again.length > 0).toBe(recomputes);
      const program = await engine.compile(model.graph, { capacity: 16, outputs: [model.logits, losses] });
      initializeWeights(engine, model.parameters, 3);
      for (const name of built.stateNames) engine.writePersistent(name, engine.readPersistent(name).fill(0));
      for (let step = 0; step < 5; step++) {
        const random = new RandomStream(2, 'sample', step);
        program.write(
          model.input,
          Uint8Array.from({ length: 16 * 14 * 14 * 3 }, () => random.below(256)),
        );
        program.write(
          labels,
          Int32Array.from({ length: 16 }, () => random.below(10)),
        );
        program.write(scalars, Float32Array.from(optimizer.scalars(options, 0.01, step + 1)));
        if (model.step) program.write(model.step, Int32Array.of(3, step));
        await program.run(16);
      }
      hashes.add(await hashWeights(saveWeights(engine, model.parameters)));
    }
    expect(hashes.size).toBe(1);
  });
});
