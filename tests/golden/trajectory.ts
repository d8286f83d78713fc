import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differentiate } from '../../src/core/autodiff/differentiate.ts';
import type { Engine, Program } from '../../src/core/backend/backend.ts';
import { idxImages, idxLabels, readIdx } from '../../src/core/formats/idx.ts';
import { readSafetensors, type Tensor } from '../../src/core/formats/safetensors.ts';
import type { Value } from '../../src/core/graph/graph.ts';
import { completeOptions } from '../../src/core/layers/options.ts';
import { appendLoss } from '../../src/core/losses/index.ts';
import { buildModel, type ParameterInfo } from '../../src/core/model/build.ts';
import { conv2d, flatten, linear, maxPool2d, relu, sequential } from '../../src/core/model/builder.ts';
import { toFileLayout } from '../../src/core/model/layout.ts';
import { adapt } from '../../src/core/model/spec.ts';
import { loadWeights, saveWeights } from '../../src/core/model/weights.ts';
import { optimizers } from '../../src/core/optimizers/index.ts';
import { testData } from '../test-data.ts';
import { expectClose } from './compare.ts';

const BATCH = 64;
const STEPS = 200;
const TEST_IMAGES = 1000;

const spec = adapt(
  sequential([
    conv2d(8, { kernelSize: 3, padding: 1 }),
    relu(),
    maxPool2d(2),
    conv2d(16, { kernelSize: 3, padding: 1 }),
    relu(),
    maxPool2d(2),
    flatten(),
    linear(undefined, { id: 'fc' }),
  ]),
  { input: [28, 28, 1], classes: 10 },
);

interface Run {
  readonly lr: number;
  readonly losses_float64: readonly number[];
  readonly test_accuracy_first_1000: { readonly float64: number; readonly float32: number };
}

/** What the two runs are, and what they may differ by: SGD with momentum is chaotic here, AdamW is not. */
const runs = [
  {
    name: 'sgd',
    options: { momentum: 0.9 },
    /** Allowed difference of the loss of a step, 0 … 199. */
    lossTolerance: (step: number) => (step < 10 ? 1e-5 : step < 50 ? 2e-3 : 0.2),
    accuracyTolerance: 0.03,
    /** Of the final weights and the test logits; undefined where chaos has the last word. */
    finalTolerance: undefined,
  },
  {
    name: 'adamw',
    options: { beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01 },
    lossTolerance: () => 3e-4,
    accuracyTolerance: 0.01,
    finalTolerance: { weights: 5e-3, logits: 0.05 },
  },
] as const;

interface Pictures {
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
}

async function readPictures(folder: string, part: 'train' | 't10k'): Promise<Pictures> {
  const read = async (kind: string) => {
    const name = `${part}-${kind}-ubyte.gz`;
    return readIdx(readFileSync(join(folder, name)), name);
  };
  const images = idxImages(await read('images-idx3'), part);
  return { pixels: images.pixels, labels: Int32Array.from(idxLabels(await read('labels-idx1'), part)) };
}

interface Training {
  readonly program: Program;
  readonly parameters: readonly ParameterInfo[];
  readonly gradients: ReadonlyMap<Value, Value>;
  /** Runs step 1, 2, … on the next batch and returns its loss. */
  step(number: number): Promise<number>;
}

/** Compiles one training step: forward, loss, backward, update. */
async function prepare(engine: Engine, pictures: Pictures, run: (typeof runs)[number], lr: number): Promise<Training> {
  const { graph, input, logits, parameters } = buildModel(spec, { training: true, inputType: 'uint8' });
  const { loss, labels } = appendLoss(graph, logits);
  const gradients = differentiate(graph, { of: loss, wanted: parameters.map(({ value }) => value) });
  const optimizer = optimizers.find(({ name }) => name === run.name)!;
  const options = completeOptions(optimizer, run.options, `optimizer '${run.name}'`);
  const count = optimizer.scalars(options, lr, 1).length;
  const scalars = graph.source('input', 'scalars', { shape: [count], batched: false });
  for (const { name, value } of parameters) {
    const states = optimizer.states(options).map((state) => {
      return graph.source('state', `${name}.${state}`, { shape: value.shape });
    });
    graph.apply(optimizer.update, [value, gradients.get(value)!, scalars, ...states], options, `${name}.update`);
  }
  const program = await engine.compile(graph, { capacity: BATCH, outputs: [loss, ...gradients.values()] });
  const size = 28 * 28;
  return {
    program,
    parameters,
    gradients,
    async step(number) {
      const first = (number - 1) * BATCH;
      program.write(input, pictures.pixels.subarray(first * size, (first + BATCH) * size));
      program.write(labels, pictures.labels.subarray(first, first + BATCH));
      program.write(scalars, Float32Array.from(optimizer.scalars(options, lr, number)));
      await program.run(BATCH);
      return program.read(loss)[0];
    },
  };
}

