import { afterAll, describe, expect, it } from 'vitest';
import { differentiate } from '../../src/core/autodiff/differentiate.ts';
import type { Engine } from '../../src/core/backend/backend.ts';
import { createWasmEngine } from '../../src/core/backend/wasm.ts';
import type { Value } from '../../src/core/graph/graph.ts';
import { completeOptions } from '../../src/core/layers/options.ts';
import { appendLoss } from '../../src/core/losses/index.ts';
import { buildModel } from '../../src/core/model/build.ts';
import * as layer from '../../src/core/model/builder.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { adapt, type ModelSpec } from '../../src/core/model/spec.ts';
import { hashWeights, initializeWeights, saveWeights } from '../../src/core/model/weights.ts';
import { sgd } from '../../src/core/optimizers/sgd.ts';
import { RandomStream } from '../../src/core/random.ts';
import { sizeOf } from '../../src/core/shape.ts';
import { createEngine, threadedHost } from '../../src/node/engine.ts';

const engines: Engine[] = [];
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));
async function keep(made: Promise<Engine>): Promise<Engine> {
  const engine = await made;
  engines.push(engine);
  return engine;
}

/** One of each kind of kernel: thin, dense, strided, depthwise and 1x1 convolution, norms, pooling, dropout, linear. */
const mixed: ModelSpec = adapt(
  layer.sequential([
    layer.conv2d(12, { kernelSize: 3, padding: 'same' }),
    layer.batchNorm2d(),
    layer.relu(),
    layer.depthwiseConv2d({ kernelSize: 3, padding: 1 }),
    layer.conv2d(20, { kernelSize: 3, stride: 2, padding: 1 }),
    layer.silu(),
    layer.groupNorm(4),
    layer.maxPool2d(2),
    layer.conv2d(17, { kernelSize: 1 }),
    layer.relu6(),
    layer.flatten(),
    layer.dropout(0.3),
    layer.linear(10),
  ]),
  { input: [14, 14, 3], classes: 10 },
);

async function trainSteps(
  engine: Engine,
  spec: ModelSpec,
  steps: number,
  batch: number,
): Promise<{ hash: string; losses: number[] }> {
  const model = buildModel(spec, { training: true, inputType: 'float32' });
  const { graph } = model;
  const { loss, labels } = appendLoss(graph, model.logits, undefined, 'mean');
  const trained = model.parameters.filter(({ trainable }) => trainable);
  const gradients = differentiate(graph, { of: loss, wanted: trained.map(({ value }) => value) });
  const settings = completeOptions(sgd, { momentum: 0.9 }, 'sgd');
  const numbers = Float32Array.from(sgd.scalars(settings, 0.02, 2));
  const scalars = graph.source('input', 'scalars', { shape: [numbers.length], batched: false });
  for (const { name, value } of trained) {
    const state = graph.source('state', `${name}.momentum`, { shape: value.shape, batched: false });
    graph.apply(
      sgd.update,
      [value, gradients.get(value) as Value, scalars, state],
      { ...settings, weightDecay: 0 },
      `${name}.update`,
    );
  }
  const program = await engine.compile(graph, { capacity: batch, outputs: [loss] });
  initializeWeights(engine, model.parameters, 7);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const random = new RandomStream(1, 'sample', step);
    // Every fifth batch is a partial one.
    const n = step % 5 === 4 ? batch - 3 : batch;
    program.write(
      model.input,
      Float32Array.from({ length: n * sizeOf(spec.input) }, () => random.uniform() - 0.5),
    );
    program.write(
      labels,
      Int32Array.from({ length: n }, () => random.below(10)),
    );
    program.write(scalars, numbers);
    if (model.step) program.write(model.step, Int32Array.of(7, step));
    await program.run(n);
    losses.push(program.read(loss)[0]);
  }
  return { hash: await hashWeights(saveWeights(engine, model.parameters)), losses };
}

describe('the same bits', () => {
  const cases: [string, ModelSpec, number][] = [
    ['a bit of everything', mixed, 50],
    ['mnist-cnn', buildPreset('mnist-cnn', { input: [28, 28, 1], classes: 10 }), 10],
    ['resnet20', buildPreset('resnet20', { input: [16, 16, 3], classes: 10 }), 5],
    ['mobile', buildPreset('mobile', { input: [16, 16, 3], classes: 10 }), 5],
  ];
  it.each(cases)('for 1, 2, 3 and 7 threads and on the calling thread: %s', async (_, spec, steps) => {
    const first = await trainSteps(await keep(createEngine({ threads: 1 })), spec, steps, 16);
    expect(first.losses.every(Number.isFinite)).toBe(true);
    expect(first.losses[0]).not.toBe(first.losses[steps - 1]);
    for (const options of [{ threads: 2 }, { threads: 3 }, { threads: 7 }, { inline: true }]) {
      expect(await trainSteps(await keep(createEngine(options)), spec, steps, 16)).toEqual(first);
    }
  });

  it('whatever garbage the workspace held', async () => {
    const clean = await trainSteps(await keep(createEngine({ inline: true })), mixed, 6, 9);
    expect(await trainSteps(await keep(createEngine({ inline: true, poison: true })), mixed, 6, 9)).toEqual(clean);
  });
});

