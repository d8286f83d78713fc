import type { Engine } from '../backend/backend.ts';
import type { Preprocessing } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { hashDataset } from '../dataset/hash.ts';
import type { Leak } from '../dataset/leak-gate.ts';
import { FoveaError, invalid } from '../errors.ts';
import type { WeightReport } from '../model/match-weights.ts';
import { hashWeights } from '../model/weights.ts';
import { keptWeights } from '../train/averaging.ts';
import { engineBits } from '../train/bits.ts';
import type { RecipeChoices } from '../train/choose-recipe.ts';
import { gatherFacts } from '../train/diagnosis/facts.ts';
import type { Finding } from '../train/diagnosis/finding.ts';
import { diagnose } from '../train/diagnosis/index.ts';
import { type Ending, endingOf } from '../train/early-stopping.ts';
import type { TrainEvent } from '../train/events.ts';
import { checkMemory, type TrainingMemory } from '../train/forecast.ts';
import { bestEpoch, type EpochRecord } from '../train/history.ts';
import { NonFiniteError } from '../train/non-finite.ts';
import type { RecipeOverrides } from '../train/override-recipe.ts';
import type { MemoryMode } from '../train/prepare.ts';
import type { Recipe } from '../train/recipe.ts';
import type { Snapshot } from '../train/state.ts';
import { runTraining } from '../train/trainer.ts';
import type { TrainingJob, TrainingResult } from '../train/training-job.ts';
import type { Adapters } from './adapters.ts';
import { calibrateTrained } from './calibrate.ts';
import { chooseForData, weightsAgain } from './choose-training.ts';
import { symptomsOf } from './diagnose-run.ts';
import type { Lock } from './lock.ts';
import { type NoteEvent, note } from './notes.ts';
import {
  checkRunFolder,
  makeRunFolder,
  openRunFolder,
  type RunDescription,
  type RunFolder,
  type RunStatus,
} from './run-folder.ts';
import { RunWatch } from './run-watch.ts';
import type { TorchHost, TorchProcesses } from './torch/launch.ts';
import { processCount } from './torch/launch.ts';
import { checkPorted } from './torch/ported.ts';
import { trainOnTorch } from './torch/train-on-torch.ts';
import { openRunData } from './training-data.ts';
import { foveaVersion } from './version.ts';

export type WorkbenchEvent =
  | TrainEvent
  | { readonly kind: 'reading'; readonly done: number; readonly total: number }
  /** Some other long work. */
  | {
      readonly kind: 'progress';
      readonly doing: string;
      readonly done: number;
      readonly total: number;
      readonly unit?: 'bytes' | 'files';
    }
  | NoteEvent
  /** Bytes of a file that is fetched; `total` undefined while unknown. */
  | { readonly kind: 'fetch'; readonly file: string; readonly done: number; readonly total: number | undefined }
  /** Something about the training that has become true, and what to try. */
  | { readonly kind: 'diagnosis'; readonly finding: Finding }
  | { readonly kind: 'skipped'; readonly origin: string; readonly reason: string }
  | { readonly kind: 'run'; readonly path: string; readonly description: RunDescription };

export interface VerbOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: WorkbenchEvent) => void;
}

