import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differentiate } from '../../src/core/autodiff/differentiate.ts';
import type { Engine } from '../../src/core/backend/backend.ts';
import { readSafetensors, type Tensor } from '../../src/core/formats/safetensors.ts';
import { appendLoss } from '../../src/core/losses/index.ts';
import { type BuiltModel, buildModel, type ParameterInfo } from '../../src/core/model/build.ts';
import { toFileLayout } from '../../src/core/model/layout.ts';
import { buildPreset, type Preset, presetNamed } from '../../src/core/model/presets/index.ts';
import { mobilenetV2 } from '../../src/core/model/presets/mobilenetV2.ts';
import { mobilenetV3Small } from '../../src/core/model/presets/mobilenetV3Small.ts';
import { resnet18 } from '../../src/core/model/presets/resnet18.ts';
import type { ModelSpec } from '../../src/core/model/spec.ts';
import { loadWeights } from '../../src/core/model/weights.ts';
import { testData } from '../test-data.ts';
import { expectClose } from './compare.ts';
import { permute } from './files.ts';

/**
 * The goldens by file name, the preset that must equal each, and whether the repository holds it. Deep and narrow nets on
 * batches of two lose more bits: `looseness` multiplies what values may differ by.
 */
const models: readonly { file: string; preset: Preset; committed: boolean; looseness?: number }[] = [
  { file: 'lenet5', preset: presetNamed('lenet5'), committed: true },
  { file: 'vgg6_bn', preset: presetNamed('vgg6-bn'), committed: true },
  { file: 'resnet20_cifar_b', preset: presetNamed('resnet20'), committed: false },
  { file: 'resnet18_w16', preset: resnet18(16), committed: false },
  { file: 'mobilenet_v2', preset: mobilenetV2(0), committed: false, looseness: 4 },
  { file: 'mobilenet_v3_small_w', preset: mobilenetV3Small({ width: 0.5, rate: 0 }), committed: false, looseness: 4 },
];

interface Manifest {
  readonly input_shape: readonly number[];
  readonly labels: readonly number[];
  readonly parameters: number;
  readonly loss_train_mode: number;
  readonly gradient_l2_norms: Readonly<Record<string, number>>;
  readonly gradients_that_are_zero_up_to_rounding: readonly string[];
}

/** What an engine may differ by. `values` is a share of the largest expected value, `norms` a relative difference. */
export interface ModelTolerance {
  readonly values: number;
  readonly norms: number;
}

/** The float64 reference differs only by the rounding of the files; float32 engines by their own rounding too. */
export const referenceTolerance: ModelTolerance = { values: 1e-6, norms: 1e-6 };
export const float32Tolerance: ModelTolerance = { values: 5e-5, norms: 1e-3 };

const largest = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
const l2Norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));

class Golden {
  readonly manifest: Manifest;
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly io: ReadonlyMap<string, Tensor>;
  readonly spec: ModelSpec;
  private readonly tolerance: ModelTolerance;

  constructor(folder: string, file: string, preset: Preset, tolerance: ModelTolerance) {
    const read = (name: string) => readFileSync(join(folder, `${file}.${name}`));
    this.manifest = JSON.parse(read('json').toString('utf8'));
    this.weights = readSafetensors(read('weights.safetensors'), file).tensors;
    this.io = readSafetensors(read('io.safetensors'), file).tensors;
    const [, channels, height, width] = this.manifest.input_shape;
    this.spec = buildPreset(preset, { input: [height, width, channels], classes: 10 });
    this.tolerance = tolerance;
  }

  tensor(name: string): Float32Array {
    const found = this.io.get(name);
    if (!found) throw new Error(`no tensor ${name}`);
    return found.data as Float32Array;
  }

  /** [n, height, width, channels]. */
  get pictures(): Float32Array {
    return permute(this.tensor('input'), this.manifest.input_shape, [0, 2, 3, 1]);
  }

  close(name: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
    expectClose(name, actual, expected, this.tolerance.values * largest(expected));
  }
}

/** Weights as the file has them: its integer counters are skipped by `loadWeights`. */
function load(engine: Engine, model: BuiltModel, golden: Golden): void {
  const tensors = new Map([...golden.weights].map(([name, { shape, data }]) => [name, { shape, data }]));
  loadWeights(engine, model.parameters, tensors, 'the golden weights');
}

