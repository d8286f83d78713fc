// Training steps and inference on request, line by line, so that another program can alternate it with a rival:
//   -> NAME        one training step (forward, loss, backward, optimizer) of that network
//   <- MS          its wall time in milliseconds
// First line printed: `ready NAME NAME …`. `infer:NAME` times a forward pass in evaluation mode of the same batch.
// `--threads N` (default 2), `--batch N` (default 128). Networks: the presets mnist-cnn, resnet20 and mobile, SGD with
// momentum 0.9 and learning rate 0.01, float32 pictures already in memory; writing them to the engine is in the time.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { differentiate } from '#fovea/core/autodiff/differentiate.js';
import type { Engine, Program } from '#fovea/core/backend/backend.js';
import type { Value } from '#fovea/core/graph/graph.js';
import { completeOptions } from '#fovea/core/layers/options.js';
import { appendLoss } from '#fovea/core/losses/index.js';
import { buildModel } from '#fovea/core/model/build.js';
import { buildPreset } from '#fovea/core/model/presets/index.js';
import { initializeWeights } from '#fovea/core/model/weights.js';
import { updateAttributes } from '#fovea/core/optimizers/index.js';
import { sgd } from '#fovea/core/optimizers/sgd.js';
import { RandomStream } from '#fovea/core/random.js';
import { createEngine } from '#fovea/node/engine.js';

const { values: options } = parseArgs({
  options: { threads: { type: 'string', default: '2' }, batch: { type: 'string', default: '128' } },
});
const batch = Number(options.batch);
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
  return { engine: await createEngine({ threads: Number(options.threads) }), pictures, labels };
}

async function makeJobs(name: string): Promise<{ step: Job; infer: Job }> {
  const { engine, pictures, labels: answers } = await makeEngine(name);
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
  const program = await engine.compile(graph, { capacity: batch, outputs: [loss] });
  initializeWeights(engine, model.parameters, 0);
  const step = new Job(program, [
    [model.input, pictures],
    [labels, answers],
    [scalars, numbers],
  ]);
  const evaluation = buildModel(spec, { training: false, inputType: 'float32' });
  const forward = await engine.compile(evaluation.graph, { capacity: batch, outputs: [evaluation.logits] });
  return { step, infer: new Job(forward, [[evaluation.input, pictures]]) };
}

const jobs = new Map<string, Promise<{ step: Job; infer: Job }>>();
const names = Object.keys(inputs);
console.log(['ready', ...names, ...names.map((name) => `infer:${name}`)].join(' '));
for await (const line of createInterface({ input: process.stdin })) {
  const request = line.trim();
  if (!request) break;
  const name = request.replace(/^infer:/, '');
  if (!names.includes(name)) {
    console.log(`error: Expected one of ${names.join(', ')} for the network but received ${name}`);
    continue;
  }
  if (!jobs.has(name)) jobs.set(name, makeJobs(name));
  const job = await (jobs.get(name) as ReturnType<typeof makeJobs>);
  console.log((await (request === name ? job.step : job.infer).time()).toFixed(3));
}
process.exit(0);
