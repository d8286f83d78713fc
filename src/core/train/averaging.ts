import type { Engine, Program } from '../backend/backend.ts';
import { fillBatch } from '../dataset/batches.ts';
import { type Dataset, pictureSize } from '../dataset/dataset.ts';
import type { ParameterInfo } from '../model/build.ts';
import { toFileLayout, toMemoryLayout } from '../model/layout.ts';
import type { PreparedTraining } from './prepare.ts';
import { averageName } from './programs.ts';
import type { Recipe } from './recipe.ts';
import type { FileTensor, Snapshot } from './state.ts';
import type { StatisticsGraph } from './statistics.ts';

/** The weights that are validated and kept: averages where the recipe has them by now, else those of the last step. */
export const keptWeights = ({ averaged, weights }: Snapshot): Snapshot['weights'] => averaged ?? weights;

/** Averages of a training's weights, beside the weights themselves. */
export interface Averaging {
  /** Begins anew at the weights that the engine holds, or goes on from a snapshot. */
  restore(averaged: Snapshot['averaged']): void;
  /** As files hold them; undefined before there is any. */
  save(): Snapshot['averaged'];
  /**
   * Puts the averages of an epoch that ends in the weights' place, to be validated.
   * @param stop ends early; then false, and nothing has happened.
   */
  enter(epoch: number, stop: () => boolean): Promise<boolean>;
  /** Puts the weights back. @param through the epoch counts; false: it will be ended once more. */
  leave(through: boolean): void;
}

export interface AveragingJob {
  readonly engine: Engine;
  readonly recipe: Recipe;
  readonly prepared: PreparedTraining;
  /** Of the whole model. */
  readonly parameters: readonly ParameterInfo[];
  readonly train: Dataset;
  /** Of `prepared.statistics`. */
  readonly statistics: Program | undefined;
}

/** Undefined where the recipe averages nothing. */
export function createAveraging(job: AveragingJob): Averaging | undefined {
  const { average } = job.recipe;
  if (!average) return undefined;
  return average.type === 'ema' ? movingAverage(job) : epochMean(job, average as unknown as { readonly from: number });
}

/** By a parameter's full name, in the engine's layout. */
type Tensors = Map<string, Float32Array>;

/** Exchanges some of the engine's tensors; gives those that were there. */
function exchange(engine: Engine, tensors: ReadonlyMap<string, Float32Array>): Tensors {
  const before: Tensors = new Map();
  for (const [name, data] of tensors) {
    before.set(name, engine.readPersistent(name));
    engine.writePersistent(name, data);
  }
  return before;
}

const filesOf = (
  parameters: readonly ParameterInfo[],
  dataOf: (name: string) => Float32Array,
): ReadonlyMap<string, FileTensor> =>
  new Map(
    parameters.map((info) => [info.name, { shape: info.fileShape, data: toFileLayout(info, dataOf(info.name)) }]),
  );

/** The programs of the steps renew it; of layers that are frozen throughout there is none, nor a difference. */
function movingAverage({ engine, prepared, parameters }: AveragingJob): Averaging {
  const names = new Set(prepared.stages.flatMap(({ training }) => training.average?.names ?? []));
  const averaged = parameters.filter(({ name }) => names.has(name));
  let weights: Tensors | undefined;
  return {
    restore(given) {
      for (const info of averaged) {
        const data = given?.get(info.name)?.data;
        const wanted = data ? toMemoryLayout(info, data) : engine.readPersistent(info.name);
        engine.writePersistent(averageName(info.name), wanted);
      }
    },
    save: () => filesOf(parameters, (name) => engine.readPersistent(names.has(name) ? averageName(name) : name)),
    async enter() {
      const tensors = averaged.map(({ name }) => [name, engine.readPersistent(averageName(name))] as const);
      weights = exchange(engine, new Map(tensors));
      return true;
    },
    leave() {
      if (weights) exchange(engine, weights);
      weights = undefined;
    },
  };
}

/** Averaged here, once an epoch. */
function epochMean(
  { engine, recipe, prepared, parameters, train, statistics }: AveragingJob,
  { from }: { readonly from: number },
): Averaging {
  let mean: Tensors | undefined;
  let next: Tensors | undefined;
  let weights: Tensors | undefined;
  return {
    restore(given) {
      mean = given && new Map(parameters.map((info) => [info.name, memoryOf(info, given)]));
      next = undefined;
      weights = undefined;
    },
    save: () => mean && filesOf(parameters, (name) => mean?.get(name) as Float32Array),
    async enter(epoch, stop) {
      if (epoch < from) return true;
      const count = epoch - from + 1;
      next = new Map();
      for (const { name, trainable } of parameters) {
        const last = engine.readPersistent(name);
        const before = trainable ? mean?.get(name) : undefined;
        next.set(name, before ? last.map((value, i) => before[i] + (value - before[i]) / count) : last);
      }
      weights = exchange(engine, next);
      const graph = prepared.statistics;
      if (!statistics || !graph) return true;
      const found = await recomputeStatistics({ program: statistics, graph, engine, recipe, train, stop });
      if (!found) {
        this.leave(false);
        return false;
      }
      exchange(engine, found);
      for (const [name, data] of found) next.set(name, data);
      return true;
    },
    leave(through) {
      if (weights) exchange(engine, weights);
      if (through && next) mean = next;
      next = undefined;
      weights = undefined;
    },
  };
}

const memoryOf = (info: ParameterInfo, tensors: NonNullable<Snapshot['averaged']>): Float32Array =>
  toMemoryLayout(info, (tensors.get(info.name) as FileTensor).data);

/**
 * Mean and variance that batch norm sees with the weights that the engine holds: the mean over batches of training
 * pictures as they are, spread through the set (PyTorch's `update_bn`). @returns undefined when stopped.
 */
async function recomputeStatistics({
  program,
  graph,
  engine,
  recipe,
  train,
  stop,
}: {
  readonly program: Program;
  readonly graph: StatisticsGraph;
  readonly engine: Engine;
  readonly recipe: Recipe;
  readonly train: Dataset;
  readonly stop: () => boolean;
}): Promise<Tensors | undefined> {
  const { model, names, pictures } = graph;
  const count = Math.min(train.count, pictures);
  const order = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * train.count) / count));
  const sums = new Map(names.map((name) => [name, new Float64Array(engine.readPersistent(name).length)]));
  const pixels = new Uint8Array(program.capacity * pictureSize(train));
  const labels = new Int32Array(program.capacity);
  for (let start = 0, batch = 0; start < count; start += program.capacity, batch++) {
    if (stop()) return undefined;
    const n = fillBatch(train, order, start, program.capacity, pixels, labels);
    program.write(model.input, pixels.subarray(0, n * pictureSize(train)));
    if (model.step) program.write(model.step, Int32Array.of(recipe.seed | 0, batch));
    await program.run(n);
    for (const [name, sum] of sums) {
      engine.readPersistent(name).forEach((value, i) => {
        sum[i] += value * n;
      });
    }
  }
  return new Map([...sums].map(([name, sum]) => [name, Float32Array.from(sum, (value) => value / count)]));
}
