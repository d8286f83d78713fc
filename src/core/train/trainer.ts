import type { Engine, Program } from '../backend/backend.ts';
import { balancedEpoch, type EpochVisits, epochOrder, fileOrder, fillBatch } from '../dataset/batches.ts';
import { type Dataset, pictureSize } from '../dataset/dataset.ts';
import { FoveaError, invalid } from '../errors.ts';
import { type Augmenter, createAugmenter } from '../image/augment.ts';
import type { Normalisation, ParameterInfo } from '../model/build.ts';
import { initializeWeights, loadSomeWeights, loadWeights, saveWeights, type WeightTensor } from '../model/weights.ts';
import { whitenWeights } from '../model/whitening.ts';
import { createLearningRate, type LearningRate } from '../schedules/index.ts';
import { sizeOf } from '../shape.ts';
import { type Averaging, createAveraging, keptWeights } from './averaging.ts';
import { findNonFinite, firstNonFinite, NonFiniteError } from './diagnose.ts';
import { type EvaluatedBatch, evaluateBatches } from './evaluate-batches.ts';
import type { TrainEvent } from './events.ts';
import {
  createFeatureProgram,
  createFeatureStore,
  evaluateFrozen,
  type FeatureProgram,
  type FeatureStore,
  keptFeatures,
} from './features.ts';
import { checkMemory, type TrainingMemory } from './forecast.ts';
import { addBatch, bestEpoch, type EpochRecord, emptyTotals, type Totals } from './history.ts';
import {
  type Draft,
  type MemoryMode,
  type PreparedStage,
  type PreparedTraining,
  planDrafts,
  prepareTraining,
  stepsPerEpoch,
} from './prepare.ts';
import type { EvaluationProgram, RestEvaluation } from './programs.ts';
import type { Recipe } from './recipe.ts';
import { stageAt } from './stages.ts';
import { type FileTensor, initialState, type Snapshot, type TrainingState } from './state.ts';
import { type Batch, createTrainingStep, type TrainingStep } from './step.ts';

export interface TrainingJob {
  readonly engine: Engine;
  readonly recipe: Recipe;
  readonly train: Dataset;
  readonly val: Dataset;
  readonly preprocessing: Normalisation;
  /** Weights that the model begins with, by name; those that are not here start from the seed. */
  readonly weights?: ReadonlyMap<string, WeightTensor>;
  /** Goes on from here; absent: from the beginning. */
  readonly from?: Snapshot;
  /** Weights of the best epoch in `from.state.history`, for the result. */
  readonly bestSoFar?: ReadonlyMap<string, FileTensor>;
  /** Aborted: the step in progress ends, everything is saved, the result says 'interrupted'. */
  readonly signal?: AbortSignal;
  /** Milliseconds from any origin. */
  readonly clock: () => number;
  /** Bytes of memory that this process may use: a training that needs more is refused. It changes nothing else. */
  readonly machineMemory?: number;
  /** 'low' takes less memory and more time; it changes no bit. */
  readonly memory?: MemoryMode;
  /** False: what frozen layers make of a picture is computed whenever it is needed, which changes no bit. */
  readonly keepFeatures?: boolean;
  readonly onEvent?: (event: TrainEvent) => void;
  /** Called after each epoch (`best`: its val loss is the lowest so far) and at an interruption; training waits for it. */
  readonly save?: (snapshot: Snapshot, best: boolean) => Promise<void>;
  /** Saves within an epoch, too, at the end of the first step after so many milliseconds; training waits for it. */
  readonly autosave?: { readonly every: number; save(snapshot: Snapshot): Promise<void> };
}

export interface TrainingResult {
  readonly status: 'finished' | 'interrupted';
  readonly history: readonly EpochRecord[];
  /** The epoch with the lowest val loss; undefined when interrupted before the first epoch's end. */
  readonly best: EpochRecord | undefined;
  /** Weights of that epoch, in PyTorch's layout. */
  readonly bestWeights: ReadonlyMap<string, FileTensor> | undefined;
  readonly lastWeights: ReadonlyMap<string, FileTensor>;
  /** Pictures a second over all training steps, validation and saving left out. */
  readonly imagesPerSecond: number;
  /** As foretold before the first step. */
  readonly memory: TrainingMemory;
}

/** Steps between two copies of everything, from which a step that went wrong can be computed again. */
const stepsBetweenCopies = 100;

/**
 * Trains: the whole of a recipe, or what is left of it. The weights are a function of recipe, pictures and nothing else:
 * not of threads, interruptions or time.
 *
 * @throws FoveaError when model and pictures do not fit, or not into memory. @throws NonFiniteError when the loss is not finite.
 */
