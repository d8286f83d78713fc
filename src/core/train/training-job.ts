import type { Engine } from '../backend/backend.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Normalisation } from '../model/build.ts';
import type { WeightTensor } from '../model/weights.ts';
import type { Ending } from './early-stopping.ts';
import type { TrainEvent } from './events.ts';
import type { TrainingMemory } from './forecast.ts';
import type { EpochRecord } from './history.ts';
import type { MemoryMode } from './prepare.ts';
import type { Recipe } from './recipe.ts';
import type { FileTensor, Snapshot } from './state.ts';

/** What is to be trained, and on what. */
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

/** What a training came to. */
export interface TrainingResult {
  readonly status: Ending | 'interrupted';
  readonly history: readonly EpochRecord[];
  /** The epoch with the lowest val loss; undefined when interrupted before the first epoch's end. */
  readonly best: EpochRecord | undefined;
  /** Weights of that epoch, in PyTorch's layout. */
  readonly bestWeights: ReadonlyMap<string, FileTensor> | undefined;
  readonly lastWeights: ReadonlyMap<string, FileTensor>;
  /** Pictures a second over all training steps, validation and saving left out. */
  readonly imagesPerSecond: number;
  /** As foretold before the first step; undefined where another program trained. */
  readonly memory?: TrainingMemory;
}