export interface TrainRequest extends Omit<RecipeChoices, 'start'> {
  /** A model of one's own; or what names one: a preset, a JSON file, a run's folder, a model file, a line of layers. */
  readonly model?: RecipeChoices['model'];
  /** A built-in set or a path; not with `resume`. */
  readonly data?: string;
  /** The folder of a run whose data and recipe are taken; `overrides` say what is to be otherwise. */
  readonly like?: string;
  /** The folder of a run that is to go on. */
  readonly resume?: string;
  /** The new run's folder; default `<runs>/<data>-<model>-<n>`. */
  readonly out?: string;
  /** The folder of runs. Default `runs`. */
  readonly runs?: string;
  /** Weights to begin with: a .safetensors file, the folder of a run, or `hf:owner/name`. */
  readonly weights?: string;
  /** Addresses that stand in the stead of Hugging Face's, in order. */
  readonly mirrors?: readonly string[];
  /** Share of the training pictures for validation, where the data have no part of their own. Default 0.1. */
  readonly val?: number;
  /** A recorded split, by which the pictures are dealt out. */
  readonly split?: string;
  /** Training pictures with a copy in val or test stay. */
  readonly keepLeaks?: boolean;
  /** A file of class weights; not beside `classWeights`. */
  readonly classWeightsFile?: string;
  readonly size?: { readonly height: number; readonly width: number };
  readonly channels?: 1 | 3;
  readonly strict?: boolean;
  readonly threads?: number;
  /** 'low' takes less memory and more time; no part of the recipe, since it changes no bit. */
  readonly memory?: MemoryMode;
  /** Fields of the recipe that are set last of all, by dotted names. */
  readonly overrides?: RecipeOverrides;
  /** Minutes after which a long epoch is saved before its end. Default 5. */
  readonly saveEvery?: number;
  /** Trains on PyTorch Distributed, in so many processes; no part of the recipe. Absent: on the engine. */
  readonly torch?: TorchProcesses;
}

/** Minutes: what a machine that dies may cost, beside which the writing costs nothing. */
const usualSaveEvery = 5;

export interface TrainOutcome {
  /** The run's folder. */
  readonly run: string;
  readonly status: Ending | 'interrupted';
  /** It was finished already and nothing was trained. */
  readonly alreadyFinished: boolean;
  readonly recipe: Recipe;
  readonly epochs: readonly EpochRecord[];
  readonly best: EpochRecord | undefined;
  /** What the training's record means, the graver first. */
  readonly diagnosis: readonly Finding[];
  /** What opens its data again: a built-in name or a path. */
  readonly data: string;
  /** Pictures that it can be tested on. */
  readonly testImages: number;
  /** Hash of the recorded split, where there is one. */
  readonly split: string | undefined;
  /** Training and validation pictures with a copy in a stricter part; left out unless they were to stay. */
  readonly leaks: readonly Leak[];
  /** Hash of the last weights. */
  readonly weights: string;
  readonly imagesPerSecond: number;
  /** As foretold before the first step; undefined when nothing was trained. */
  readonly memory: TrainingMemory | undefined;
  /** Which tensors of the given weights the model began with; undefined where none were given. */
  readonly startWeights: WeightReport | undefined;
}

export async function trainRun(
  adapters: Adapters,
  request: TrainRequest,
  options: VerbOptions = {},
): Promise<TrainOutcome> {
  if (request.resume !== undefined) return resumeRun(adapters, request.resume, request, options);
  await checkRunFolder(adapters.storage, request.out, request.runs);
  const chosen = await chooseForData(adapters, request, options);
  const { source, train, val: valPart, leaks, split, recipe, preprocessing } = chosen;
  const { data, split: splitFile, strict = false, keepLeaks = false } = chosen.request;
  const elsewhere = await openTorch(adapters, recipe, request.torch);
  return withEngine(adapters, request.threads, async (engine) => {
    const { machineMemory } = adapters;
    if (!elsewhere) {
      checkMemory({ engine, recipe, train, val: valPart, preprocessing, machineMemory, mode: request.memory });
    }
    // The folder comes last of all that can fail, so that a mistake leaves none behind.
    const run = await makeRunFolder(adapters.storage, request.out, source.name, recipe.modelName, request.runs);
    const created = adapters.now();
    const description: RunDescription = {
      format: 'fovea-run',
      version: 1,
      fovea: foveaVersion,
      created,
      updated: created,
      status: 'running',
      data: {
        source: adapters.resolveData(data as string),
        name: source.name,
        train: await hashDataset(train),
        val: await hashDataset(valPart),
        images: { train: train.count, val: valPart.count, test: source.test?.count ?? 0 },
        classNames: [...train.classNames],
        skipped: source.skipped.length,
        strict,
        ...(split ? { split: { file: adapters.resolveData(splitFile as string), hash: split.hash } } : {}),
        ...(source.store ? { store: source.store } : {}),
        ...(leaks.length > 0 ? { leaks: { count: leaks.length, kept: keepLeaks } } : {}),
        facts: gatherFacts(train, valPart, preprocessing, keepLeaks ? countLeaked(leaks) : 0),
      },
      recipe,
      preprocessing,
      why: chosen.why,
      ...(chosen.matched ? { weights: chosen.matched.report } : {}),
      bits: elsewhere?.bits ?? engineBits,
      environment: adapters.environment,
      epochsDone: 0,
    };
    const lock = await run.lock(adapters, noteTo(options));
    try {
      await run.claim(description);
      const parts = { train, val: valPart, leaks, weights: chosen.matched?.weights };
      return await carryOut(
        adapters,
        engine,
        { run, lock, elsewhere },
        description,
        parts,
        undefined,
        request,
        options,
      );
    } finally {
      await lock.release();
    }
  });
}

