import type { Engine } from '../backend/backend.ts';
import { type Dataset, pictureSize } from '../dataset/dataset.ts';
import { heldBytes } from '../dataset/pixels.ts';
import { FoveaError } from '../errors.ts';
import type { Normalisation } from '../model/build.ts';
import { type EngineMemory, forecastEngine, mostEngineBytes, type Reserved } from '../plan/forecast.ts';
import { keptFeatures } from './features.ts';
import { type MemoryMode, planDrafts, prepareTraining } from './prepare.ts';
import type { Recipe } from './recipe.ts';

/** What a training will take, in bytes, known before its first step. */
export interface TrainingMemory {
  /** The engine's part, exactly; undefined for the reference engine. */
  readonly engine: EngineMemory | undefined;
  /** What lies in memory for training and validation pictures, and their labels; of pictures on a disk next to nothing. */
  readonly pictures: number;
  /** The batch that is computed and the one that is put together meanwhile. */
  readonly batches: number;
  /** What frozen layers make of the pictures, where that is kept; absent where nothing is frozen. */
  readonly features?: number;
  /** Weights and optimizer as they were at the last copy and at the best epoch, and those that are being saved. */
  readonly copies: number;
  readonly total: number;
}

export interface MemoryRequest {
  readonly engine: Pick<Engine, 'threads' | 'reserved'>;
  readonly recipe: Recipe;
  readonly train: Dataset;
  readonly val: Dataset;
  readonly preprocessing: Normalisation;
  /** Bytes of the machine's memory that this process may use, where that is known. */
  readonly machineMemory?: number;
  readonly mode?: MemoryMode;
}

/** Foretells a training's memory. Reserves nothing. */
export function forecastTraining({ engine, recipe, train, val, preprocessing, mode }: MemoryRequest): TrainingMemory {
  const prepared = prepareTraining(recipe, preprocessing, { train: train.count, val: val.count }, mode);
  const { reserved, threads } = engine;
  const plans = planDrafts(prepared).map(({ plan }) => plan);
  const forecast = reserved && forecastEngine(plans, threads, reserved);
  const held = plans[0] && forecastEngine(plans, 1, nothing);
  const evaluated = (prepared.validation ?? prepared.frozen?.validation)?.options.capacity ?? 0;
  const features = prepared.stages.map(({ frozen }) =>
    frozen ? keptFeatures(recipe, frozen.trunk, { train, val }).bytes : 0,
  );
  const parts = {
    pictures: heldBytes([train.pixels, val.pixels]) + 4 * (train.count + val.count),
    batches: 2 * Math.max(bytesOf(train, prepared.batch), bytesOf(val, evaluated)),
    ...(recipe.stages ? { features: Math.max(...features) } : {}),
    copies: 3 * (held.weights + held.optimizer),
  };
  const total = (forecast?.memory ?? 0) + parts.pictures + parts.batches + (parts.features ?? 0) + parts.copies;
  return { engine: forecast, ...parts, total };
}

/**
 * Foretells a training's memory and refuses one that cannot go: more than the engine can address, or than the machine has.
 *
 * @throws FoveaError with the numbers, and the largest micro-batch that would do.
 */
export function checkMemory(request: MemoryRequest): TrainingMemory {
  const memory = forecastTraining(request);
  const problem = excessOf(memory, request.machineMemory);
  if (problem === undefined) return memory;
  throw new FoveaError(problem, proposeMend(request));
}

/** What does not fit, as an error's first part; undefined where all does. */
function excessOf({ engine, total }: TrainingMemory, machine: number | undefined): string | undefined {
  if (engine && engine.memory > mostEngineBytes) {
    return `Expected at most ${gib(mostEngineBytes)} of engine memory for this model and batch but received ${gib(engine.memory)}`;
  }
  if (machine !== undefined && total > machine) {
    return `Expected at most ${gib(machine)} of memory, which this machine has, for this training but received ${gib(total)}`;
  }
  return undefined;
}

/** What would fit: low memory, which changes no bit, and the batch in parts, halved until they do. */
function proposeMend(request: MemoryRequest): string {
  const fitting: string[] = [];
  const { recipe, train } = request;
  const offer = (option: string, changed: Partial<MemoryRequest>): boolean => {
    const memory = forecastTraining({ ...request, ...changed });
    if (excessOf(memory, request.machineMemory) !== undefined) return false;
    fitting.push(`${option} (${gib(memory.engine?.memory ?? 0)} of engine memory, ${gib(memory.total)} in all)`);
    return true;
  };
  const now = Math.min(recipe.microBatch ?? recipe.batch, train.count);
  for (let microBatch = Math.ceil(now / 2), last = now; microBatch < last; microBatch = Math.ceil(last / 2)) {
    last = microBatch;
    if (offer(`--micro-batch ${microBatch}`, { recipe: { ...recipe, microBatch } })) break;
  }
  if (request.mode !== 'low') offer('--memory low', { mode: 'low' });
  if (fitting.length > 0) return `It fits with ${fitting.join(' or ')}`;
  return 'No micro-batch makes it fit: use a smaller model, smaller pictures or fewer of them';
}

const nothing: Reserved = { used: 0, memory: 0, workspace: 0, threadScratch: 0, names: [] };

const bytesOf = (dataset: Dataset, count: number): number => count * (pictureSize(dataset) + 4);

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