/** Logits of the first 1,000 test pictures. */
async function testLogits(engine: Engine, { pixels }: Pictures): Promise<Float32Array> {
  const model = buildModel(spec, { training: false, inputType: 'uint8' });
  const program = await engine.compile(model.graph, { capacity: TEST_IMAGES, outputs: [model.logits] });
  program.write(model.input, pixels.subarray(0, TEST_IMAGES * 28 * 28));
  await program.run(TEST_IMAGES);
  const logits = program.read(model.logits);
  program.dispose();
  return logits;
}

function accuracyOf(logits: Float32Array, labels: Int32Array): number {
  let right = 0;
  for (let i = 0; i < TEST_IMAGES; i++) {
    const row = logits.subarray(10 * i, 10 * i + 10);
    if (row.indexOf(Math.max(...row)) === labels[i]) right++;
  }
  return right / TEST_IMAGES;
}

/**
 * A small network trained on Fashion-MNIST in file order as PyTorch did.
 *
 * @param steps how many of the 200 steps to run; only the whole 200 are followed by a test.
 */
export function runTrajectoryGoldens(
  describeName: string,
  makeEngine: () => Engine | Promise<Engine>,
  steps: number = STEPS,
): void {
  const goldens = testData('goldens');
  const fashion = testData('fashion-mnist');
  for (const run of runs) {
    describe.skipIf(!goldens || !fashion)(`${describeName}: ${run.name} on Fashion-MNIST`, () => {
      let golden: Run;
      let tensors: ReadonlyMap<string, Tensor>;
      let engine: Engine;
      let training: Training;
      const losses: number[] = [];
      const firstGradients = new Map<string, Float32Array>();
      const tensor = (name: string) => tensors.get(`${run.name}.${name}`)!.data as Float32Array;

      beforeAll(async () => {
        golden = JSON.parse(readFileSync(join(goldens!, 'trajectory_fashion.json'), 'utf8')).runs[run.name];
        const file = 'trajectory_fashion.safetensors';
        tensors = readSafetensors(readFileSync(join(goldens!, file)), file).tensors;
        engine = await makeEngine();
        training = await prepare(engine, await readPictures(fashion!, 'train'), run, golden.lr);
        const initial = [...tensors].filter(([name]) => name.startsWith('init.'));
        loadWeights(engine, training.parameters, new Map(initial.map(([name, t]) => [name.slice(5), t])));
        for (let step = 1; step <= steps; step++) {
          losses.push(await training.step(step));
          if (step > 1) continue;
          for (const info of training.parameters) {
            const gradient = training.program.read(training.gradients.get(info.value)!);
            firstGradients.set(info.name, toFileLayout(info, gradient));
          }
        }
      }, 300_000);
      afterAll(async () => {
        await engine?.dispose();
      });

      it('gives the gradients of the first step', () => {
        expect(firstGradients.size).toBe(6);
        for (const [name, gradient] of firstGradients) {
          const expected = tensor(`first_step_grad.${name}`);
          const scale = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
          expectClose(`gradient of ${name}`, gradient, expected, 1e-5 * scale);
        }
      });

      it(`gives the loss of ${steps} steps`, () => {
        expect(losses).toHaveLength(steps);
        losses.forEach((loss, i) => {
          expectClose(`loss of step ${i + 1}`, [loss], [golden.losses_float64[i]], run.lossTolerance(i));
        });
      });

      if (steps < STEPS) return;
      it('ends at the same place', async () => {
        const test = await readPictures(fashion!, 't10k');
        const logits = await testLogits(engine, test);
        const accuracy = accuracyOf(logits, test.labels);
        expectClose('accuracy', [accuracy], [golden.test_accuracy_first_1000.float64], run.accuracyTolerance);
        if (!run.finalTolerance) return;
        expectClose('logits', logits.subarray(0, 160), tensor('test_logits_first16'), run.finalTolerance.logits);
        for (const [name, { data }] of saveWeights(engine, training.parameters)) {
          expectClose(name, data, tensor(`final.${name}`), run.finalTolerance.weights);
        }
      });
    });
  }
}