describe('evaluation', () => {
  it.each(['mnist-cnn', 'resnet20', 'mobile', 'lenet5'])(
    "a picture's logits depend on the picture alone: %s",
    async (name) => {
      const channels = name === 'mnist-cnn' || name === 'lenet5' ? 1 : 3;
      const spec = buildPreset(name, { input: [28, 28, channels], classes: 10 });
      const engine = await keep(createEngine({ threads: 2 }));
      const size = sizeOf(spec.input);
      const random = new RandomStream(3, 'sample');
      const pictures = Uint8Array.from({ length: 7 * size }, () => random.below(256));
      const logits = async (capacity: number, chosen: number[]): Promise<Float32Array> => {
        const model = buildModel(spec, { training: false, inputType: 'uint8' });
        const program = await engine.compile(model.graph, { capacity, outputs: [model.logits] });
        initializeWeights(engine, model.parameters, 1);
        const batch = new Uint8Array(chosen.length * size);
        chosen.forEach((i, at) => {
          batch.set(pictures.subarray(i * size, (i + 1) * size), at * size);
        });
        program.write(model.input, batch);
        await program.run(chosen.length);
        return program.read(model.logits);
      };
      const all = await logits(7, [0, 1, 2, 3, 4, 5, 6]);
      for (let i = 0; i < 7; i++) expect(await logits(1, [i])).toEqual(all.slice(i * 10, i * 10 + 10));
      const backwards = await logits(64, [6, 5, 4, 3, 2]);
      for (let i = 0; i < 5; i++)
        expect(backwards.slice(i * 10, i * 10 + 10)).toEqual(all.slice((6 - i) * 10, (6 - i) * 10 + 10));
    },
  );
});

describe('fusing', () => {
  it('changes nothing beyond rounding, where batch norm folds into weights', async () => {
    const engine = await keep(createEngine({ threads: 2, poison: true }));
    const model = buildModel(mixed, { training: false, inputType: 'float32' });
    const random = new RandomStream(5, 'sample');
    const picture = Float32Array.from({ length: 3 * sizeOf(mixed.input) }, () => random.uniform() - 0.5);
    const results: Float32Array[] = [];
    for (const fuse of [true, false]) {
      const program = await engine.compile(model.graph, { capacity: 3, outputs: [model.logits], fuse });
      initializeWeights(engine, model.parameters, 2);
      program.write(model.input, picture);
      await program.run(3);
      results.push(program.read(model.logits));
    }
    const largest = Math.max(...results[1].map(Math.abs));
    results[0].forEach((logit, i) => {
      expect(Math.abs(logit - results[1][i])).toBeLessThan(1e-5 * largest);
    });
  });
});

describe('what goes wrong', () => {
  it('a thread that dies in a run gives an error, not a hang, and the engine says so afterwards', async () => {
    const deadly = {
      loadKernels: threadedHost.loadKernels,
      startWorker: async (start: Parameters<NonNullable<typeof threadedHost.startWorker>>[0]) => {
        const worker = await threadedHost.startWorker!(start);
        if (start.thread !== 1) return worker;
        return {
          ...worker,
          run: async (...args: Parameters<typeof worker.run>) => {
            await worker.terminate();
            return worker.run(...args);
          },
        };
      },
    };
    const engine = await keep(createWasmEngine(deadly, { threads: 3 }));
    const work = trainSteps(engine, mixed, 1, 4);
    await expect(work).rejects.toThrow(/thread died/);
    await expect(trainSteps(engine, mixed, 1, 4)).rejects.toThrow(/Create a new engine/);
  });

  it('refuses what does not fit 4 GiB with the numbers', async () => {
    const engine = await keep(createEngine({ inline: true }));
    const spec = buildPreset('mnist-cnn', { input: [512, 512, 1], classes: 10 });
    const model = buildModel(spec, { training: false, inputType: 'uint8' });
    await expect(engine.compile(model.graph, { capacity: 512, outputs: [model.logits] })).rejects.toThrow(
      /Expected at most 4 GiB .* but received '\d+\.\d+ GiB'.*smaller batch/,
    );
  });

  it('refuses a number of threads that is none', async () => {
    await expect(createEngine({ threads: 0 })).rejects.toThrow(
      /Expected a whole number from 1 to 64 for threads but received 0/,
    );
  });
});
