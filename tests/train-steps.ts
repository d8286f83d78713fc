/**
 * Training steps in which every bit is decided by the seed: the same run for tests in Node and in a page, so there is
 * nothing of either in here.
 */
import { differentiate } from '../src/core/autodiff/differentiate.ts';
import type { Engine } from '../src/core/backend/backend.ts';
import type { Value } from '../src/core/graph/graph.ts';
import { completeOptions } from '../src/core/layers/options.ts';
import { appendLoss } from '../src/core/losses/index.ts';
import { buildModel } from '../src/core/model/build.ts';
import * as layer from '../src/core/model/builder.ts';
import { buildPreset } from '../src/core/model/presets/index.ts';
import { adapt, type ModelSpec } from '../src/core/model/spec.ts';
import { hashWeights, initializeWeights, saveWeights } from '../src/core/model/weights.ts';
import { sgd } from '../src/core/optimizers/sgd.ts';
import { RandomStream } from '../src/core/random.ts';
import { sizeOf } from '../src/core/shape.ts';

/** One of each kind of kernel: thin, dense, strided, depthwise and 1x1 convolution, norms, pooling, dropout, linear. */
export const mixed: ModelSpec = adapt(
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

/** How long the pinned trainings are. Batches of 16, so that all of them together take seconds. */
export const pinned = { steps: 50, batch: 16 } as const;

/** What is trained to pin bits, by its name in `tests/contract/bits.json`. */
export const trainedSpecs: Readonly<Record<string, ModelSpec>> = {
  'a bit of everything': mixed,
  'mnist-cnn': buildPreset('mnist-cnn', { input: [28, 28, 1], classes: 10 }),
  resnet20: buildPreset('resnet20', { input: [16, 16, 3], classes: 10 }),
  mobile: buildPreset('mobile', { input: [16, 16, 3], classes: 10 }),
};

export interface TrainedSteps {
  /** Of all weights, running statistics and losses. */
  readonly hash: string;
  readonly losses: readonly number[];
}

/** Trains from seed 7 on noise by SGD with momentum; every fifth batch is a partial one, of `batch` - 3 (batch ≥ 4). */
export async function trainSteps(engine: Engine, spec: ModelSpec, steps: number, batch: number): Promise<TrainedSteps> {
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
  const tensors = saveWeights(engine, model.parameters);
  tensors.set('losses', { shape: [steps], data: Float32Array.from(losses) });
  return { hash: await hashWeights(tensors), losses };
}
