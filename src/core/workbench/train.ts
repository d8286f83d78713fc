import type { Engine } from '../backend/backend.ts';
import type { Preprocessing } from '../classifier/classifier.ts';
import type { DataSource, Dataset } from '../dataset/dataset.ts';
import { hashDataset } from '../dataset/hash.ts';
import { type Gated, gateLeaks, type Leak, leakNote } from '../dataset/leak-gate.ts';
import { splitOff } from '../dataset/split.ts';
import { applySplit, type SplitFile } from '../dataset/split-file.ts';
import { channelStatistics } from '../dataset/statistics.ts';
import { FoveaError, invalid, mismatch } from '../errors.ts';
import { buildModel } from '../model/build.ts';
import { presetOf } from '../model/head.ts';
import { matchWeights, type WeightReport } from '../model/match-weights.ts';
import type { OpenedWeights } from '../model/opened-weights.ts';
import { hashWeights } from '../model/weights.ts';
import { engineBits } from '../train/bits.ts';
import { chooseRecipe, type RecipeChoices } from '../train/choose-recipe.ts';
import type { TrainEvent } from '../train/events.ts';
import { checkMemory, type TrainingMemory } from '../train/forecast.ts';
import { bestEpoch, type EpochRecord } from '../train/history.ts';
import { overrideRecipe, type RecipeOverrides } from '../train/override-recipe.ts';
import type { MemoryMode } from '../train/prepare.ts';
import type { Recipe } from '../train/recipe.ts';
import type { Snapshot } from '../train/state.ts';
import { runTraining, type TrainingJob, type TrainingResult } from '../train/trainer.ts';
import type { Adapters } from './adapters.ts';
import { readClassWeights } from './class-weights.ts';
import { findModel } from './find-model.ts';
import type { Lock } from './lock.ts';
import { readSplit } from './read-split.ts';
import {
  checkRunFolder,
  makeRunFolder,
  openRunFolder,
  type RunDescription,
  type RunFolder,
  type RunStatus,
} from './run-folder.ts';
import { openWeights } from './start-weights.ts';

export type WorkbenchEvent =
  | TrainEvent
  | { readonly kind: 'reading'; readonly done: number; readonly total: number }
  /** Something that was understood or chosen, a sentence. */
  | { readonly kind: 'note'; readonly text: string }
  /** Bytes of a file that is fetched; `total` undefined while unknown. */
  | { readonly kind: 'fetch'; readonly file: string; readonly done: number; readonly total: number | undefined }
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
}

/** Minutes: what a machine that dies may cost, beside which the writing costs nothing. */
const usualSaveEvery = 5;

export interface TrainOutcome {
  /** The run's folder. */
  readonly run: string;
  readonly status: 'finished' | 'interrupted';
  /** It was finished already and nothing was trained. */
  readonly alreadyFinished: boolean;
  readonly epochs: readonly EpochRecord[];
  readonly best: EpochRecord | undefined;
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

/** The version of the formats' writer, for the record. */
export const foveaVersion = '0.1.0';

export async function trainRun(
  adapters: Adapters,
  request: TrainRequest,
  options: VerbOptions = {},
): Promise<TrainOutcome> {
  if (request.resume !== undefined) return resumeRun(adapters, request.resume, request, options);
  await checkRunFolder(adapters.storage, request.out, request.runs);
  const chosen = await chooseForData(adapters, request, options);
  const { source, train, val: valPart, leaks, split, recipe, preprocessing } = chosen;
  const { data, strict = false, keepLeaks = false } = request;
  return withEngine(adapters, request.threads, async (engine) => {
    const { machineMemory } = adapters;
    checkMemory({ engine, recipe, train, val: valPart, preprocessing, machineMemory, mode: request.memory });
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
        ...(split ? { split: { file: adapters.resolveData(request.split as string), hash: split.hash } } : {}),
        ...(source.store ? { store: source.store } : {}),
        ...(leaks.length > 0 ? { leaks: { count: leaks.length, kept: keepLeaks } } : {}),
      },
      recipe,
      preprocessing,
      why: chosen.why,
      ...(chosen.matched ? { weights: chosen.matched.report } : {}),
      bits: engineBits,
      environment: adapters.environment,
      epochsDone: 0,
    };
    const lock = await run.lock(adapters, noteTo(options));
    try {
      await run.claim(description);
      const parts = { train, val: valPart, leaks, weights: chosen.matched?.weights };
      return await carryOut(adapters, engine, { run, lock }, description, parts, undefined, request, options);
    } finally {
      await lock.release();
    }
  });
}

