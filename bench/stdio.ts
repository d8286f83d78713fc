// Training steps and inference on request, line by line, so that another program can alternate it with a rival:
//   -> NAME        one training step (forward, loss, backward, optimizer) of that network
//   <- MS          its wall time in milliseconds
// First line printed: `ready NAME NAME …`. `infer:NAME` times a forward pass in evaluation mode of the same batch.
// `loss:NAME FILE` does one training step from the weights and on the batch in a .safetensors file (tensors `input`
// [n, channels, height, width] float32 and `labels` [n] int32, the others as in a state_dict of that preset) and answers
// the loss with 9 digits, so that what is timed can be checked to be right. What goes wrong is answered as `error: …`.
// `--threads N` (default 2), `--batch N` (default 128), `--turbo` (what came of it is told on stderr). Networks: the
// presets mnist-cnn, resnet20 and mobile, SGD with momentum 0.9 and learning rate 0.01, float32 pictures already in
// memory; writing them to the engine is in the time.
// `--settle MS` (default 10): waits that long before the clock starts. A rival on OpenMP (PyTorch) leaves its threads
// spinning for some milliseconds after a step, on the cores that are to be measured; ours sleep at once, so that it
// starts on an idle machine. `--settle 0` measures us against what spins.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { differentiate } from '#fovea/core/autodiff/differentiate.js';
import type { Engine, Program } from '#fovea/core/backend/backend.js';
import { invalid } from '#fovea/core/errors.js';
import { readSafetensors } from '#fovea/core/formats/safetensors.js';
import type { Value } from '#fovea/core/graph/graph.js';
import { completeOptions } from '#fovea/core/layers/options.js';
import { appendLoss } from '#fovea/core/losses/index.js';
import { type BuiltModel, buildModel } from '#fovea/core/model/build.js';
import { buildPreset } from '#fovea/core/model/presets/index.js';
import { initializeWeights, loadWeights } from '#fovea/core/model/weights.js';
import { updateAttributes } from '#fovea/core/optimizers/index.js';
import { sgd } from '#fovea/core/optimizers/sgd.js';
import { RandomStream } from '#fovea/core/random.js';
import { createEngine } from '#fovea/node/engine.js';
import { prepareTurbo } from '#fovea/node/turbo.js';

const { values: options } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    batch: { type: 'string', default: '128' },
    settle: { type: 'string', default: '10' },
    turbo: { type: 'boolean', default: process.env.FOVEA_TURBO === '1' },
  },
});
const batch = Number(options.batch);
const settle = Number(options.settle);
const inputs: Readonly<Record<string, readonly [number, number, number]>> = {
  'mnist-cnn': [28, 28, 1],
  resnet20: [32, 32, 3],
  mobile: [32, 32, 3],
};

/** A compiled program with the data that it runs on. */
class Job {
  private readonly program: Program;
  private readonly data: readonly (readonly [Value, Float32Array | Int32Array])[];

  constructor(program: Program, data: Job['data']) {
    this.program = program;
    this.data = data;
  }

  async time(): Promise<number> {
    if (settle > 0) await new Promise((resolve) => setTimeout(resolve, settle));
    const start = performance.now();
    for (const [value, data] of this.data) this.program.write(value, data);
    await this.program.run(batch);
    return performance.now() - start;
  }
}

async function makeEngine(name: string): Promise<{ engine: Engine; pictures: Float32Array; labels: Int32Array }> {
  const [height, width, channels] = inputs[name];
  const random = new RandomStream(0, 'sample');
  const pictures = Float32Array.from({ length: batch * height * width * channels }, () => 2 * random.uniform() - 1);
  const labels = Int32Array.from({ length: batch }, () => random.below(10));
  return { engine: await createEngine({ threads: Number(options.threads), turbo: options.turbo }), pictures, labels };
}

/** A training step of a preset: forward, loss, backward, update. */
async function compileStep(
  engine: Engine,
  name: string,
  capacity: number,
): Promise<{
  program: Program;
  model: BuiltModel;
  loss: Value;
  labels: Value;
  scalars: readonly [Value, Float32Array];
}> {
  const spec = buildPreset(name, { input: inputs[name], classes: 10 });
  const model = buildModel(spec, { training: true, inputType: 'float32' });
  const { graph } = model;
  const { loss, labels } = appendLoss(graph, model.logits, undefined, 'mean');
  const trained = model.parameters.filter(({ trainable }) => trainable);
  const gradients = differentiate(graph, { of: loss, wanted: trained.map(({ value }) => value) });
  const settings = completeOptions(sgd, { momentum: 0.9 }, "optimizer 'sgd'");
  const numbers = Float32Array.from(sgd.scalars(settings, 0.01, 2));
  const scalars = graph.source('input', 'scalars', { shape: [numbers.length], batched: false });
  for (const { name: parameter, value, decay } of trained) {
    const states = sgd
      .states(settings)
      .map((state) => graph.source('state', `${parameter}.${state}`, { shape: value.shape, batched: false }));
    const update = [value, gradients.get(value) as Value, scalars, ...states];
    graph.apply(sgd.update, update, updateAttributes(settings, decay), `${parameter}.update`);
  }
  const program = await engine.compile(graph, { capacity, outputs: [loss] });
  return { program, model, loss, labels, scalars: [scalars, numbers] };
}

