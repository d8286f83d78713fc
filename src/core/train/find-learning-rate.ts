import type { Engine } from '../backend/backend.ts';
import { epochOrder, fillBatch } from '../dataset/batches.ts';
import { type Dataset, pictureSize } from '../dataset/dataset.ts';
import { createAugmenter } from '../image/augment.ts';
import type { Normalisation } from '../model/build.ts';
import type { WeightTensor } from '../model/weights.ts';
import { createLearningRate } from '../schedules/index.ts';
import { beginWeights } from './held-state.ts';
import { prepareTraining, stepsPerEpoch } from './prepare.ts';
import type { Recipe } from './recipe.ts';
import { createTrainingStep } from './step.ts';
import { type RatePoint, type RateSuggestion, suggestRate } from './suggest-rate.ts';

export interface RateFinderJob {
  readonly engine: Engine;
  readonly recipe: Recipe;
  readonly train: Dataset;
  readonly preprocessing: Normalisation;
  /** Weights that a training would begin with; see `TrainingJob`. */
  readonly weights?: ReadonlyMap<string, WeightTensor>;
  /** Steps of the ramp; fewer where the loss leaves before. */
  readonly steps: number;
  readonly from: number;
  readonly to: number;
  readonly signal?: AbortSignal;
  readonly onStep?: (point: RatePoint, step: number) => void;
}

export interface FoundRate extends RateSuggestion {
  readonly points: readonly RatePoint[];
  /** The loss rose to four times its lowest, or was no number any more, before the ramp's end. */
  readonly diverged: boolean;
}

/** How far above its lowest the loss may rise, as in fastai, before there is nothing more to learn from the ramp. */
const mostRise = 4;

/**
 * Trains from the seed while the learning rate rises step by step, and looks at the loss of each batch before its update
 * (Smith 2017). The weights go nowhere.
 */
export async function findLearningRate(job: RateFinderJob): Promise<FoundRate> {
  const { engine, recipe, train, preprocessing, steps, from, to, signal } = job;
  const prepared = prepareTraining(recipe, preprocessing, { train: train.count, val: 1 });
  const { batch, step: draft, update } = prepared;
  const step = await engine.compile(draft.graph, draft.options);
  const programs = { step, update: update && (await engine.compile(update.graph, update.options)) };
  const run = createTrainingStep(engine, prepared, programs, recipe.seed).run;
  beginWeights(job, prepared);
  for (const name of prepared.training.stateNames) engine.writePersistent(name, engine.readPersistent(name).fill(0));
  const ramp = createLearningRate({ type: 'exponentialRamp', start: from }, { learningRate: to, totalSteps: steps });
  const perEpoch = stepsPerEpoch(train.count, batch);
  const augmenter = createAugmenter(recipe.augmentation, train);
  const points: RatePoint[] = [];
  // Means over the steps that are just past, for judging when to stop, corrected for having begun at 0.
  let recent = 0;
  let lowest = Infinity;
  let order: Uint32Array = new Uint32Array();
  for (let i = 0; i < steps; i++) {
    signal?.throwIfAborted();
    const epoch = Math.floor(i / perEpoch) + 1;
    if (i % perEpoch === 0) order = epochOrder(train.count, recipe.seed, epoch);
    const pixels = new Uint8Array(batch * pictureSize(train));
    const labels = new Int32Array(batch);
    const targets = augmenter?.mixing && new Float32Array(batch * train.classNames.length);
    const changes = augmenter && { augmenter, seed: recipe.seed, epoch, targets };
    const n = fillBatch(train, order, (i % perEpoch) * batch, batch, pixels, labels, changes);
    const learningRate = ramp.at(i);
    const given = {
      n,
      pixels: pixels.subarray(0, n * pictureSize(train)),
      labels: labels.subarray(0, n),
      targets: targets?.subarray(0, n * train.classNames.length),
    };
    const { losses } = await run(given, i, learningRate);
    const loss = losses.reduce((sum, one) => sum + one, 0) / n;
    const point = { learningRate, loss };
    if (!Number.isFinite(loss)) return { points, diverged: true, ...suggestRate(points) };
    points.push(point);
    job.onStep?.(point, i + 1);
    recent = 0.9 * recent + 0.1 * loss;
    let weight = 1;
    for (let k = 0; k <= i; k++) weight *= 0.9;
    const mean = recent / (1 - weight);
    lowest = Math.min(lowest, mean);
    if (i >= steps / 10 && mean > mostRise * lowest) return { points, diverged: true, ...suggestRate(points) };
  }
  return { points, diverged: false, ...suggestRate(points) };
}
