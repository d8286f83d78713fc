import type { Program } from '../backend/backend.ts';
import { balancedEpoch, type EpochVisits, epochOrder } from '../dataset/batches.ts';
import { createAugmenter } from '../image/augment.ts';
import { saveWeights } from '../model/weights.ts';
import { createLearningRate, type LearningRate } from '../schedules/index.ts';
import { ActiveStage, type StageSetting } from './active-stage.ts';
import { type Averaging, createAveraging, keptWeights } from './averaging.ts';
import { checkPictures } from './check-pictures.ts';
import { endingOf } from './early-stopping.ts';
import { Evaluated } from './evaluated.ts';
import type { TrainEvent } from './events.ts';
import { explainValidation } from './explain-validation.ts';
import { checkMemory, type TrainingMemory } from './forecast.ts';
import { forecastDuration, type TrainingDuration } from './forecast-duration.ts';
import { beginWeights, forgetNew, restoreHeld, spoiltTensor } from './held-state.ts';
import { addBatch, bestEpoch, type EpochRecord } from './history.ts';
import { findNonFinite, firstNonFinite, NonFiniteError } from './non-finite.ts';
import { type Draft, type PreparedTraining, planDrafts, prepareTraining } from './prepare.ts';
import { Progress } from './progress.ts';
import { stageAt } from './stages.ts';
import type { FileTensor, Snapshot } from './state.ts';
import type { Batch } from './step.ts';
import { trainSample } from './train-sample.ts';
import type { TrainingJob, TrainingResult } from './training-job.ts';
import { TrainingWatch } from './training-watch.ts';
import { LayerWatch } from './watch-layers.ts';

/** Steps between two copies of everything, from which a step that went wrong can be computed again. */
const stepsBetweenCopies = 100;

/** Trainings of fewer steps are over before one has read how long they take. */
const fewestForecast = 40;

/**
 * Trains: the whole of a recipe, or what is left of it. The weights are a function of recipe, pictures and nothing else:
 * not of threads, interruptions or time.
 *
 * @throws FoveaError when model and pictures do not fit, or not into memory. @throws NonFiniteError when the loss is not finite.
 */
export async function runTraining(job: TrainingJob): Promise<EngineTraining> {
  return new Training(job).run();
}

/** What came of a training on the engine, whose memory is foretold. */
export type EngineTraining = TrainingResult & { readonly memory: TrainingMemory };

class Training {
  private readonly prepared: PreparedTraining;
  private readonly progress: Progress;
  private readonly setting: StageSetting;
  private readonly programs = new Map<Draft, Program>();
  private memory!: TrainingMemory;
  private learningRate!: LearningRate;
  private stage!: ActiveStage;
  private layerWatch: TrainingWatch | undefined;
  /** Undefined where the recipe averages nothing. */
  private averaging: Averaging | undefined;
  private bestWeights: ReadonlyMap<string, FileTensor> | undefined;
  /** Everything as it was at an earlier step of the same epoch, or at its beginning. */
  private copy!: Snapshot;

  constructor(private readonly job: TrainingJob) {
    const { recipe, train, val, preprocessing, memory } = job;
    checkPictures(recipe, train, 'training');
    checkPictures(recipe, val, 'validation');
    this.prepared = prepareTraining(recipe, preprocessing, { train: train.count, val: val.count }, memory);
    this.progress = new Progress(this.prepared.steps, job.clock);
    this.setting = {
      job,
      prepared: this.prepared,
      programOf: (draft) => this.programs.get(draft) as Program,
      augmenter: createAugmenter(recipe.augmentation, train),
      sample: trainSample(train, recipe.seed),
    };
    this.bestWeights = job.bestSoFar;
  }

