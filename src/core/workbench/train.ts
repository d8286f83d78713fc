import type { Engine } from '../backend/backend.ts';
import type { Preprocessing } from '../classifier/classifier.ts';
import type { DataSource, Dataset } from '../dataset/dataset.ts';
import { hashDataset } from '../dataset/hash.ts';
import { gateLeaks, type Leak, leakNote } from '../dataset/leak-gate.ts';
import { splitOff } from '../dataset/split.ts';
import { applySplit, type SplitFile } from '../dataset/split-file.ts';
import { channelStatistics } from '../dataset/statistics.ts';
import { FoveaError, invalid, mismatch } from '../errors.ts';
import { buildModel } from '../model/build.ts';
import { presetOf } from '../model/head.ts';
import { matchWeights, type WeightReport } from '../model/match-weights.ts';
import type { OpenedWeights } from '../model/opened-weights.ts';
import { hashWeights } from '../model/weights.ts';
import { chooseRecipe, type RecipeChoices } from '../train/choose-recipe.ts';
import type { TrainEvent } from '../train/events.ts';
import { checkMemory, type TrainingMemory } from '../train/forecast.ts';
import { bestEpoch, type EpochRecord } from '../train/history.ts';
import type { MemoryMode } from '../train/prepare.ts';
import type { Recipe } from '../train/recipe.ts';
import type { Snapshot } from '../train/state.ts';
import { runTraining, type TrainingJob, type TrainingResult } from '../train/trainer.ts';
import type { Adapters } from './adapters.ts';
import { readClassWeights } from './class-weights.ts';
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
  /** A built-in set or a path; not with `resume`. */
  readonly data?: string;
  /** The folder of a run that is to go on. */
  readonly resume?: string;
  /** The new run's folder; default `runs/<data>-<model>-<n>`. */
  readonly out?: string;
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
}

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
  const { data, val = 0.1, strict = false, keepLeaks = false, weights, mirrors, ...given } = request;
  if (data === undefined) throw invalid('a built-in set or a path', 'the data', undefined);
  if (request.out !== undefined) await checkRunFolder(adapters.storage, request.out);
  const start = weights === undefined ? undefined : await openStart(adapters, weights, { mirrors }, options);
  const { size, channels } = sizeFor(start, request);
  const split = given.split === undefined ? undefined : await readSplit(adapters.storage, given.split);
  const opened = await openSource(adapters, data, { size, channels, strict }, options);
  const dealt = dealOut(opened, { split, splitFile: given.split, keepLeaks }, options);
  const { source, leaks } = dealt;
  const { train, val: valPart, share } = trainingParts(source, val, given.seed ?? 1);
  const { classWeightsFile } = given;
  const classWeights =
    classWeightsFile === undefined
      ? given.classWeights
      : await readClassWeights(adapters.storage, classWeightsFile, train.classNames);
  const choices: RecipeChoices = { ...given, classWeights, start };
  const { recipe: chosen, matched, why: reasons } = chooseRecipe(train, share, choices);
  const recipe = withPlace(adapters, chosen);
  const { preprocessing, note } = preprocessingOf(train, start);
  const why = [...reasons, ...note];
  for (const text of why) options.onEvent?.({ kind: 'note', text });
  return withEngine(adapters, request.threads, async (engine) => {
    const { machineMemory } = adapters;
    checkMemory({ engine, recipe, train, val: valPart, preprocessing, machineMemory, mode: request.memory });
    // The folder comes last of all that can fail, so that a mistake leaves none behind.
    const run = await makeRunFolder(adapters.storage, request.out, source.name, recipe.modelName);
    const created = adapters.now();
    const description: RunDescription = {
      format: 'fovea-run',
      version: 1,
      fovea: foveaVersion,
      created,
      updated: created,
      status: 'running',
      data: {
        source: adapters.resolveData(data),
        name: source.name,
        train: await hashDataset(train),
        val: await hashDataset(valPart),
        images: { train: train.count, val: valPart.count, test: source.test?.count ?? 0 },
        classNames: [...train.classNames],
        skipped: source.skipped.length,
        strict,
        ...(split ? { split: { file: adapters.resolveData(given.split as string), hash: split.hash } } : {}),
        ...(leaks.length > 0 ? { leaks: { count: leaks.length, kept: keepLeaks } } : {}),
      },
      recipe,
      preprocessing,
      why: [...source.notes, ...dealt.notes, ...why],
      ...(matched ? { weights: matched.report } : {}),
      environment: adapters.environment,
      epochsDone: 0,
    };
    await run.claim(description);
    const parts = { train, val: valPart, leaks, weights: matched?.weights };
    return carryOut(adapters, engine, run, description, parts, undefined, request.memory, options);
  });
}