export async function runTraining(job: TrainingJob): Promise<TrainingResult> {
  return new Training(job).run();
}

/** What the frozen layers of a stage compute, and what is kept of it. */
interface FrozenPart {
  readonly trunk: FeatureProgram;
  readonly evaluation: RestEvaluation & { readonly program: Program };
  readonly train: FeatureStore | undefined;
  readonly val: FeatureStore | undefined;
}

class Training {
  private readonly prepared: PreparedTraining;
  private readonly steps: number;
  private readonly batchSize: number;
  private readonly augmenter: Augmenter | undefined;
  private readonly programs = new Map<Draft, Program>();
  private memory!: TrainingMemory;
  private learningRate!: LearningRate;
  /** Undefined where the recipe averages nothing. */
  private averaging: Averaging | undefined;
  private bestWeights: ReadonlyMap<string, FileTensor> | undefined;

  // Of the stage in progress.
  private stage!: PreparedStage;
  private trainingStep!: TrainingStep;
  private frozen: FrozenPart | undefined;

  /** Everything as it was at an earlier step of the same epoch, or at its beginning. */
  private copy!: Snapshot;

  // What changes: TrainingState, in pieces.
  private epoch = 1;
  private step = 0;
  private totals: Totals = emptyTotals();
  private history: EpochRecord[] = [];
  private trained = { images: 0, seconds: 0 };
  /** Wall time of this epoch before this process took it up. */
  private secondsBefore = 0;
  private epochBegin = 0;
  /** When everything was last saved, by the clock. */
  private saved = 0;

  constructor(private readonly job: TrainingJob) {
    const { recipe, train, val, preprocessing, memory } = job;
    checkPictures(recipe, train, 'training');
    checkPictures(recipe, val, 'validation');
    this.augmenter = createAugmenter(recipe.augmentation, train);
    this.prepared = prepareTraining(recipe, preprocessing, { train: train.count, val: val.count }, memory);
    this.batchSize = this.prepared.batch;
    this.steps = stepsPerEpoch(train.count, this.batchSize);
    this.bestWeights = job.bestSoFar;
  }

  async run(): Promise<TrainingResult> {
    const { recipe, train, val, from, signal } = this.job;
    this.memory = checkMemory({ ...this.job, mode: this.job.memory });
    await this.compile();
    this.restore(from ?? this.begin());
    this.emit({
      kind: 'begin',
      epochs: recipe.epochs,
      stepsPerEpoch: this.steps,
      trainImages: train.count,
      valImages: val.count,
      parameters: this.learning().parameters,
      memory: this.memory,
      resumed: from && { epoch: this.epoch, step: this.step },
    });
    this.tellStage();
    while (this.epoch <= recipe.epochs) {
      this.epochBegin = this.job.clock();
      if (!(await this.trainEpoch()) || !(await this.endEpoch())) {
        await this.save(false);
        return this.result('interrupted');
      }
      if (signal?.aborted && this.epoch <= recipe.epochs) return this.result('interrupted');
    }
    return this.result('finished');
  }

  private async compile(): Promise<void> {
    for (const { draft } of planDrafts(this.prepared)) {
      this.programs.set(draft, await this.job.engine.compile(draft.graph, draft.options));
    }
    const { statistics } = this.prepared;
    this.averaging = createAveraging({
      ...this.job,
      prepared: this.prepared,
      parameters: this.parameters,
      statistics: statistics && this.programOf(statistics),
    });
  }

  private programOf(draft: Draft): Program {
    return this.programs.get(draft) as Program;
  }

  /** Takes up the stage that the epoch belongs to. The optimizer's memory is as the engine holds it. */
  private enterStage(): void {
    const { engine, recipe, train, val, keepFeatures = true } = this.job;
    this.stage = stageAt(this.prepared.stages, this.epoch);
    const { step, update, frozen } = this.stage;
    this.frozen = undefined;
    if (frozen) {
      const kept = keepFeatures ? keptFeatures(recipe, frozen.trunk, { train, val }) : { train: 0, val: 0 };
      this.frozen = {
        trunk: createFeatureProgram(this.programOf(frozen.features), frozen.trunk),
        evaluation: { ...frozen.rest, program: this.programOf(frozen.validation) },
        train: kept.train > 0 ? createFeatureStore(frozen.trunk, kept.train) : undefined,
        val: kept.val > 0 ? createFeatureStore(frozen.trunk, kept.val) : undefined,
      };
    }
    const programs = {
      step: this.programOf(step),
      update: update && this.programOf(update),
      trunk: this.frozen?.trunk,
    };
    this.trainingStep = createTrainingStep(engine, this.stage, programs, recipe.seed, this.frozen?.train?.put);
  }

