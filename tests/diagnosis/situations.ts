/** Situations that are planted into a training, so that the diagnosis must name them; and how they are trained. */
import { createDataset, type Dataset, subset } from '../../src/core/dataset/dataset.ts';
import { channelStatistics } from '../../src/core/dataset/statistics.ts';
import type { Normalisation } from '../../src/core/model/build.ts';
import { buildModel } from '../../src/core/model/build.ts';
import {
  conv2d,
  flatten,
  globalAvgPool2d,
  linear,
  maxPool2d,
  type Part,
  relu,
  sequential,
  tanh,
} from '../../src/core/model/builder.ts';
import type { WeightTensor } from '../../src/core/model/weights.ts';
import { RandomStream } from '../../src/core/random.ts';
import { sizeOf } from '../../src/core/shape.ts';
import { chooseRecipe, type RecipeChoices } from '../../src/core/train/choose-recipe.ts';
import { type DataFacts, gatherFacts } from '../../src/core/train/diagnosis/facts.ts';
import type { EpochRecord } from '../../src/core/train/history.ts';
import { NonFiniteError } from '../../src/core/train/non-finite.ts';
import type { Recipe } from '../../src/core/train/recipe.ts';
import type { TelemetryRecord } from '../../src/core/train/telemetry.ts';
import { runTraining } from '../../src/core/train/trainer.ts';
import { createEngine } from '../../src/node/engine.ts';

export interface Pictures {
  readonly train: Dataset;
  readonly val: Dataset;
}

/** A training to be. */
export interface Planted extends Pictures {
  readonly choices: RecipeChoices;
  readonly preprocessing?: Normalisation;
  /** Changes what the seed gives, by a parameter's name; undefined leaves it. */
  readonly weights?: (name: string, shape: readonly number[], random: RandomStream) => Float32Array | undefined;
}

/** What the diagnosis is given. */
export interface Trained {
  readonly history: readonly EpochRecord[];
  readonly telemetry: readonly TelemetryRecord[];
  readonly recipe: Recipe;
  readonly facts: DataFacts;
  readonly failure: { readonly epoch: number; readonly step: number; readonly layer?: string } | undefined;
  readonly milliseconds: number;
}

export async function trainPlanted(planted: Planted, seed: number): Promise<Trained> {
  const { train, val, choices } = planted;
  const { recipe } = chooseRecipe(train, 0.1, { seed, ...choices });
  const preprocessing = planted.preprocessing ?? channelStatistics(train);
  const history: EpochRecord[] = [];
  const telemetry: TelemetryRecord[] = [];
  let failure: Trained['failure'];
  const engine = await createEngine({ threads: 1, inline: true });
  const begin = performance.now();
  try {
    await runTraining({
      engine,
      recipe,
      train,
      val,
      preprocessing,
      weights: planted.weights && plantWeights(recipe, planted.weights, seed),
      clock: () => performance.now(),
      onEvent(event) {
        if (event.kind === 'epoch') history.push(event.record);
        if (event.kind === 'telemetry') telemetry.push(event.record);
      },
    });
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    const { epoch, step, layer } = error;
    failure = { epoch, step, layer };
  } finally {
    await engine.dispose();
  }
  const milliseconds = performance.now() - begin;
  return { history, telemetry, recipe, facts: gatherFacts(train, val, preprocessing), failure, milliseconds };
}

function plantWeights(
  recipe: Recipe,
  change: NonNullable<Planted['weights']>,
  seed: number,
): ReadonlyMap<string, WeightTensor> {
  const { parameters } = buildModel(recipe.model, { training: false, inputType: 'uint8' });
  return new Map(
    parameters.flatMap(({ name, fileShape, trainable }) => {
      const data = trainable ? change(name, fileShape, new RandomStream(seed, 'weights', 0, name.length)) : undefined;
      return data ? [[name, { shape: fileShape, data }] as const] : [];
    }),
  );
}

/** Normal numbers of a deviation, as sums of twelve uniform ones. */
function normal(shape: readonly number[], deviation: number, random: RandomStream): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += random.uniform();
    return deviation * sum;
  });
}

const fanIn = (shape: readonly number[]): number => sizeOf(shape.slice(1));

/** The first so many, in an order by the seed. */
export function take(dataset: Dataset, count: number, seed: number): Dataset {
  const order = new RandomStream(seed, 'split', 7).shuffle(Uint32Array.from({ length: dataset.count }, (_, i) => i));
  return subset(dataset, order.subarray(0, count));
}

const relabelled = (dataset: Dataset, label: (own: number, i: number) => number): Dataset => ({
  ...dataset,
  labels: dataset.labels.map(label),
});

function withPixels(dataset: Dataset, change: (bytes: Uint8Array) => Uint8Array): Dataset {
  const size = dataset.height * dataset.width * dataset.channels;
  const pixels = new Uint8Array(dataset.count * size);
  for (let i = 0; i < dataset.count; i++) pixels.set(change(dataset.pixels.at(i)), i * size);
  return createDataset({ ...dataset, pixels });
}

