import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/backend/backend.ts';
import { createWasmEngine } from '../../src/core/backend/wasm.ts';
import { buildModel } from '../../src/core/model/build.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { initializeWeights } from '../../src/core/model/weights.ts';
import { RandomStream } from '../../src/core/random.ts';
import { sizeOf } from '../../src/core/shape.ts';
import { createEngine, threadedHost } from '../../src/node/engine.ts';
import { mixed, trainSteps } from '../train-steps.ts';

const engines: Engine[] = [];
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));
async function keep(made: Promise<Engine>): Promise<Engine> {
  const engine = await made;
  engines.push(engine);
  return engine;
}

// For any number of threads: bits.test.ts.
describe('the same bits', () => {
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
      const engine = await keep(createEngine({ threads: 2, inlineWork: 0 }));
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
    const engine = await keep(createEngine({ threads: 2, inlineWork: 0, poison: true }));
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
    const engine = await keep(createWasmEngine(deadly, { threads: 3, inlineWork: 0 }));
    const work = trainSteps(engine, mixed, 1, 4);
    await expect(work).rejects.toThrow(/thread died/);
    await expect(trainSteps(engine, mixed, 1, 4)).rejects.toThrow(/Create a new engine/);
  });

  it('a run that is under way when the engine is disposed of is told of it', async () => {
    const engine = await keep(createEngine({ threads: 2, inlineWork: 0 }));
    const work = trainSteps(engine, mixed, 1000, 4);
    const told = expect(work).rejects.toThrow(/it was disposed/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await engine.dispose();
    await told;
  });

  it('threads that rest keep no process alive, and a run does', async () => {
    const load = (path: string): string => `await import('${new URL(`../../dist/${path}`, import.meta.url).href}')`;
    const program = `(async () => {
      const { createEngine } = ${load('node/engine.js')};
      const { Graph } = ${load('core/graph/graph.js')};
      const { multiplyAddPeak } = ${load('core/ops/peak.js')};
      const engine = await createEngine({ threads: 2, inlineWork: 0 });
      const graph = new Graph();
      const x = graph.source('input', 'x', { shape: [4, 20], batched: false });
      const w = graph.source('input', 'w', { shape: [20, 8], batched: false });
      const outputs = graph.apply(multiplyAddPeak, [x, w], { repeats: 3 });
      const program = await engine.compile(graph, { capacity: 1, outputs });
      await program.run(1);
      setTimeout(() => program.run(1).then(() => console.log('ran twice')), 30);
    })()`;
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--eval', program], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect({ stdout, stderr, status }).toEqual({ stdout: 'ran twice\n', stderr: '', status: 0 });
  });

  it('computes what is little work on the calling thread, with the same bits', async () => {
    const works: number[] = [];
    const watched: typeof threadedHost = {
      ...threadedHost,
      async startWorker(start) {
        const worker = await threadedHost.startWorker!(start);
        return {
          ...worker,
          run(...args: Parameters<typeof worker.run>) {
            works.push(start.thread);
            return worker.run(...args);
          },
        };
      },
    };
    const results = [];
    for (const inlineWork of [0, undefined]) {
      const engine = await keep(createWasmEngine(watched, { threads: 2, inlineWork }));
      results.push(await trainSteps(engine, mixed, 1, 4));
      if (inlineWork === 0) expect(works.splice(0)).toEqual([0, 1]);
    }
    expect(results[1]).toEqual(results[0]);
    expect(works).toEqual([]);
  });

  it('computes one picture on the calling thread where threads would share it badly, with the same bits', async () => {
    let runs = 0;
    const watched: typeof threadedHost = {
      ...threadedHost,
      async startWorker(start) {
        const worker = await threadedHost.startWorker!(start);
        return {
          ...worker,
          run(...args: Parameters<typeof worker.run>) {
            runs++;
            return worker.run(...args);
          },
        };
      },
    };
    const spec = buildPreset('resnet20', { input: [32, 32, 3], classes: 10 });
    const logits: Float32Array[] = [];
    const woken: number[] = [];
    for (const inlineWork of [0, undefined]) {
      const engine = await keep(createWasmEngine(watched, { threads: 2, inlineWork }));
      const model = buildModel(spec, { training: false, inputType: 'uint8' });
      const program = await engine.compile(model.graph, { capacity: 32, outputs: [model.logits] });
      initializeWeights(engine, model.parameters, 1);
      for (const n of [1, 32]) {
        runs = 0;
        program.write(
          model.input,
          Uint8Array.from({ length: n * 3072 }, (_, i) => (i * 7) % 256),
        );
        await program.run(n);
        logits.push(program.read(model.logits));
        woken.push(runs);
      }
    }
    expect(woken).toEqual([2, 2, 0, 2]);
    expect(logits.slice(2)).toEqual(logits.slice(0, 2));
  });

  it('refuses what does not fit 4 GiB with the numbers', async () => {
    const engine = await keep(createEngine({ inline: true }));
    const spec = buildPreset('mnist-cnn', { input: [512, 512, 1], classes: 10 });
    const model = buildModel(spec, { training: false, inputType: 'uint8' });
    await expect(engine.compile(model.graph, { capacity: 1500, outputs: [model.logits] })).rejects.toThrow(
      /Expected at most 4 GiB .* but received '\d+\.\d+ GiB'.*smaller batch/,
    );
  });

  it('refuses a number of threads that is none', async () => {
    await expect(createEngine({ threads: 0 })).rejects.toThrow(
      /Expected a whole number from 1 to 64 for threads but received 0/,
    );
  });
});