/** The recipe with the place of its weights told so that they are found from everywhere. */
function withPlace(adapters: Adapters, { weights, ...recipe }: Recipe): Recipe {
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

/** The weights that a run began with, opened again because it has no checkpoint yet. @throws FoveaError for other ones. */
async function weightsAgain(
  adapters: Adapters,
  { weights, model }: Recipe,
  request: TrainRequest,
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

async function withEngine<T>(
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
  const before = await run.readDescription();
  const snapshot = await run.readSnapshot();
  const done = snapshot?.state.history.length ?? 0;
  const epochs = request.epochs ?? before.recipe.epochs;
  if (epochs < done) {
    throw invalid(`at least ${done} epochs, which are done,`, "option 'epochs'", epochs);
  }
  if (snapshot && done === epochs) return finishedAlready(adapters, run, before, snapshot);
  const description: RunDescription = {
    ...before,
    recipe: { ...before.recipe, epochs },
    status: 'running',
    error: undefined,
  };
  const { data, recipe } = description;
  const [height, width, channels] = recipe.model.input;
  const opening = { size: { height, width }, channels: channels as 1 | 3, strict: data.strict };
  const split = data.split && (await readSplit(adapters.storage, data.split.file, data.split.hash));
  const opened = await openSource(adapters, data.source, opening, options);
  const dealing = { split, splitFile: data.split?.file, keepLeaks: data.leaks?.kept ?? false };
  const { source, leaks } = dealOut(opened, dealing, options);
  const { train, val } = trainingParts(source, recipe.val === 0 ? 0.1 : recipe.val, recipe.seed);
  if ((await hashDataset(train)) !== data.train || (await hashDataset(val)) !== data.val) {
    throw new FoveaError(
      `The pictures of '${data.source}' are not those that the run '${path}' began with`,
      'Put the old ones back, or train anew',
    );
  }
  return withEngine(adapters, request.threads, async (engine) => {
    const { machineMemory } = adapters;
    const preprocessing = description.preprocessing as Preprocessing;
    checkMemory({ engine, recipe, train, val, preprocessing, machineMemory, mode: request.memory });
    await run.writeDescription({ ...description, updated: adapters.now() });
    const weights = snapshot ? undefined : await weightsAgain(adapters, recipe, request, options);
    const parts = { train, val, leaks, weights };
    return carryOut(adapters, engine, run, description, parts, snapshot, request.memory, options);
  });
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
  run: RunFolder,
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
  memory: MemoryMode | undefined,
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
        const saved = snapshot.state.history;
        await run.writeCheckpoint(now(saved.length === recipe.epochs ? 'finished' : 'running', saved), snapshot, best);
        // Only now: should writing have failed, this epoch must not be told as kept.
        history = saved;
      },
    });
  } catch (error) {
    // Best effort: on a full disk even this may fail, and the first error is the one to tell.
    const message = error instanceof Error ? error.message : String(error);
    await run.writeDescription(now('failed', history, message)).catch(() => undefined);
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
): { source: DataSource; leaks: readonly Leak[]; notes: readonly string[] } {
  const tell = (notes: readonly string[]): readonly string[] => {
    for (const text of notes) onEvent?.({ kind: 'note', text });
    return notes;
  };
  if (how.split) {
    const { source, notes } = applySplit(opened, how.split, how.splitFile as string);
    const cited = `Split ${how.split.hash.slice(0, 19)}… from '${how.splitFile}'.`;
    return { source, leaks: [], notes: tell([cited, ...notes]) };
  }
  const { source, leaks } = gateLeaks(opened, how.keepLeaks);
  const note = leakNote(leaks, how.keepLeaks);
  return { source, leaks, notes: tell(note === undefined ? [] : [note]) };
}

/** Training and validation pictures; `share` is 0 where the data bring their own validation part. */
export function trainingParts(
  source: DataSource,
  val: number,
  seed: number,
): { train: Dataset; val: Dataset; share: number } {
  const { train } = source;
  if (!train) throw mismatch('training pictures', `data set '${source.name}'`, 'none', 'It holds no train part');
  if (source.val) return { train, val: source.val, share: 0 };
  const { kept, taken } = splitOff(train, val, seed);
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