/** A model of one's own may say which pictures it takes; a size that was asked for goes before that. */
function pictureOf(
  model: RecipeChoices['model'],
  { size, channels }: Pick<TrainRequest, 'size' | 'channels'>,
): { model: RecipeChoices['model'] } & Pick<TrainRequest, 'size' | 'channels'> {
  if (typeof model !== 'object' || model.input === undefined) return { model, size, channels };
  const [height, width, own] = model.input;
  if (own !== 1 && own !== 3) throw mismatch('1 or 3 channels', "the model's 'input'", String(own));
  const isOther = (size && (size.height !== height || size.width !== width)) || (channels ?? own) !== own;
  const { input: _, ...open } = model;
  return { model: isOther ? open : model, size: size ?? { height, width }, channels: channels ?? own };
}

/** Everything that is settled about a training before its first step. */
export interface ChosenTraining {
  readonly source: DataSource;
  readonly train: Dataset;
  readonly val: Dataset;
  readonly leaks: readonly Leak[];
  readonly split: SplitFile | undefined;
  readonly recipe: Recipe;
  readonly preprocessing: ReturnType<typeof preprocessingFor>;
  /** What was taken from the weights that it begins with. */
  readonly matched: ReturnType<typeof chooseRecipe>['matched'];
  /** What was understood and chosen, a sentence each. */
  readonly why: readonly string[];
}

/** Opens data and settles the recipe. @throws FoveaError for data or options that do not do. */
export async function chooseForData(
  adapters: Adapters,
  request: TrainRequest,
  options: VerbOptions,
): Promise<ChosenTraining> {
  const { data, val = 0.1, size, channels, strict = false, keepLeaks = false, weights, mirrors, ...given } = request;
  if (data === undefined) throw invalid('a built-in set or a path', 'the data', undefined);
  const named = given.model;
  const found = typeof named === 'string' ? (await findModel(adapters.storage, named)).model : named;
  const start = weights === undefined ? undefined : await openStart(adapters, weights, { mirrors }, options);
  const { model, ...picture } = pictureOf(found, sizeFor(start, { model: named, size, channels }));
  const split = given.split === undefined ? undefined : await readSplit(adapters.storage, given.split);
  const opened = await openSource(adapters, data, { ...picture, strict }, options);
  const dealt = dealOut(opened, { split, splitFile: given.split, keepLeaks }, options);
  const { source, leaks } = dealt;
  const { train, val: valPart, share } = trainingParts(source, val, given.seed ?? 1, dealt.alike);
  const { classWeightsFile } = given;
  const classWeights =
    classWeightsFile === undefined
      ? given.classWeights
      : await readClassWeights(adapters.storage, classWeightsFile, train.classNames);
  const choices: RecipeChoices = { ...given, model, classWeights, start };
  const { recipe: usual, matched, why: reasons } = chooseRecipe(train, share, choices);
  const recipe = withSource(adapters, given.overrides ? overrideRecipe(usual, given.overrides) : usual);
  const { preprocessing, note } = preprocessingOf(train, start);
  const why = [...reasons, ...note];
  for (const text of why) options.onEvent?.({ kind: 'note', text });
  return {
    source,
    train,
    val: valPart,
    leaks,
    split,
    recipe,
    preprocessing,
    matched,
    why: [...source.notes, ...dealt.notes, ...why],
  };
}

/** The recipe with the place of its weights told so that they are found from everywhere. */
function withSource(adapters: Adapters, { weights, ...recipe }: Recipe): Recipe {
  if (!weights) return recipe;
  const { source } = weights;
  return {
    ...recipe,
    weights: { ...weights, source: source.startsWith('hf:') ? source : adapters.resolveData(source) },
  };
}

const openStart = (
  adapters: Adapters,
  source: string,
  { mirrors }: Pick<TrainRequest, 'mirrors'>,
  { signal, onEvent }: VerbOptions,
): Promise<OpenedWeights> =>
  openWeights(adapters, source, {
    mirrors,
    signal,
    onProgress: (file, done, total) => onEvent?.({ kind: 'fetch', file, done, total }),
  });

/**
 * A model from a file is given pictures with the channels that it had, and of the size, unless it is a preset, which there
 * is for every size; or as the person wants them.
 */
function sizeFor(
  start: OpenedWeights | undefined,
  { model, size, channels }: TrainRequest,
): Pick<TrainRequest, 'size' | 'channels'> {
  if (!start?.model || model !== undefined) return { size, channels };
  const [height, width, depth] = start.model.input;
  const own = presetOf(start.model) === undefined ? { height, width } : undefined;
  return { size: size ?? own, channels: channels ?? (depth === 1 ? 1 : 3) };
}

