import type { Engine } from '../backend/backend.ts';
import { type Classifier, createClassifier } from '../classifier/classifier.ts';
import type { DataSource, Dataset } from '../dataset/dataset.ts';
import type { WeightReport } from '../model/match-weights.ts';
import { chooseRecipe, type RecipeChoices } from '../train/choose-recipe.ts';
import type { Ending } from '../train/early-stopping.ts';
import type { TrainEvent } from '../train/events.ts';
import type { EpochRecord } from '../train/history.ts';
import type { MemoryMode } from '../train/prepare.ts';
import type { Recipe } from '../train/recipe.ts';
import { type FileTensor, readSnapshot, type Snapshot, writeSnapshot } from '../train/state.ts';
import { runTraining } from '../train/trainer.ts';
import { preprocessingOf, trainingParts } from './training-data.ts';
import { foveaVersion } from './version.ts';

export interface TrainOptions extends RecipeChoices {
  readonly engine: Engine;
  /** What `openData` gives, or parts of one's own. Without `val`, a share of `train` is split off. */
  readonly data: DataSource | { readonly train: Dataset; readonly val?: Dataset };
  /** That share. Default 0.1. */
  readonly val?: number;
  /** Goes on from `Trained.state`; everything else must be as it was, but `epochs` may be more. */
  readonly from?: Uint8Array;
  /** 'low' takes less memory and more time; it changes no bit. */
  readonly memory?: MemoryMode;
  readonly signal?: AbortSignal;
  readonly onEpoch?: (record: EpochRecord) => void;
  readonly onEvent?: (event: TrainEvent) => void;
}

export interface Trained {
  readonly status: Ending | 'interrupted';
  /** The epoch with the lowest val loss; the last weights when interrupted before any epoch's end. */
  readonly classifier: Classifier;
  readonly last: Classifier;
  readonly history: readonly EpochRecord[];
  readonly best: EpochRecord | undefined;
  readonly recipe: Recipe;
  /** Why the recipe is what it is. */
  readonly why: readonly string[];
  /** Which tensors of `start` the model began with; undefined where there was none. */
  readonly weights: WeightReport | undefined;
  readonly imagesPerSecond: number;
  /** The whole training at its end, to go on from; undefined when nothing was trained. */
  readonly state: Uint8Array | undefined;
}

/** Trains in memory: nothing is read or written. @throws FoveaError, NonFiniteError as `runTraining`. */
export async function train(options: TrainOptions): Promise<Trained> {
  const { engine, data, val = 0.1, from, memory, signal, onEpoch, onEvent, ...choices } = options;
  const source: DataSource = 'notes' in data ? data : { name: data.train.name, notes: [], skipped: [], ...data };
  const parts = trainingParts(source, val, choices.seed ?? 1);
  const { recipe, matched, why } = chooseRecipe(parts.train, parts.share, choices);
  const { preprocessing, note } = preprocessingOf(parts.train, choices.start);
  let snapshot: Snapshot | undefined = from && readSnapshot(from, 'from');
  const result = await runTraining({
    engine,
    recipe,
    train: parts.train,
    val: parts.val,
    preprocessing,
    weights: matched?.weights,
    from: snapshot,
    memory,
    signal,
    clock: () => performance.now(),
    onEvent(event) {
      if (event.kind === 'epoch') onEpoch?.(event.record);
      onEvent?.(event);
    },
    save: async (saved) => void (snapshot = saved),
  });
  const { model, ...withoutModel } = recipe;
  const classifierOf = (weights: ReadonlyMap<string, FileTensor>): Classifier =>
    createClassifier({
      model,
      weights,
      classNames: parts.train.classNames,
      preprocessing,
      algorithm: recipe.algorithm,
      testTimeAugmentation: recipe.testTimeAugmentation,
      origin: { fovea: foveaVersion, recipe: withoutModel, ...(result.best ? { metrics: result.best } : {}) },
    });
  const last = classifierOf(result.lastWeights);
  return {
    status: result.status,
    classifier: result.bestWeights ? classifierOf(result.bestWeights) : last,
    last,
    history: result.history,
    best: result.best,
    recipe,
    why: [...why, ...note],
    weights: matched?.report,
    imagesPerSecond: result.imagesPerSecond,
    state: snapshot && writeSnapshot(snapshot),
  };
}
