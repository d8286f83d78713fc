import type { Engine, Program } from '../../backend/backend.ts';
import type { Value } from '../../graph/graph.ts';
import { buildPreset, presetNamed } from '../../model/presets/index.ts';
import type { ModelSpec } from '../../model/spec.ts';
import { initializeWeights } from '../../model/weights.ts';
import type { Algorithm } from '../../plan/lowering.ts';
import { RandomStream } from '../../random.ts';
import { type Shape, sizeOf } from '../../shape.ts';
import { defaultsOf } from '../../train/defaults.ts';
import { buildTraining, compileEvaluation } from '../../train/programs.ts';
import type { OptimizerSpec } from '../../train/recipe.ts';
import { alternate, type Budget, type Timed } from './alternate.ts';

/** What a preset does with pictures that are in memory already. */
export interface PresetFigure {
  readonly preset: string;
  readonly input: Shape;
  /** Pictures a step. */
  readonly batch: number;
  readonly trainingImagesPerSecond: number;
  readonly inferenceImagesPerSecond: number;
  /** Milliseconds for a batch of one picture, engine and weights being ready. */
  readonly onePictureMilliseconds: number;
}

const classes = 10;
const small: Shape = [28, 28, 1];
const colour: Shape = [32, 32, 3];
const photograph: Shape = [64, 64, 3];
/** The least size that presets for photographs take is at least this. */
const photographMinimum = 25;
/** Presets that people use for small grey pictures; the others are timed on colour ones. */
const forGrey = new Set(['linear', 'mlp', 'lenet5', 'mnist-cnn']);

export function benchInput(preset: string): Shape {
  if (forGrey.has(preset)) return small;
  return presetNamed(preset).minimumSize >= photographMinimum ? photograph : colour;
}

/** A training step as `fovea train` does it by default: its optimizer and batch, plain cross-entropy, no augmentation. */
export async function compileStep(
  engine: Engine,
  preset: string,
): Promise<{ step: Timed; spec: ModelSpec; batch: number }> {
  const input = benchInput(preset);
  const spec = buildPreset(preset, { input, classes });
  const { optimizer, batch } = defaultsOf(preset);
  return { step: (await compileTraining(engine, spec, { optimizer, batch }))(batch), spec, batch };
}

/** Training steps of any model; what it gives runs one with n pictures, n being at most `batch`. */
export async function compileTraining(
  engine: Engine,
  spec: ModelSpec,
  { optimizer, batch, algorithm }: { optimizer: OptimizerSpec; batch: number; algorithm?: Algorithm },
): Promise<(n: number) => Timed> {
  const { input } = spec;
  const recipe = { model: spec, optimizer, loss: { type: 'softmaxCrossEntropy' } };
  const built = buildTraining(recipe, normalisation(input));
  const { model, labels, losses, rates } = built;
  const program = await engine.compile(model.graph, { capacity: batch, outputs: [model.logits, losses], algorithm });
  initializeWeights(engine, model.parameters, 0);
  const random = new RandomStream(0, 'sample');
  const inputsOf = (n: number): [Value, Uint8Array | Int32Array | Float32Array][] => [
    [model.input, pixels(n, input)],
    [labels, Int32Array.from({ length: n }, () => random.below(spec.classes))],
    ...rates.map(({ optimizer: own, options, scalars }): [Value, Float32Array] => [
      scalars,
      Float32Array.from(own.scalars(options, 1e-4, 1)),
    ]),
    ...built.fixedInputs.map(({ value, data }): [Value, typeof data] => [value, data]),
    ...(model.step ? [[model.step, Int32Array.of(0, 0)] satisfies [Value, Int32Array]] : []),
  ];
  return (n) => runOf(program, inputsOf(n), n);
}

export async function benchPreset(engine: Engine, preset: string, budget: Budget): Promise<PresetFigure> {
  const { step, spec, batch } = await compileStep(engine, preset);
  const input = benchInput(preset);
  const { model, labels, program } = await compileEvaluation(engine, spec, normalisation(input), batch);
  const infer = (n: number): Timed =>
    runOf(
      program,
      [
        [model.input, pixels(n, input)],
        [labels, new Int32Array(n)],
      ],
      n,
    );
  const [training, inference, one] = await alternate([step, infer(batch), infer(1)], budget);
  return {
    preset,
    input,
    batch,
    trainingImagesPerSecond: (1000 * batch) / training,
    inferenceImagesPerSecond: (1000 * batch) / inference,
    onePictureMilliseconds: one,
  };
}

/** Writing the pictures to the engine is part of the time, as in training. */
const runOf = (
  program: Program,
  inputs: readonly (readonly [Value, Uint8Array | Int32Array | Float32Array])[],
  n: number,
): Timed => ({
  async run() {
    for (const [value, data] of inputs) program.write(value, data);
    await program.run(n);
  },
});

const normalisation = (input: Shape): { mean: number[]; std: number[] } => ({
  mean: new Array<number>(input[2]).fill(0.5),
  std: new Array<number>(input[2]).fill(0.25),
});

function pixels(n: number, input: Shape): Uint8Array {
  const random = new RandomStream(0, 'sample', 1);
  return Uint8Array.from({ length: n * sizeOf(input) }, () => random.below(256));
}