/** The weights that a run began with, opened again. @throws FoveaError for other ones. */
export async function weightsAgain(
  adapters: Adapters,
  { weights, model }: Recipe,
  request: Pick<TrainRequest, 'mirrors'>,
  options: VerbOptions,
): Promise<TrainingJob['weights']> {
  if (!weights) return undefined;
  const { source, hash, newHead } = weights;
  const opened = await openStart(adapters, source, request, options);
  if (opened.hash !== hash) {
    throw new FoveaError(`The weights in '${source}' are not those that the run began with`, 'Train anew');
  }
  const { parameters } = buildModel(model, { training: false, inputType: 'uint8' });
  return matchWeights(parameters, opened.tensors, { newHead, source: `'${source}'` }).weights;
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

const noteTo =
  ({ onEvent }: VerbOptions) =>
  (text: string): void =>
    onEvent?.({ kind: 'note', text });

/** A run that nobody else writes. */
interface LockedRun {
  readonly run: RunFolder;
  readonly lock: Lock;
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
  if (epochs < done) {
    throw invalid(`at least ${done} epochs, which are done,`, "option 'epochs'", epochs);
  }
  const before = await run.mend(found, snapshot);
  if (snapshot && done === epochs) return finishedAlready(adapters, run, before, snapshot);
  const description: RunDescription = {
    ...before,
    recipe: { ...before.recipe, epochs },
    status: 'running',
    error: undefined,
    ...lengthened(before, epochs, snapshot),
    ...mixedBits(before, options),
  };
  const { recipe } = description;
  const { train, val, leaks } = await openRunData(adapters, description, run.path, options);
  return withEngine(adapters, request.threads, async (engine) => {
    const { machineMemory } = adapters;
    const preprocessing = description.preprocessing as Preprocessing;
    checkMemory({ engine, recipe, train, val, preprocessing, machineMemory, mode: request.memory });
    await run.writeDescription({ ...description, updated: adapters.now() });
    const weights = snapshot ? undefined : await weightsAgain(adapters, recipe, request, options);
    const parts = { train, val, leaks, weights };
    return carryOut(adapters, engine, { run, lock }, description, parts, snapshot, request, options);
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
function mixedBits({ bits }: RunDescription, { onEvent }: VerbOptions): Pick<RunDescription, 'bits'> {
  if (bits === undefined || bits.split('+').at(-1) === engineBits) return {};
  const text = `This Fovea computes other bits (${engineBits}) than the one that began the run (${bits}): the result is sound, but no training will repeat it bit for bit.`;
  onEvent?.({ kind: 'note', text });
  return { bits: `${bits}+${engineBits}` };
}

/**
 * Training and validation pictures of a run, as it had them.
 * @throws FoveaError when they are not there any more or are others.
 */
export async function openRunData(
  adapters: Adapters,
  { data, recipe }: RunDescription,
  path: string,
  options: VerbOptions,
): Promise<{ train: Dataset; val: Dataset; leaks: readonly Leak[] }> {
  const [height, width, channels] = recipe.model.input;
  const opening = { size: { height, width }, channels: channels as 1 | 3, strict: data.strict };
  const split = data.split && (await readSplit(adapters.storage, adapters.locate(data.split.file), data.split.hash));
  const opened = await openSource(adapters, adapters.locate(data.source), opening, options);
  const dealing = { split, splitFile: data.split?.file, keepLeaks: data.leaks?.kept ?? false };
  const { source, leaks, alike } = dealOut(opened, dealing, options);
  const { train, val } = trainingParts(source, recipe.val === 0 ? 0.1 : recipe.val, recipe.seed, alike);
  if ((await hashDataset(train)) !== data.train || (await hashDataset(val)) !== data.val) {
    throw new FoveaError(
      `The pictures of '${data.source}' are not those that the run '${path}' began with`,
      'Put the old ones back, or train anew',
    );
  }
  return { train, val, leaks };
}

async function finishedAlready(
  adapters: Adapters,
  run: RunFolder,
  description: RunDescription,
  snapshot: Snapshot,
): Promise<TrainOutcome> {
  const { history, trained } = snapshot.state;
  if (description.status !== 'finished') {
    await run.writeDescription({ ...description, status: 'finished', error: undefined, updated: adapters.now() });
  }
  return {
    run: run.path,
    status: 'finished',
    alreadyFinished: true,
    testImages: description.data.images.test,
    epochs: history,
    best: bestEpoch(history),
    split: description.data.split?.hash,
    leaks: [],
    weights: await hashWeights(snapshot.weights),
    imagesPerSecond: trained.seconds > 0 ? trained.images / trained.seconds : 0,
    memory: undefined,
    startWeights: description.weights,
  };
}

async function carryOut(
  adapters: Adapters,
  engine: Engine,
  { run, lock }: LockedRun,
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
  { memory, saveEvery = usualSaveEvery }: Pick<TrainRequest, 'memory' | 'saveEvery'>,
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
  let result: TrainingResult;
  try {
    result = await runTraining({
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
      onEvent,
      async save(snapshot, best) {
        await lock.check();
        const saved = snapshot.state.history;
        await run.writeCheckpoint(now(saved.length === recipe.epochs ? 'finished' : 'running', saved), snapshot, best);
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
            onEvent?.({ kind: 'note', text: `Not saved this time. ${error.message}` });
          }
        },
      },
    });
  } catch (error) {
    // Best effort: on a full disk even this may fail, and the first error is the one to tell. What another took over is his.
    const message = error instanceof Error ? error.message : String(error);
    await lock
      .check()
      .then(() => run.writeDescription(now('failed', history, message)))
      .catch(() => undefined);
    throw withCheckpoint(error, run.path, history.length);
  }
  if (result.status === 'interrupted') await run.writeDescription(now('interrupted', result.history));
  return {
    run: run.path,
    status: result.status,
    alreadyFinished: false,
    testImages: description.data.images.test,
    epochs: result.history,
    best: result.best,
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

async function openSource(
  adapters: Adapters,
  data: string,
  request: { readonly size?: { height: number; width: number }; readonly channels?: 1 | 3; readonly strict: boolean },
  { signal, onEvent }: VerbOptions,
): Promise<DataSource> {
  const onProgress = ({ done, total }: { done: number; total: number }): void =>
    onEvent?.({ kind: 'reading', done, total });
  const source = await adapters.openData(data, { ...request, signal, onProgress });
  signal?.throwIfAborted();
  for (const text of source.notes) onEvent?.({ kind: 'note', text });
  for (const { origin, reason } of source.skipped) onEvent?.({ kind: 'skipped', origin, reason });
  return source;
}

/**
 * Gives each picture the part that a recorded split says, or keeps the data's own parts and takes out of train and val
 * what lies in a stricter part too. Test pictures are only compared with the others here, and nowhere else in a training.
 */
function dealOut(
  opened: DataSource,
  how: { readonly split?: SplitFile; readonly splitFile?: string; readonly keepLeaks: boolean },
  { onEvent }: VerbOptions,
): { source: DataSource; leaks: readonly Leak[]; alike?: Gated['alike']; notes: readonly string[] } {
  const tell = (notes: readonly string[]): readonly string[] => {
    for (const text of notes) onEvent?.({ kind: 'note', text });
    return notes;
  };
  if (how.split) {
    const { source, notes } = applySplit(opened, how.split, how.splitFile as string);
    const cited = `Split ${how.split.hash.slice(0, 19)}… from '${how.splitFile}'.`;
    return { source, leaks: [], notes: tell([cited, ...notes]) };
  }
  const { source, leaks, alike, complete } = gateLeaks(opened, how.keepLeaks);
  const note = leakNote(leaks, how.keepLeaks);
  const doubt =
    'So many pictures look nearly the same that not all were compared: near copies may lie in several parts.';
  return { source, leaks, alike, notes: tell([...(note === undefined ? [] : [note]), ...(complete ? [] : [doubt])]) };
}

/**
 * Training and validation pictures; `share` is 0 where the data bring their own validation part.
 * @param alike training pictures that look the same, so that none validates another; by default found here.
 */
export function trainingParts(
  source: DataSource,
  val: number,
  seed: number,
  alike?: Gated['alike'],
): { train: Dataset; val: Dataset; share: number } {
  const { train } = source;
  if (!train) throw mismatch('training pictures', `data set '${source.name}'`, 'none', 'It holds no train part');
  if (source.val) return { train, val: source.val, share: 0 };
  const { kept, taken } = splitOff(train, val, seed, alike);
  return { train: kept, val: taken, share: val };
}

/** Pictures are normalised as those that the weights come from were, where that is known. */
export function preprocessingOf(
  train: Dataset,
  start: OpenedWeights | undefined,
): { preprocessing: ReturnType<typeof preprocessingFor>; note: readonly string[] } {
  const own = preprocessingFor(train);
  if (!start) return { preprocessing: own, note: [] };
  const { normalisation, source } = start;
  if (!normalisation) {
    const text = `How the pictures behind '${source}' were normalised is not known: yours are by their own mean and deviation.`;
    return { preprocessing: own, note: [text] };
  }
  if (normalisation.mean.length !== train.channels) {
    const text = `The pictures behind '${source}' have ${normalisation.mean.length} channels, yours ${train.channels}: yours are normalised by their own mean and deviation.`;
    return { preprocessing: own, note: [text] };
  }
  const { mean, std } = normalisation;
  const text = `Pictures are normalised as those behind '${source}' were.`;
  return { preprocessing: { fit: 'stretch', mean: [...mean], std: [...std] }, note: [text] };
}

/** Each channel to mean 0 and deviation 1 over the training pictures; a channel without variation is left as it is. */
export function preprocessingFor(train: Dataset): { fit: 'stretch'; mean: number[]; std: number[] } {
  const { mean, std } = channelStatistics(train);
  return { fit: 'stretch', mean: [...mean], std: std.map((value) => (value > 0 ? value : 1)) };
}