/** PyTorch Distributed, where it is to train, and what its bits are called. */
interface TorchTrainer {
  readonly host: TorchHost;
  readonly processes: TorchProcesses;
  readonly bits: string;
}

/** @throws FoveaError when it is not here, or when the recipe has parts that are not ported to it. */
async function openTorch(
  { torch: host }: Adapters,
  recipe: Recipe,
  processes: TorchProcesses | undefined,
): Promise<TorchTrainer | undefined> {
  if (!processes) return undefined;
  if (!host) throw new FoveaError('PyTorch Distributed cannot be started here', 'Use the command line');
  checkPorted(recipe, processCount(processes));
  return { host, processes, bits: `torch-${await host.version()}` };
}

export async function withEngine<T>(
  adapters: Adapters,
  threads: number | undefined,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await adapters.createEngine({ threads });
  try {
    return await use(engine);
  } finally {
    await engine.dispose();
  }
}

/** Goes on with a run: from its last checkpoint, or from its recipe when it has none. */
async function resumeRun(
  adapters: Adapters,
  path: string,
  request: TrainRequest,
  options: VerbOptions,
): Promise<TrainOutcome> {
  const run = openRunFolder(adapters.storage, path);
  // Read once before: what is no run must not be locked.
  await run.readDescription();
  const lock = await run.lock(adapters, noteTo(options));
  try {
    return await resumeLocked(adapters, { run, lock }, request, options);
  } finally {
    await lock.release();
  }
}

/** Validation pictures with a copy among the training pictures. */
const countLeaked = (leaks: readonly Leak[]): number =>
  new Set(leaks.filter(({ part, copyPart }) => part === 'train' && copyPart === 'val').map(({ copy }) => copy)).size;

const noteTo =
  ({ onEvent }: VerbOptions) =>
  (text: string): void =>
    onEvent?.({ kind: 'note', text });

/** A run that nobody else writes. */
interface LockedRun {
  readonly run: RunFolder;
  readonly lock: Lock;
  readonly elsewhere?: TorchTrainer;
}