  /** Where another stage begins, what learns from now on has no memory yet. Returns whether one does. */
  private changeStage(): boolean {
    const before = this.stage;
    if (stageAt(this.prepared.stages, this.epoch) === before) return false;
    const { engine } = this.job;
    this.enterStage();
    for (const name of this.stage.training.stateNames) {
      if (before.training.stateNames.includes(name)) continue;
      engine.writePersistent(name, engine.readPersistent(name).fill(0));
    }
    return true;
  }

  private tellStage(): void {
    const { epochs, stages } = this.job.recipe;
    if (stages && this.epoch <= epochs) this.emit({ kind: 'stage', epoch: this.epoch, ...this.learning() });
  }

  /** How much learns in this stage, and what becomes of the features of the layers that do not. */
  private learning(): { parameters: number; frozenLayers: number; kept: 'none' | 'val' | 'all' } {
    const { model } = this.stage.training;
    return {
      parameters: model.parameters.reduce((sum, p) => sum + (p.trainable ? sizeOf(p.fileShape) : 0), 0),
      frozenLayers: this.job.recipe.model.layers.length - model.layers.length,
      kept: this.frozen?.train ? 'all' : this.frozen?.val ? 'val' : 'none',
    };
  }

  /** The remaining steps of the epoch. Returns false when interrupted. */
  private async trainEpoch(): Promise<boolean> {
    const { recipe, train, signal, clock } = this.job;
    const order: EpochVisits =
      recipe.sampling === 'balanced'
        ? balancedEpoch(train.labels, recipe.seed, this.epoch)
        : { order: epochOrder(train.count, recipe.seed, this.epoch) };
    this.copy = this.capture();
    let next = this.step < this.steps ? this.prepare(order, this.step) : undefined;
    while (next) {
      if (signal?.aborted) return false;
      const begin = clock();
      const batch: Batch = next;
      const learningRate = this.learningRate.at(this.globalStep());
      const running = this.trainingStep.run(batch, this.globalStep(), learningRate);
      // While the pool computes, the next batch is put together here.
      next = this.step + 1 < this.steps ? this.prepare(order, this.step + 1) : undefined;
      const { losses, logits } = await running;
      const bad = firstNonFinite(losses);
      if (bad >= 0) throw await this.explain(order, losses[bad]);
      addBatch(this.totals, losses, logits, batch.labels, batch.n);
      this.step++;
      this.trained = {
        images: this.trained.images + batch.n,
        seconds: this.trained.seconds + (clock() - begin) / 1000,
      };
      if (this.step % stepsBetweenCopies === 0) this.copy = this.capture();
      await this.autosave();
      this.emit({
        kind: 'step',
        epoch: this.epoch,
        step: this.step,
        loss: this.totals.loss / this.totals.images,
        accuracy: this.totals.correct / this.totals.images,
        learningRate,
        imagesPerSecond: this.trained.images / this.trained.seconds,
      });
    }
    return !signal?.aborted;
  }

  /** Validates, writes the epoch down and saves. Returns false when interrupted before validation was through. */
  private async endEpoch(): Promise<boolean> {
    const { val, signal } = this.job;
    const totals = emptyTotals();
    const onBatch = ({ n, labels, logits, losses }: EvaluatedBatch, done: number): void => {
      addBatch(totals, losses, logits, labels, n);
      this.emit({ kind: 'validate', epoch: this.epoch, done, images: val.count });
    };
    const stop = (): boolean => signal?.aborted === true;
    const { frozen, averaging } = this;
    if (averaging && !(await averaging.enter(this.epoch, stop))) return false;
    if (frozen) await evaluateFrozen(frozen.trunk, frozen.evaluation, val, frozen.val, onBatch, stop);
    else await evaluateBatches(this.wholeEvaluation(), val, onBatch, stop);
    averaging?.leave(totals.images === val.count);
    if (totals.images < val.count) return false;
    const valLoss = totals.loss / totals.images;
    if (!Number.isFinite(valLoss)) throw await this.explainValidation(valLoss);
    const record: EpochRecord = {
      epoch: this.epoch,
      loss: this.totals.loss / this.totals.images,
      valLoss,
      accuracy: this.totals.correct / this.totals.images,
      valAccuracy: totals.correct / totals.images,
      learningRate: this.learningRate.at(this.globalStep() - 1),
      seconds: this.secondsBefore + (this.job.clock() - this.epochBegin) / 1000,
    };
    this.learningRate.observe(valLoss);
    this.history.push(record);
    const best = bestEpoch(this.history) === record;
    this.epoch++;
    this.step = 0;
    this.totals = emptyTotals();
    this.secondsBefore = 0;
    this.epochBegin = this.job.clock();
    const learnsMore = this.changeStage();
    await this.save(best);
    this.emit({ kind: 'epoch', record, best });
    if (learnsMore) this.tellStage();
    return true;
  }