  async run(): Promise<EngineTraining> {
    const { recipe, train, val, from, signal } = this.job;
    const { progress } = this;
    this.memory = checkMemory({ ...this.job, mode: this.job.memory });
    await this.compile();
    const duration = await this.forecast(from?.state.epoch ?? 1);
    this.restore(from ?? beginWeights(this.job, this.prepared));
    this.emit({
      kind: 'begin',
      epochs: recipe.epochs,
      stepsPerEpoch: progress.steps,
      trainImages: train.count,
      valImages: val.count,
      parameters: this.stage.learning.parameters,
      memory: this.memory,
      duration,
      resumed: from && progress.place,
    });
    const first = progress.epoch;
    this.tellStage();
    await this.watch?.begin(progress.place);
    for (;;) {
      const ending = endingOf(recipe, progress.history);
      if (ending) return this.result(ending);
      if (signal?.aborted && progress.epoch > first) return this.result('interrupted');
      progress.startClock();
      if (!(await this.trainEpoch()) || !(await this.endEpoch())) {
        await this.save(false);
        return this.result('interrupted');
      }
    }
  }

  private async compile(): Promise<void> {
    for (const { draft } of planDrafts(this.prepared)) {
      this.programs.set(draft, await this.job.engine.compile(draft.graph, draft.options));
    }
    const { watched, statistics, evaluation } = this.prepared;
    this.averaging = createAveraging({
      ...this.job,
      prepared: this.prepared,
      parameters: evaluation.model.parameters,
      statistics: statistics && this.setting.programOf(statistics),
    });
    if (!watched) return;
    const { job, progress, setting } = this;
    const layers = new LayerWatch(job, watched, setting.programOf(watched.draft), setting.sample);
    const length = { steps: progress.steps, epochs: job.recipe.epochs, images: job.train.count };
    this.layerWatch = new TrainingWatch(layers, length, (record) => this.emit({ kind: 'telemetry', record }));
  }

  /** Before weights are set: what is computed here leaves none of them as it was. */
  private async forecast(epoch: number): Promise<TrainingDuration | undefined> {
    const { recipe, val, clock } = this.job;
    const prepared = stageAt(this.prepared.stages, epoch);
    const { steps } = this.progress;
    const epochs = recipe.epochs - epoch + 1;
    // Frozen layers are computed once or often, as their features are kept; a few steps need no forecast.
    if (recipe.stages || epochs * steps < fewestForecast) return undefined;
    const stage = new ActiveStage(this.setting, prepared);
    const batch = stage.prepareBatch(
      { order: epochOrder(this.job.train.count, recipe.seed, epoch) },
      { epoch, step: 0 },
    );
    const evaluated = val.count + this.setting.sample.count;
    return forecastDuration(stage.step, batch, { steps, evaluated, epochs }, clock);
  }

  /** While layers are frozen, what they compute is not what training mode would give. */
  private get watch(): TrainingWatch | undefined {
    return this.stage.prepared.frozen ? undefined : this.layerWatch;
  }

  /** Takes up the stage that the epoch belongs to. The optimizer's memory is as the engine holds it. */
  private enterStage(): void {
    this.stage = new ActiveStage(this.setting, stageAt(this.prepared.stages, this.progress.epoch));
  }

  /** Returns whether another stage begins. */
  private changeStage(): boolean {
    const before = this.stage.prepared;
    if (stageAt(this.prepared.stages, this.progress.epoch) === before) return false;
    this.enterStage();
    forgetNew(this.job.engine, before.training.stateNames, this.stage.prepared.training.stateNames);
    return true;
  }

  private tellStage(): void {
    const { epochs, stages } = this.job.recipe;
    const { epoch } = this.progress;
    if (stages && epoch <= epochs) this.emit({ kind: 'stage', epoch, ...this.stage.learning });
  }