const small: RecipeChoices = { model: 'lenet5', epochs: 8 };
const twoConvolutions = sequential([
  ...[conv2d(8, { kernelSize: 3 }), relu(), maxPool2d(2), conv2d(16, { kernelSize: 3 }), relu(), maxPool2d(2)],
  ...[flatten(), linear(64), relu(), linear()],
]);
const constant = { type: 'constant' } as const;
const deepPlain = (depth: number, channels: number, activation: () => Part): RecipeChoices['model'] =>
  sequential([
    ...Array.from({ length: depth }, () => [conv2d(channels, { kernelSize: 3, padding: 1 }), activation()]).flat(),
    globalAvgPool2d(),
    linear(),
  ]);

export interface Situation {
  readonly name: string;
  /** Kind of the finding; undefined: there is nothing to find. */
  readonly expected: string | undefined;
  plant(pictures: Pictures, seed: number): Planted;
}

/** THE LIST: issue 6's table. Pictures come as some thousands for training and one or two for validation. */
export const situations: readonly Situation[] = [
  {
    name: 'no regularisation on 500 images',
    expected: 'overfitting',
    plant: ({ train, val }, seed) => ({
      train: take(train, 500, seed),
      val,
      choices: {
        model: 'lenet5',
        epochs: 30,
        augmentation: {},
        weightDecay: 0,
        schedule: constant,
        learningRate: 0.003,
      },
    }),
  },
  {
    name: 'learning rate x 100',
    expected: 'learning-rate-high',
    plant: (pictures) => ({ ...pictures, choices: { ...small, learningRate: 0.2 } }),
  },
  {
    name: 'learning rate / 1000',
    expected: 'learning-rate-low',
    plant: (pictures) => ({ ...pictures, choices: { ...small, learningRate: 0.000002 } }),
  },
  {
    name: '30 % shuffled labels',
    expected: 'label-noise',
    plant: ({ train, val }, seed) => {
      const random = new RandomStream(seed, 'dataset', 5);
      const classes = train.classNames.length;
      const noisy = (own: number): number => (random.uniform() < 0.3 ? random.below(classes) : own);
      return { train: relabelled(train, noisy), val: relabelled(val, noisy), choices: small };
    },
  },
  {
    name: 'dead units by bias',
    expected: 'dead-units',
    plant: (pictures) => ({
      ...pictures,
      choices: { model: twoConvolutions, epochs: 6 },
      weights: (name, shape) =>
        name.startsWith('conv2') && name.endsWith('bias') ? new Float32Array(sizeOf(shape)).fill(-30) : undefined,
    }),
  },
  {
    name: 'saturated initialisation',
    expected: 'vanishing-gradients',
    plant: (pictures) => ({
      ...pictures,
      choices: { model: deepPlain(6, 12, tanh), epochs: 4 },
      weights: (name, shape, random) =>
        name.endsWith('weight') && shape.length === 4 ? normal(shape, 30 / Math.sqrt(fanIn(shape)), random) : undefined,
    }),
  },
  {
    name: 'unnormalised input',
    expected: 'unnormalised-input',
    plant: ({ train, val }) => ({
      train,
      val,
      choices: { ...small, epochs: 5 },
      preprocessing: {
        mean: new Array<number>(train.channels).fill(0),
        std: new Array<number>(train.channels).fill(1 / 255),
      },
    }),
  },
  {
    name: 'leaked validation',
    expected: 'leaked-val',
    plant: ({ train, val }, seed) => ({
      train,
      val: take(train, Math.min(val.count, train.count / 4), seed),
      choices: small,
    }),
  },
  {
    name: 'tiny validation set',
    expected: 'val-too-small',
    plant: ({ train, val }, seed) => ({ train, val: take(val, 20, seed), choices: small }),
  },
  {
    name: 'a class missing in training',
    expected: 'class-missing',
    plant: ({ train, val }) => {
      const kept = [...train.labels.keys()].filter((i) => train.labels[i] !== 3);
      return { train: subset(train, kept), val, choices: small };
    },
  },
  {
    name: 'exploding gradients',
    expected: 'exploding-gradients',
    plant: (pictures) => ({
      ...pictures,
      choices: {
        model: deepPlain(10, 12, relu),
        epochs: 3,
        optimizer: { type: 'sgd', momentum: 0.9 },
        learningRate: 0.001,
      },
      weights: (name, shape, random) =>
        name.endsWith('weight') ? normal(shape, 4 * Math.sqrt(2 / fanIn(shape)), random) : undefined,
    }),
  },
  {
    name: 'shuffled pixels',
    expected: 'no-spatial-structure',
    plant: ({ train, val }, seed) => {
      const size = train.height * train.width * train.channels;
      const order = new RandomStream(seed, 'dataset', 6).shuffle(Uint32Array.from({ length: size }, (_, i) => i));
      const change = (bytes: Uint8Array): Uint8Array => bytes.map((_, p) => bytes[order[p]]);
      return { train: withPixels(train, change), val: withPixels(val, change), choices: small };
    },
  },
  {
    name: 'constant labels',
    expected: 'single-class',
    plant: ({ train, val }) => ({
      train: relabelled(train, () => 2),
      val: relabelled(val, () => 2),
      choices: { ...small, epochs: 3 },
    }),
  },
  { name: 'healthy run', expected: undefined, plant: (pictures) => ({ ...pictures, choices: small }) },
];