  private wholeEvaluation(): EvaluationProgram {
    const { evaluation, validation } = this.prepared;
    return { ...evaluation, program: this.programOf(validation as Draft) };
  }

  private globalStep(): number {
    return (this.epoch - 1) * this.steps + this.step;
  }

  /** @param whole with the pictures, even where their features are known. */
  private prepare({ order, visits }: EpochVisits, step: number, whole = false): Batch {
    const { recipe, train } = this.job;
    const { augmenter, frozen } = this;
    const start = step * this.batchSize;
    const copies = frozen && recipe.augmentedCopies;
    const epoch = copies === undefined ? this.epoch : 1 + ((this.epoch - 1) % copies);
    const first = augmenter ? (epoch - 1) * train.count : 0;
    const places = frozen?.train && order.slice(start, start + this.batchSize).map((picture) => first + picture);
    const features = places && frozen.train?.get(places);
    if (features && !whole) {
      const known = order.subarray(start, start + this.batchSize);
      return {
        n: known.length,
        pixels: new Uint8Array(0),
        labels: Int32Array.from(known, (i) => train.labels[i]),
        features,
      };
    }
    const pixels = new Uint8Array(this.batchSize * pictureSize(train));
    const labels = new Int32Array(this.batchSize);
    const targets = augmenter?.mixing && new Float32Array(this.batchSize * train.classNames.length);
    const changes = augmenter && { augmenter, seed: recipe.seed, epoch, visits, targets };
    const n = fillBatch(train, order, start, this.batchSize, pixels, labels, changes);
    return {
      n,
      pixels: pixels.subarray(0, n * pictureSize(train)),
      labels: labels.subarray(0, n),
      targets: targets?.subarray(0, n * train.classNames.length),
      places,
    };
  }

  /** Weights from the seed or from elsewhere, an optimizer that remembers nothing. */
  private begin(): Snapshot {
    const { engine, recipe, train, preprocessing, weights } = this.job;
    initializeWeights(engine, this.parameters, recipe.seed);
    whitenWeights(engine, this.parameters, train, preprocessing);
    if (weights) loadSomeWeights(engine, this.parameters, weights);
    const { stateNames } = this.prepared.training;
    const optimizer = new Map(stateNames.map((name) => [name, engine.readPersistent(name).fill(0)]));
    return { state: initialState(), weights: saveWeights(engine, this.parameters), optimizer };
  }

  /** Of the whole model, also of the layers that do not learn. */
  private get parameters(): readonly ParameterInfo[] {
    return this.prepared.evaluation.model.parameters;
  }

  private capture(): Snapshot {
    const { engine } = this.job;
    const state: TrainingState = {
      epoch: this.epoch,
      step: this.step,
      totals: { ...this.totals },
      seconds: this.secondsBefore + (this.job.clock() - this.epochBegin) / 1000,
      history: [...this.history],
      schedule: this.learningRate.state,
      trained: this.trained,
    };
    const { stateNames } = this.stage.training;
    const optimizer = new Map(stateNames.map((name) => [name, engine.readPersistent(name)]));
    const averaged = this.averaging?.save();
    return { state, weights: saveWeights(engine, this.parameters), optimizer, ...(averaged ? { averaged } : {}) };
  }

  /** @throws FoveaError when the snapshot belongs to another model or optimizer. */
  private restore({ state, weights, optimizer, averaged }: Snapshot): void {
    const { engine, recipe } = this.job;
    loadWeights(engine, this.parameters, weights, 'the training state');
    this.averaging?.restore(averaged);
    const { stateNames } = stageAt(this.prepared.stages, state.epoch).training;
    for (const name of stateNames) {
      const data = optimizer.get(name);
      const wanted = engine.readPersistent(name).length;
      if (data?.length !== wanted) {
        throw invalid(`${wanted} numbers`, `optimizer state '${name}' in the training state`, data?.length);
      }
      engine.writePersistent(name, data);
    }
    if (state.step > this.steps || state.history.length !== state.epoch - 1) {
      throw invalid(
        `at most ${this.steps} steps an epoch`,
        'the training state',
        `step ${state.step} of epoch ${state.epoch}`,
      );
    }
    this.epoch = state.epoch;
    this.step = state.step;
    this.totals = { ...state.totals };
    this.history = [...state.history];
    this.trained = { ...state.trained };
    this.secondsBefore = state.seconds;
    this.epochBegin = this.job.clock();
    this.saved = this.epochBegin;
    this.enterStage();
    this.learningRate = createLearningRate(recipe.schedule, {
      learningRate: recipe.learningRate,
      totalSteps: recipe.epochs * this.steps,
      state: state.schedule,
    });
  }