interface TrainingPass {
  readonly logits: Float32Array;
  readonly loss: number;
  /** In the file's layout, by parameter name. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly parameters: readonly ParameterInfo[];
}

async function runTraining(engine: Engine, golden: Golden): Promise<TrainingPass> {
  const model = buildModel(golden.spec, { training: true, inputType: 'float32' });
  const { graph, logits, parameters } = model;
  const { loss, labels } = appendLoss(graph, logits);
  const trainable = parameters.filter((info) => info.trainable);
  const gradients = differentiate(graph, { of: loss, wanted: trainable.map(({ value }) => value) });
  const program = await engine.compile(graph, { capacity: 2, outputs: [logits, loss, ...gradients.values()] });
  load(engine, model, golden);
  program.write(model.input, golden.pictures);
  program.write(labels, Int32Array.from(golden.manifest.labels));
  await program.run(2);
  const result = {
    logits: program.read(logits),
    loss: program.read(loss)[0],
    gradients: new Map(
      trainable.map((info) => [info.name, toFileLayout(info, program.read(gradients.get(info.value)!))]),
    ),
    parameters,
  };
  program.dispose();
  return result;
}

async function runEvaluation(engine: Engine, golden: Golden): Promise<Float32Array> {
  const model = buildModel(golden.spec, { training: false, inputType: 'float32' });
  const program = await engine.compile(model.graph, { capacity: 2, outputs: [model.logits] });
  load(engine, model, golden);
  program.write(model.input, golden.pictures);
  await program.run(2);
  const logits = program.read(model.logits);
  program.dispose();
  return logits;
}

function checkNorms(golden: Golden, gradients: TrainingPass['gradients'], tolerance: number): void {
  const zero = new Set(golden.manifest.gradients_that_are_zero_up_to_rounding);
  const expected = golden.manifest.gradient_l2_norms;
  expect([...gradients.keys()].sort()).toEqual(Object.keys(expected).sort());
  for (const [name, gradient] of gradients) {
    const norm = l2Norm(gradient);
    if (zero.has(name)) {
      const scale = expected[name.replace(/bias$/, 'weight')];
      if (!(norm <= tolerance * scale))
        throw new Error(`gradient of ${name}: norm ${norm}, expected 0 beside ${scale}`);
    } else expectClose(`norm of the gradient of ${name}`, [norm], [expected[name]], tolerance * expected[name]);
  }
}

/** Runs whole models of PyTorch's on an engine: logits, loss, every gradient's norm, running statistics. */
export function runModelGoldens(
  describeName: string,
  makeEngine: () => Engine | Promise<Engine>,
  tolerance: ModelTolerance = float32Tolerance,
): void {
  for (const { file, preset, committed, looseness = 1 } of models) {
    const allowed = { ...tolerance, values: looseness * tolerance.values };
    const folder = committed ? fileURLToPath(new URL('./data/models', import.meta.url)) : testData('goldens/models');
    describe.skipIf(folder === undefined)(`${describeName}: ${file}`, () => {
      let golden: Golden;
      let engine: Engine;
      let pass: TrainingPass;
      const statistics = new Map<string, Float32Array>();
      beforeAll(async () => {
        golden = new Golden(folder!, file, preset, allowed);
        engine = await makeEngine();
        pass = await runTraining(engine, golden);
        for (const { name, trainable } of pass.parameters) {
          if (!trainable) statistics.set(name, engine.readPersistent(name));
        }
      }, 120_000);
      afterAll(async () => {
        await engine?.dispose();
      });

      it('has as many parameters', () => {
        const count = [...pass.gradients.values()].reduce((sum, { length }) => sum + length, 0);
        expect(count).toBe(golden.manifest.parameters);
      });

      it('gives the logits in evaluation', async () => {
        golden.close('logits', await runEvaluation(engine, golden), golden.tensor('eval_logits'));
      }, 60_000);

      it('gives the logits and the loss in training', () => {
        golden.close('logits', pass.logits, golden.tensor('train_logits'));
        golden.close('loss', [pass.loss], [golden.manifest.loss_train_mode]);
      });

      it('gives the norm of every gradient', () => checkNorms(golden, pass.gradients, tolerance.norms));

      it('gives whole gradients', () => {
        const whole = [...golden.io.keys()].filter((name) => name.startsWith('grad.'));
        expect(whole).toHaveLength(3);
        for (const name of whole) {
          const expected = golden.tensor(name);
          const share = looseness > 1 ? tolerance.norms : tolerance.values;
          expectClose(name, pass.gradients.get(name.slice(5))!, expected, share * largest(expected));
        }
      });

      it('updates the running statistics', () => {
        const prefix = 'after_train_forward.';
        const given = [...golden.io.keys()].filter((name) => name.startsWith(prefix));
        expect(given.length > 0).toBe(statistics.size > 0);
        for (const name of given) {
          golden.close(name, statistics.get(name.slice(prefix.length))!, golden.tensor(name));
        }
      });
    });
  }
}