  /** The remaining steps of the epoch. Returns false when interrupted. */
  private async trainEpoch(): Promise<boolean> {
    const { signal, clock } = this.job;
    const { progress, stage } = this;
    const { steps } = progress;
    const order = this.visits();
    const batchAt = (step: number): Batch | undefined =>
      step < steps ? stage.prepareBatch(order, { epoch: progress.epoch, step }) : undefined;
    this.copy = this.capture();
    let next = batchAt(progress.step);
    while (next) {
      if (signal?.aborted) return false;
      const held = this.watch?.beforeStep(progress.place);
      const begin = clock();
      const batch: Batch = next;
      const learningRate = this.learningRate.at(progress.globalStep);
      const running = stage.step.run(batch, progress.globalStep, learningRate);
      // While the pool computes, the next batch is put together here.
      next = batchAt(progress.step + 1);
      const { losses, logits } = await running;
      const bad = firstNonFinite(losses);
      if (bad >= 0) throw await this.explain(order, losses[bad]);
      addBatch(progress.totals, losses, logits, batch.labels, batch.n);
      progress.addStep(batch.n, clock() - begin);
      if (progress.step % stepsBetweenCopies === 0) this.copy = this.capture();
      await this.watch?.afterStep(held, progress.place);
      await this.autosave();
      const { totals, trained } = progress;
      this.emit({
        kind: 'step',
        ...progress.place,
        loss: totals.loss / totals.images,
        accuracy: totals.correct / totals.images,
        learningRate,
        imagesPerSecond: trained.images / trained.seconds,
      });
    }
    return !signal?.aborted;
  }

  /** Which pictures the epoch visits, and in which order. */
  private visits(): EpochVisits {
    const { recipe, train } = this.job;
    const { epoch } = this.progress;
    return recipe.sampling === 'balanced'
      ? balancedEpoch(train.labels, recipe.seed, epoch)
      : { order: epochOrder(train.count, recipe.seed, epoch) };
  }

  /** Validates, writes the epoch down and saves. Returns false when interrupted before validation was through. */
  private async endEpoch(): Promise<boolean> {
    const { val, signal } = this.job;
    const { progress } = this;
    const { epoch } = progress;
    const stop = (): boolean => signal?.aborted === true;
    const { averaging } = this;
    if (averaging && !(await averaging.enter(epoch, stop))) return false;
    const interrupted = (): false => {
      averaging?.leave(false);
      return false;
    };
    const validated = new Evaluated(this.job.recipe.model.classes);
    await this.stage.evaluateVal((batch, done) => {
      validated.add(batch);
      this.emit({ kind: 'validate', epoch, done, images: val.count });
    }, stop);
    if (validated.images < val.count) return interrupted();
    const { loss: valLoss, accuracy: valAccuracy } = validated;
    if (!Number.isFinite(valLoss)) throw await explainValidation(this.job, this.prepared, progress.place, valLoss);
    const sampled = new Evaluated(this.job.recipe.model.classes);
    await this.stage.evaluateSample((batch) => sampled.add(batch), stop);
    if (sampled.images < this.setting.sample.count) return interrupted();
    averaging?.leave(true);
    const looked = await this.watch?.endEpoch(epoch);
    const trained = progress.totals;
    const record: EpochRecord = {
      epoch,
      loss: trained.loss / trained.images,
      valLoss,
      accuracy: trained.correct / trained.images,
      valAccuracy,
      // JSON has no word for a loss that is not finite.
      ...(Number.isFinite(sampled.loss) ? { trainLoss: sampled.loss, trainAccuracy: sampled.accuracy } : {}),
      learningRate: this.learningRate.at(progress.globalStep - 1),
      seconds: progress.seconds,
    };
    const predictions = { val: validated.predictions, train: sampled.predictions };
    this.emit({ kind: 'telemetry', record: { ...progress.place, ...looked, ...predictions } });
    this.learningRate.observe(valLoss);
    progress.nextEpoch(record);
    const best = bestEpoch(progress.history) === record;
    const learnsMore = this.changeStage();
    await this.save(best);
    this.emit({ kind: 'epoch', record, best });
    if (learnsMore) this.tellStage();
    return true;
  }