  private async save(best: boolean): Promise<void> {
    const snapshot = this.capture();
    // The last step may have spoilt weights that no loss has seen yet; such a moment must not replace a good one.
    for (const [name, { data }] of snapshot.weights) {
      if (firstNonFinite(data) < 0) continue;
      const layer = name.slice(0, name.lastIndexOf('.'));
      const { epoch, step } = snapshot.state;
      const place = step > 0 ? { epoch, step } : { epoch: epoch - 1, step: this.steps };
      throw new NonFiniteError(Number.NaN, place, { layer, what: `the weights ('${name}')` });
    }
    if (best) this.bestWeights = keptWeights(snapshot);
    await this.job.save?.(snapshot, best);
    this.saved = this.job.clock();
  }

  /** Within an epoch, when it is time. Weights that went wrong are not saved: the next step's loss tells of them. */
  private async autosave(): Promise<void> {
    const { autosave, clock } = this.job;
    if (!autosave || this.step === this.steps || clock() - this.saved < autosave.every) return;
    const snapshot = this.capture();
    if ([...snapshot.weights.values()].every(({ data }) => firstNonFinite(data) < 0)) await autosave.save(snapshot);
    this.saved = clock();
  }

  /**
   * Which layer first had a value that is not finite: the steps since the last copy are done again (they give the same
   * bits), up to the one that failed, because its update has spoilt the weights that it began with.
   */
  private async explain(order: EpochVisits, received: number): Promise<NonFiniteError> {
    const place = { epoch: this.epoch, step: this.step + 1 };
    const failedStep = this.step;
    this.restore(this.copy);
    for (; this.step < failedStep; this.step++) {
      const step = this.globalStep();
      await this.trainingStep.run(this.prepare(order, this.step), step, this.learningRate.at(step));
    }
    const { engine, recipe, preprocessing } = this.job;
    const failed = this.prepare(order, this.step, true);
    for (const { batch, random } of this.trainingStep.parts(failed, this.globalStep())) {
      const part = { ...batch, step: random, training: true };
      const found = await findNonFinite(engine, recipe.model, preprocessing, part, recipe.algorithm);
      if (found) return new NonFiniteError(received, place, found);
    }
    return new NonFiniteError(received, place, undefined);
  }

  private async explainValidation(received: number): Promise<NonFiniteError> {
    const { engine, recipe, preprocessing, val } = this.job;
    const n = (this.prepared.validation ?? this.prepared.step).options.capacity;
    const pixels = new Uint8Array(n * pictureSize(val));
    fillBatch(val, fileOrder(n), 0, n, pixels, new Int32Array(n));
    const batch = {
      n,
      pixels,
      step: Int32Array.of(recipe.seed | 0, 0),
      training: false,
    };
    const found = await findNonFinite(engine, recipe.model, preprocessing, batch, recipe.algorithm);
    return new NonFiniteError(received, { epoch: this.epoch, step: this.step }, found);
  }

  private result(status: 'finished' | 'interrupted'): TrainingResult {
    return {
      status,
      history: this.history,
      best: bestEpoch(this.history),
      bestWeights: this.bestWeights,
      lastWeights: this.averaging?.save() ?? saveWeights(this.job.engine, this.parameters),
      imagesPerSecond: this.trained.seconds > 0 ? this.trained.images / this.trained.seconds : 0,
      memory: this.memory,
    };
  }

  private emit(event: TrainEvent): void {
    this.job.onEvent?.(event);
  }
}

function checkPictures(recipe: Recipe, dataset: Dataset, part: string): void {
  const [height, width, channels] = recipe.model.input;
  if (dataset.height !== height || dataset.width !== width || dataset.channels !== channels) {
    const received = [dataset.height, dataset.width, dataset.channels];
    const mend = `Open the data with that size, or build the model for ${received.join('x')}`;
    throw invalid(`${part} pictures of ${height}x${width}x${channels}`, `model '${recipe.modelName}'`, received, mend);
  }
  if (dataset.classNames.length !== recipe.model.classes) {
    throw new FoveaError(
      `Expected ${recipe.model.classes} classes for model '${recipe.modelName}' but received ${dataset.classNames.length}`,
    );
  }
}