async function resumeLocked(
  adapters: Adapters,
  { run, lock }: LockedRun,
  request: TrainRequest,
  options: VerbOptions,
): Promise<TrainOutcome> {
  const found = await run.readDescription();
  const snapshot = await run.readSnapshot();
  const done = snapshot?.state.history.length ?? 0;
  const epochs = request.epochs ?? found.recipe.epochs;
  const patience = request.patience ?? found.recipe.patience;
  if (epochs < done) {
    throw invalid(`at least ${done} epochs, which are done,`, "option 'epochs'", epochs);
  }
  const before = await run.mend(found, snapshot);
  const recipe: Recipe = { ...before.recipe, epochs, ...(patience === undefined ? {} : { patience }) };
  const ending = snapshot && endingOf(recipe, snapshot.state.history);
  if (snapshot && ending) return endedAlready(adapters, run, { ...before, recipe }, snapshot, ending);
  const elsewhere = await openTorch(adapters, recipe, request.torch);
  const description: RunDescription = {
    ...before,
    recipe,
    status: 'running',
    error: undefined,
    failure: undefined,
    ...lengthened(before, epochs, snapshot),
    ...mixedBits(before, elsewhere?.bits ?? engineBits, options),
  };
  const { train, val, leaks } = await openRunData(adapters, description, run.path, options);
  return withEngine(adapters, request.threads, async (engine) => {
    const { machineMemory } = adapters;
    const preprocessing = description.preprocessing as Preprocessing;
    if (!elsewhere) checkMemory({ engine, recipe, train, val, preprocessing, machineMemory, mode: request.memory });
    await run.writeDescription({ ...description, updated: adapters.now() });
    const weights = snapshot ? undefined : await weightsAgain(adapters, recipe, request, options);
    const parts = { train, val, leaks, weights };
    return carryOut(adapters, engine, { run, lock, elsewhere }, description, parts, snapshot, request, options);
  });
}

/** What the training's length was until now, where it changes. */
function lengthened(
  { recipe, earlier = [] }: RunDescription,
  epochs: number,
  snapshot: Snapshot | undefined,
): Pick<RunDescription, 'earlier'> {
  if (epochs === recipe.epochs || !snapshot) return {};
  const { epoch, step } = snapshot.state;
  return { earlier: [...earlier, { epochs: recipe.epochs, until: { epoch, step } }] };
}

/** A run that goes on with another engine's bits is recorded as what it is: of both. */
function mixedBits({ bits }: RunDescription, now: string, { onEvent }: VerbOptions): Pick<RunDescription, 'bits'> {
  if (bits === undefined || bits.split('+').at(-1) === now) return {};
  onEvent?.(note('other-bits', { now, begun: bits }));
  return { bits: `${bits}+${now}` };
}

async function endedAlready(
  adapters: Adapters,
  run: RunFolder,
  description: RunDescription,
  snapshot: Snapshot,
  status: Ending,
): Promise<TrainOutcome> {
  const { history, trained } = snapshot.state;
  if (description.status !== status) {
    await run.writeDescription({
      ...description,
      status,
      error: undefined,
      failure: undefined,
      updated: adapters.now(),
    });
  }
  return {
    run: run.path,
    status,
    alreadyFinished: true,
    recipe: description.recipe,
    diagnosis: diagnose(
      symptomsOf(description, run.path, { history, telemetry: await run.readTelemetry(), over: true }),
    ),
    data: description.data.source,
    testImages: description.data.images.test,
    epochs: history,
    best: bestEpoch(history),
    split: description.data.split?.hash,
    leaks: [],
    weights: await hashWeights(keptWeights(snapshot)),
    imagesPerSecond: trained.seconds > 0 ? trained.images / trained.seconds : 0,
    memory: undefined,
    startWeights: description.weights,
  };
}

