import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CompileOptions } from '../../src/core/backend/backend.ts';
import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import { readClassifier } from '../../src/core/classifier/file.ts';
import { Graph } from '../../src/core/graph/graph.ts';
import { buildModel } from '../../src/core/model/build.ts';
import { buildPreset, presets } from '../../src/core/model/presets/index.ts';
import { conv2d } from '../../src/core/ops/conv2d.ts';
import { describePlan } from '../../src/core/plan/describe.ts';
import { algorithms } from '../../src/core/plan/lowering.ts';
import { expectedError } from '../../src/core/plan/lowerings/winograd.ts';
import { RandomStream } from '../../src/core/random.ts';
import { describeKernels } from '../../src/core/train/describe-kernels.ts';
import { createWorkbench } from '../../src/core/workbench/workbench.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { createEngine } from '../../src/node/engine.ts';
import { writeBars } from '../cli/fovea.ts';
import { temporaryFolder } from '../test-data.ts';

const specOf = (name: string) => buildPreset(name, { input: [32, 32, 3], classes: 10 });
const isWinograd = (kernel: string): boolean => kernel.includes('winograd');

describe('what a plan says of itself', () => {
  for (const { name } of presets) {
    it.each(algorithms)(`is what runs: ${name}, %s`, (algorithm) => {
      const { layers } = describeKernels(specOf(name), name, algorithm);
      for (const { id, evaluation, forward, backward } of layers) {
        for (const { kernels, choices } of [evaluation, forward, backward]) {
          const chosen = choices.some(({ method }) => method === 'winograd');
          expect(chosen, id).toBe(kernels.some(isWinograd));
          if (algorithm === 'direct') expect(chosen).toBe(false);
          for (const { method, error, why } of choices) {
            expect(error).toBe(expectedError[method]);
            expect(why).toMatch(/^[A-Z].{20,160}\.$/);
          }
        }
      }
    });
  }

  it('gives every kernel to a layer, and says which layers a kernel computes as well', () => {
    const { layers } = describeKernels(specOf('resnet20'), 'resnet20');
    const spec = specOf('resnet20');
    const { graph, logits } = buildModel(spec, { training: false, inputType: 'uint8' });
    const all = describePlan(graph, { capacity: 2, outputs: [logits] }).flatMap(({ kernels }) => kernels);
    const told = layers.flatMap(({ evaluation }) => evaluation.kernels);
    expect(new Set([...told, 'imageToFloat_forward'])).toEqual(new Set(all));
    const block = layers.find(({ id }) => id === 'layer1.0.conv2');
    expect(block?.evaluation.with).toEqual(['layer1.0.bn2', 'layer1.0.add', 'layer1.0.relu2']);
    expect(block?.evaluation.choices).toHaveLength(1);
    expect(layers.find(({ id }) => id === 'layer1.0.bn2')?.evaluation.kernels).toEqual([]);
    expect(layers.find(({ id }) => id === 'conv1')?.forward.choices[0].why).toContain('3 channels are fewer than 16');
    const strided = layers.find(({ id }) => id === 'layer2.0.conv1');
    expect(strided?.backward.choices[0].why).toContain('stride is 2x2');
  });

  it.each(algorithms)('promises an error that %s keeps to', async (algorithm) => {
    const engine = await createEngine({ inline: true });
    const random = new RandomStream(3, 'sample');
    const data = [16 * 16 * 32, 9 * 32 * 32].map((length) =>
      Float32Array.from({ length }, () => 2 * random.uniform() - 1),
    );
    const [ours, exact] = await Promise.all(
      [engine, createReferenceEngine()].map(async (on) => {
        const graph = new Graph();
        const x = graph.source('input', 'x', { shape: [16, 16, 32] });
        const weight = graph.source('input', 'w', { shape: [3, 3, 32, 32], batched: false });
        const outputs = graph.apply(conv2d, [x, weight], { padding: [1, 1, 1, 1] });
        const program = await on.compile(graph, { capacity: 1, outputs, algorithm });
        program.write(x, data[0]);
        program.write(weight, data[1]);
        await program.run(1);
        return program.read(outputs[0]);
      }),
    );
    const rms = Math.sqrt(exact.reduce((sum, value) => sum + value * value, 0) / exact.length);
    const largest = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i])), 0) / rms;
    const promised = expectedError[algorithm === 'auto' ? 'winograd' : 'direct'];
    // What is to be expected, not a bound: the largest of 8,192 errors of sums of 288 products.
    expect(largest).toBeLessThan(4 * promised);
    expect(largest).toBeGreaterThan(0);
    await engine.dispose();
  });
});

describe('the algorithm of a run', () => {
  it('goes with the recipe and the model: training, resuming, testing and classifying compute alike', async () => {
    const folder = temporaryFolder();
    const data = writeBars(join(folder, 'bars'));
    const asked: CompileOptions['algorithm'][] = [];
    const workbench = createWorkbench({
      ...nodeAdapters,
      async createEngine(options) {
        const engine = await nodeAdapters.createEngine(options);
        const compile = engine.compile.bind(engine);
        engine.compile = (graph, given) => {
          asked.push(given.algorithm);
          return compile(graph, given);
        };
        return engine;
      },
    });
    const request = { data, model: 'vgg6-bn', epochs: 1, threads: 1, batch: 50 };
    const run = join(folder, 'direct');
    const direct = await workbench.train({ ...request, algorithm: 'direct', out: run });
    expect(new Set(asked)).toEqual(new Set(['direct']));
    await workbench.train({ resume: run, epochs: 2, threads: 1 });
    await workbench.test({ run, threads: 1 });
    const file = join(folder, 'direct', 'best.safetensors');
    expect(readClassifier(readFileSync(file), file).algorithm).toBe('direct');
    expect(new Set(asked)).toEqual(new Set(['direct']));
    expect(JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')).recipe.algorithm).toBe('direct');

    asked.length = 0;
    const auto = await workbench.train({ ...request, out: join(folder, 'auto') });
    expect(new Set(asked)).toEqual(new Set(['auto']));
    expect(JSON.parse(readFileSync(join(folder, 'auto', 'run.json'), 'utf8')).recipe.algorithm).toBe('auto');
    // Other kernels, other last bits.
    expect(auto.weights).not.toBe(direct.weights);
    await expect(workbench.train({ ...request, algorithm: 'fast' as never, out: 'x' })).rejects.toThrow(
      /Expected one of auto, direct for option 'algorithm' but received 'fast'/,
    );
  });

  it('is refused in a file where it is no algorithm', async () => {
    const folder = temporaryFolder();
    const workbench = createWorkbench(nodeAdapters);
    const data = writeBars(join(folder, 'bars'), 60);
    const out = join(folder, 'run');
    await workbench.train({ data, model: 'linear', epochs: 1, threads: 1, algorithm: 'direct', out });
    const file = join(out, 'best.safetensors');
    const bytes = readFileSync(file);
    const text = bytes.toString('latin1').replace('\\"direct\\"', '\\"driect\\"');
    expect(() => readClassifier(Buffer.from(text, 'latin1'), file)).toThrow(/fovea\.algorithm/);
  });
});
