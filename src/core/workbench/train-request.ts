import type { Leak } from '../dataset/leak-gate.ts';
import type { WeightReport } from '../model/match-weights.ts';
import type { RecipeChoices } from '../train/choose-recipe.ts';
import type { Finding } from '../train/diagnosis/finding.ts';
import type { Ending } from '../train/early-stopping.ts';
import type { TrainingMemory } from '../train/forecast.ts';
import type { EpochRecord } from '../train/history.ts';
import type { RecipeOverrides } from '../train/override-recipe.ts';
import type { MemoryMode } from '../train/prepare.ts';
import type { Recipe } from '../train/recipe.ts';
import type { TorchProcesses } from './torch/launch.ts';

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