async function makeJobs(name: string): Promise<{ step: Job; infer: Job }> {
  const { engine, pictures, labels: answers } = await makeEngine(name);
  const { program, model, labels, scalars } = await compileStep(engine, name, batch);
  initializeWeights(engine, model.parameters, 0);
  const step = new Job(program, [[model.input, pictures], [labels, answers], scalars]);
  const spec = buildPreset(name, { input: inputs[name], classes: 10 });
  const evaluation = buildModel(spec, { training: false, inputType: 'float32' });
  const forward = await engine.compile(evaluation.graph, { capacity: batch, outputs: [evaluation.logits] });
  return { step, infer: new Job(forward, [[evaluation.input, pictures]]) };
}

/** The loss of one training step from a file's weights on a file's batch. @throws FoveaError for a file that does not fit. */
async function lossOf(name: string, file: string): Promise<number> {
  const { tensors } = readSafetensors(await readOrRefuse(file), file);
  const [input, labels] = ['input', 'labels'].map((key) => {
    const tensor = tensors.get(key);
    if (!tensor) throw invalid(`a tensor '${key}'`, `file '${file}'`, undefined);
    tensors.delete(key);
    return tensor;
  });
  const [height, width, channels] = inputs[name];
  const [n] = input.shape;
  if (input.shape.join() !== [n, channels, height, width].join() || !(input.data instanceof Float32Array)) {
    throw invalid(`F32 of n x ${channels} x ${height} x ${width}`, `tensor 'input' in file '${file}'`, input.shape);
  }
  if (labels.data.length !== n || !(labels.data instanceof Int32Array)) {
    throw invalid(`I32 of ${n} labels`, `tensor 'labels' in file '${file}'`, labels.shape);
  }
  const engine = await createEngine({ threads: Number(options.threads), turbo: options.turbo });
  try {
    const step = await compileStep(engine, name, n);
    loadWeights(engine, step.model.parameters, tensors, `file '${file}'`);
    step.program.write(step.model.input, toChannelsLast(input.data, n, channels, height * width));
    step.program.write(step.labels, labels.data);
    step.program.write(...step.scalars);
    await step.program.run(n);
    return step.program.read(step.loss)[0];
  } finally {
    await engine.dispose();
  }
}

const readOrRefuse = (file: string): Promise<Uint8Array> =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw invalid('a .safetensors file', "'loss:NAME FILE'", `${file} (${error.code})`);
  });

/** [n, channels, pixels] → [n, pixels, channels]. */
function toChannelsLast(data: Float32Array, n: number, channels: number, pixels: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let i = 0; i < n; i++)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < pixels; p++) result[(i * pixels + p) * channels + c] = data[(i * channels + c) * pixels + p];
  return result;
}

if (options.turbo) console.error((await prepareTurbo()).text);
const jobs = new Map<string, Promise<{ step: Job; infer: Job }>>();
const names = Object.keys(inputs);
console.log(['ready', ...names, ...names.map((name) => `infer:${name}`)].join(' '));
for await (const line of createInterface({ input: process.stdin })) {
  const request = line.trim();
  if (!request) break;
  const [, kind, name, file] = /^(infer:|loss:)?(\S*)\s*(.*)$/.exec(request) as RegExpExecArray;
  if (!names.includes(name) || (file !== '' && kind !== 'loss:')) {
    console.log(`error: Expected one of ${names.join(', ')} for the network but received ${request}`);
    continue;
  }
  if (kind === 'loss:') {
    const answer = await lossOf(name, file).then(
      (loss) => loss.toPrecision(9),
      (error: Error) => `error: ${error.message}`,
    );
    console.log(answer);
    continue;
  }
  if (!jobs.has(name)) jobs.set(name, makeJobs(name));
  const job = await (jobs.get(name) as ReturnType<typeof makeJobs>);
  console.log((await (kind === undefined ? job.step : job.infer).time()).toFixed(3));
}
process.exit(0);
