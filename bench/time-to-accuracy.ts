// Trains mnist-cnn on MNIST until a test accuracy is reached, and prints one line of JSON: the seconds of its steps.
//   node dist/bench/time-to-accuracy.js FOLDER_OF_MNIST [--seed 1] [--target 0.985] [--threads 2] [--turbo]
// Batch 128, SGD with momentum 0.9, learning rate 0.05 after 50 steps of linear warm-up. Each 25 steps the test pictures
// are looked at, on a stopped clock. Pictures are decoded before the clock starts, as for a rival with a tensor in memory;
// putting batches together and writing them to the engine are in the time. bench/time_to_accuracy.py races it.
import { parseArgs } from 'node:util';
import { epochOrder, fillBatch } from '#fovea/core/dataset/batches.js';
import { type Dataset, pictureSize } from '#fovea/core/dataset/dataset.js';
import { channelStatistics } from '#fovea/core/dataset/statistics.js';
import { buildPreset } from '#fovea/core/model/presets/index.js';
import { initializeWeights } from '#fovea/core/model/weights.js';
import { createLearningRate } from '#fovea/core/schedules/index.js';
import { evaluateBatches } from '#fovea/core/train/evaluate-batches.js';
import { addBatch, emptyTotals } from '#fovea/core/train/history.js';
import { prepareTraining } from '#fovea/core/train/prepare.js';
import type { Recipe } from '#fovea/core/train/recipe.js';
import { type Batch, createTrainingStep } from '#fovea/core/train/step.js';
import { createEngine } from '#fovea/node/engine.js';
import { openData } from '#fovea/node/open-data.js';
import { prepareTurbo } from '#fovea/node/turbo.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    target: { type: 'string', default: '0.985' },
    threads: { type: 'string', default: '2' },
    turbo: { type: 'boolean', default: process.env.FOVEA_TURBO === '1' },
  },
});
const seed = Number(values.seed);
const target = Number(values.target);
const size = 128;
const mostSteps = 4000;
const stepsBetweenLooks = 25;

const source = await openData(positionals[0]);
const [train, test] = [source.train, source.test].map((part) => {
  if (!part) throw new Error('MNIST has training and test pictures, and these data have not.');
  return part;
});

const recipe: Recipe = {
  version: 1,
  modelName: 'mnist-cnn',
  model: buildPreset('mnist-cnn', { input: [28, 28, 1], classes: 10 }),
  optimizer: { type: 'sgd', momentum: 0.9 },
  learningRate: 0.05,
  schedule: { type: 'constant', warmupSteps: 50 },
  epochs: 10,
  batch: size,
  loss: { type: 'softmaxCrossEntropy' },
  augmentation: {},
  seed,
  val: 0,
};
if (values.turbo) process.stderr.write(`${JSON.stringify(await prepareTurbo())}\n`);
const engine = await createEngine({ threads: Number(values.threads) });
const preprocessing = channelStatistics(train);
const prepared = prepareTraining(recipe, preprocessing, { train: train.count, val: test.count });
const { step: draft, validation, evaluation, training, steps } = prepared;
if (!validation) throw new Error('Nothing is frozen, so there is a validation program.');
const step = await engine.compile(draft.graph, draft.options);
const looking = await engine.compile(validation.graph, validation.options);
initializeWeights(engine, training.model.parameters, seed);
for (const name of training.stateNames) engine.writePersistent(name, engine.readPersistent(name).fill(0));
const trainingStep = createTrainingStep(engine, prepared, { step, update: undefined }, seed);
const rate = createLearningRate(recipe.schedule, { learningRate: recipe.learningRate, totalSteps: mostSteps });

let order = epochOrder(train.count, seed, 1);
function batchAt(done: number): Batch {
  const within = done % steps;
  if (within === 0) order = epochOrder(train.count, seed, 1 + Math.floor(done / steps));
  const pixels = new Uint8Array(size * pictureSize(train));
  const labels = new Int32Array(size);
  const n = fillBatch(train, order, within * size, size, pixels, labels);
  return { n, pixels: pixels.subarray(0, n * pictureSize(train)), labels: labels.subarray(0, n) };
}

async function accuracyOn(data: Dataset): Promise<number> {
  const totals = emptyTotals();
  await evaluateBatches({ ...evaluation, program: looking }, data, ({ losses, logits, labels, n }) => {
    addBatch(totals, losses, logits, labels, n);
  });
  return totals.correct / totals.images;
}

let seconds = 0;
let accuracy = 0;
let done = 0;
while (accuracy < target && done < mostSteps) {
  const start = performance.now();
  let next = batchAt(done);
  for (let k = 0; k < stepsBetweenLooks; k++) {
    const running = trainingStep.run(next, done, rate.at(done));
    done++;
    if (k + 1 < stepsBetweenLooks) next = batchAt(done);
    await running;
  }
  seconds += (performance.now() - start) / 1000;
  accuracy = await accuracyOn(test);
}
process.stdout.write(`${JSON.stringify({ reached: accuracy >= target, seconds, steps: done, accuracy, seed })}\n`);
await engine.dispose();