async function carryOut(
  adapters: Adapters,
  engine: Engine,
  { run, lock, elsewhere }: LockedRun,
  description: RunDescription,
  {
    leaks,
    ...parts
  }: {
    readonly train: Dataset;
    readonly val: Dataset;
    readonly leaks: readonly Leak[];
    readonly weights: TrainingJob['weights'];
  },
  from: Snapshot | undefined,
  { memory, threads, saveEvery = usualSaveEvery }: Pick<TrainRequest, 'memory' | 'threads' | 'saveEvery'>,
  { signal, onEvent }: VerbOptions,
): Promise<TrainOutcome> {
  onEvent?.({ kind: 'run', path: run.path, description });
  const { recipe, preprocessing } = description;
  const now = (status: RunStatus, history: readonly EpochRecord[], error?: string): RunDescription => ({
    ...description,
    status,
    error,
    updated: adapters.now(),
    best: bestEpoch(history),
    epochsDone: history.length,
  });
  let history: readonly EpochRecord[] = from?.state.history ?? [];
  const watch = await RunWatch.open(run, description, from?.state);
  const trainer = (job: TrainingJob): Promise<TrainingResult> => {
    if (!elsewhere) return runTraining(job);
    const onNote = (text: string): void => onEvent?.({ kind: 'note', text });
    const onSaved = async (saved: readonly EpochRecord[]): Promise<void> => {
      await lock.check();
      await watch.save();
      history = saved;
    };
    return trainOnTorch({ adapters, run, description, threads, onSaved, onNote, ...elsewhere }, job);
  };
  let result: TrainingResult;
  try {
    result = await trainer({
      engine,
      recipe,
      ...parts,
      preprocessing: preprocessing as Preprocessing,
      from,
      bestSoFar: from && (await run.readBestWeights()),
      signal,
      clock: adapters.clock,
      machineMemory: adapters.machineMemory,
      memory,
      onEvent(event) {
        onEvent?.(event);
        for (const finding of watch.take(event)) onEvent?.({ kind: 'diagnosis', finding });
      },
      async save(snapshot, best) {
        await lock.check();
        const saved = snapshot.state.history;
        await run.writeCheckpoint(now(endingOf(recipe, saved) ?? 'running', saved), snapshot, best);
        await watch.save();
        // Only now: should writing have failed, this epoch must not be told as kept.
        history = saved;
      },
      autosave: {
        every: saveEvery * 60_000,
        async save(snapshot) {
          try {
            await run.writeCheckpoint(now('running', snapshot.state.history), snapshot, false);
          } catch (error) {
            if (!(error instanceof FoveaError)) throw error;
            // Nothing is lost by it yet: the last checkpoint is whole, and the next one may find room again.
            onEvent?.(note('not-saved', { reason: error.message }));
          }
        },
      },
    });
  } catch (error) {
    // Best effort: on a full disk even this may fail, and the first error is the one to tell. What another took over is his.
    const message = error instanceof Error ? error.message : String(error);
    const failure = error instanceof NonFiniteError ? { failure: error.place } : {};
    const diagnosis = watch.findings({ ...failure, over: true });
    await lock
      .check()
      .then(() => run.writeDescription({ ...now('failed', history, message), ...failure }))
      .then(() => watch.save())
      .then(() => run.writeDiagnosis(diagnosis))
      .catch(() => undefined);
    if ('failure' in failure) for (const finding of diagnosis) onEvent?.({ kind: 'diagnosis', finding });
    throw withCheckpoint(error, run.path, history.length);
  }
  if (result.status === 'interrupted') await run.writeDescription(now('interrupted', result.history));
  else await calibrateTrained(engine, run, parts.val, { signal, onEvent });
  const diagnosis = watch.findings({ over: result.status !== 'interrupted' });
  await run.writeDiagnosis(diagnosis);
  return {
    run: run.path,
    status: result.status,
    alreadyFinished: false,
    recipe,
    data: description.data.source,
    testImages: description.data.images.test,
    epochs: result.history,
    best: result.best,
    diagnosis,
    split: description.data.split?.hash,
    leaks,
    weights: await hashWeights(result.lastWeights),
    imagesPerSecond: result.imagesPerSecond,
    memory: result.memory,
    startWeights: description.weights,
  };
}

/** Tells where the last good checkpoint is. */
function withCheckpoint(error: unknown, path: string, epochs: number): unknown {
  if (!(error instanceof FoveaError) || epochs === 0) return error;
  const kept = `The checkpoint of epoch ${epochs} is kept in '${path}'`;
  return new FoveaError(`${error.message.replace(/\.$/, '')}. ${kept}`);
}
