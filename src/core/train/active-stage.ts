import type { Program } from '../backend/backend.ts';
import { type EpochVisits, fillBatch } from '../dataset/batches.ts';
import { type Dataset, pictureSize } from '../dataset/dataset.ts';
import type { Augmenter } from '../image/augment.ts';
import { sizeOf } from '../shape.ts';
import { type EvaluatedBatch, evaluateBatches } from './evaluate-batches.ts';
import {
  createFeatureProgram,
  createFeatureStore,
  evaluateFrozen,
  type FeatureProgram,
  type FeatureStore,
  keptFeatures,
} from './features.ts';
import type { Draft, PreparedStage, PreparedTraining } from './prepare.ts';
import type { RestEvaluation } from './programs.ts';
import { type Batch, createTrainingStep, type TrainingStep } from './step.ts';
import type { TrainingJob } from './training-job.ts';

/** What frozen layers compute, and what is kept of it. */
interface FrozenPart {
  readonly trunk: FeatureProgram;
  readonly evaluation: RestEvaluation & { readonly program: Program };
  readonly train: FeatureStore | undefined;
  readonly val: FeatureStore | undefined;
  readonly sample: FeatureStore | undefined;
}

/** How much learns in a stage, and what becomes of the features of the layers that do not. */
export interface Learning {
  readonly parameters: number;
  readonly frozenLayers: number;
  readonly kept: 'none' | 'val' | 'all';
}

/** What every stage of a training has in common. */
export interface StageSetting {
  readonly job: TrainingJob;
  readonly prepared: PreparedTraining;
  readonly programOf: (draft: Draft) => Program;
  readonly augmenter: Augmenter | undefined;
  /** Training pictures that are evaluated at each epoch's end. */
  readonly sample: Dataset;
}

/**
 * The stage that the epoch in progress belongs to: how a batch is put together for it, trained on, and how pictures are
 * evaluated, through frozen layers where there are any.
 */
export class ActiveStage {
  readonly step: TrainingStep;
  private readonly frozen: FrozenPart | undefined;

  constructor(
    private readonly setting: StageSetting,
    readonly prepared: PreparedStage,
  ) {
    const { job, programOf } = setting;
    const { step, update, frozen } = prepared;
    if (frozen) {
      const { recipe, train, val, keepFeatures = true } = job;
      const kept = keepFeatures ? keptFeatures(recipe, frozen.trunk, { train, val }) : { train: 0, val: 0, sample: 0 };
      this.frozen = {
        trunk: createFeatureProgram(programOf(frozen.features), frozen.trunk),
        evaluation: { ...frozen.rest, program: programOf(frozen.validation) },
        train: kept.train > 0 ? createFeatureStore(frozen.trunk, kept.train) : undefined,
        val: kept.val > 0 ? createFeatureStore(frozen.trunk, kept.val) : undefined,
        sample: kept.sample > 0 ? createFeatureStore(frozen.trunk, kept.sample) : undefined,
      };
    }
    const programs = { step: programOf(step), update: update && programOf(update), trunk: this.frozen?.trunk };
    this.step = createTrainingStep(job.engine, prepared, programs, job.recipe.seed, this.frozen?.train?.put);
  }

  get learning(): Learning {
    const { model } = this.prepared.training;
    return {
      parameters: model.parameters.reduce((sum, p) => sum + (p.trainable ? sizeOf(p.fileShape) : 0), 0),
      frozenLayers: this.setting.job.recipe.model.layers.length - model.layers.length,
      kept: this.frozen?.train ? 'all' : this.frozen?.val ? 'val' : 'none',
    };
  }

  /**
   * The batch of a step of an epoch. @param step from 0, in the epoch.
   * @param whole with the pictures, even where their features are known.
   */
  prepareBatch({ order, visits }: EpochVisits, place: { epoch: number; step: number }, whole = false): Batch {
    const { augmenter, job } = this.setting;
    const { recipe, train } = job;
    const { frozen } = this;
    const { batch: size } = this.prepared;
    const start = place.step * size;
    const copies = frozen && recipe.augmentedCopies;
    const epoch = copies === undefined ? place.epoch : 1 + ((place.epoch - 1) % copies);
    const first = augmenter ? (epoch - 1) * train.count : 0;
    const places = frozen?.train && order.slice(start, start + size).map((picture) => first + picture);
    const features = places && frozen.train?.get(places);
    if (features && !whole) {
      const known = order.subarray(start, start + size);
      return {
        n: known.length,
        pixels: new Uint8Array(0),
        labels: Int32Array.from(known, (i) => train.labels[i]),
        features,
      };
    }
    const pixels = new Uint8Array(size * pictureSize(train));
    const labels = new Int32Array(size);
    const targets = augmenter?.mixing && new Float32Array(size * train.classNames.length);
    const changes = augmenter && { augmenter, seed: recipe.seed, epoch, visits, targets };
    const n = fillBatch(train, order, start, size, pixels, labels, changes);
    return {
      n,
      pixels: pixels.subarray(0, n * pictureSize(train)),
      labels: labels.subarray(0, n),
      targets: targets?.subarray(0, n * train.classNames.length),
      places,
    };
  }

  /** Runs all validation pictures through the model as it is. */
  evaluateVal(onBatch: (batch: EvaluatedBatch, done: number) => void, stop: () => boolean): Promise<void> {
    return this.evaluate(this.setting.job.val, this.frozen?.val, onBatch, stop);
  }

  /** The same for the fixed sample of training pictures. */
  evaluateSample(onBatch: (batch: EvaluatedBatch) => void, stop: () => boolean): Promise<void> {
    return this.evaluate(this.setting.sample, this.frozen?.sample, onBatch, stop);
  }

  private evaluate(
    dataset: Dataset,
    store: FeatureStore | undefined,
    onBatch: (batch: EvaluatedBatch, done: number) => void,
    stop: () => boolean,
  ): Promise<void> {
    const { frozen } = this;
    if (frozen) return evaluateFrozen(frozen.trunk, frozen.evaluation, dataset, store, onBatch, stop);
    const { evaluation, validation } = this.setting.prepared;
    const program = this.setting.programOf(validation as Draft);
    return evaluateBatches({ ...evaluation, program }, dataset, onBatch, stop);
  }
}