  private capture(): Snapshot {
    const { engine } = this.job;
    const { stateNames } = this.stage.prepared.training;
    const optimizer = new Map(stateNames.map((name) => [name, engine.readPersistent(name)]));
    const weights = saveWeights(engine, this.prepared.evaluation.model.parameters);
    const averaged = this.averaging?.save();
    const state = this.progress.state(this.learningRate.state);
    return { state, weights, optimizer, ...(averaged ? { averaged } : {}) };
  }

  /** @throws FoveaError when the snapshot belongs to another model or optimizer. */
  private restore(snapshot: Snapshot): void {
    const { engine, recipe } = this.job;
    const { state } = snapshot;
    const { stateNames } = stageAt(this.prepared.stages, state.epoch).training;
    restoreHeld(engine, snapshot, this.prepared, stateNames);
    this.averaging?.restore(snapshot.averaged);
    this.progress.restore(state);
    this.enterStage();
    this.learningRate = createLearningRate(recipe.schedule, {
      learningRate: recipe.learningRate,
      totalSteps: recipe.epochs * this.progress.steps,
      state: state.schedule,
    });
  }

  private async save(best: boolean): Promise<void> {
    const snapshot = this.capture();
    // The last step may have spoilt weights that no loss has seen yet; such a moment must not replace a good one.
    const spoilt = spoiltTensor(snapshot.weights);
    if (spoilt !== undefined) {
      const layer = spoilt.slice(0, spoilt.lastIndexOf('.'));
      const { epoch, step } = snapshot.state;
      const place = step > 0 ? { epoch, step } : { epoch: epoch - 1, step: this.progress.steps };
      throw new NonFiniteError(Number.NaN, place, { layer, what: `the weights ('${spoilt}')` });
    }
    if (best) this.bestWeights = keptWeights(snapshot);
    await this.job.save?.(snapshot, best);
    this.progress.saved = this.job.clock();
  }

  /** Within an epoch, when it is time. Weights that went wrong are not saved: the next step's loss tells of them. */
  private async autosave(): Promise<void> {
    const { autosave, clock } = this.job;
    const { step, steps, saved } = this.progress;
    if (!autosave || step === steps || clock() - saved < autosave.every) return;
    const snapshot = this.capture();
    if (spoiltTensor(snapshot.weights) === undefined) await autosave.save(snapshot);
    this.progress.saved = clock();
  }

  /**
   * Which layer first had a value that is not finite: the steps since the last copy are done again (they give the same
   * bits), up to the one that failed, because its update has spoilt the weights that it began with.
   */
  private async explain(order: EpochVisits, received: number): Promise<NonFiniteError> {
    const { progress } = this;
    const { epoch, step: failedStep } = progress.place;
    const place = { epoch, step: failedStep + 1 };
    this.restore(this.copy);
    for (; progress.step < failedStep; progress.step++) {
      const step = progress.globalStep;
      await this.stage.step.run(this.stage.prepareBatch(order, progress.place), step, this.learningRate.at(step));
    }
    const { engine, recipe, preprocessing } = this.job;
    const failed = this.stage.prepareBatch(order, progress.place, true);
    for (const { batch, random } of this.stage.step.parts(failed, progress.globalStep)) {
      const part = { ...batch, step: random, training: true };
      const found = await findNonFinite(engine, recipe.model, preprocessing, part, recipe.algorithm);
      if (found) return new NonFiniteError(received, place, found);
    }
    return new NonFiniteError(received, place, undefined);
  }

  private result(status: TrainingResult['status']): EngineTraining {
    const { history, trained } = this.progress;
    return {
      status,
      history,
      best: bestEpoch(history),
      bestWeights: this.bestWeights,
      lastWeights: this.averaging?.save() ?? saveWeights(this.job.engine, this.prepared.evaluation.model.parameters),
      imagesPerSecond: trained.seconds > 0 ? trained.images / trained.seconds : 0,
      memory: this.memory,
    };
  }

  private emit(event: TrainEvent): void {
    this.job.onEvent?.(event);
  }
}
