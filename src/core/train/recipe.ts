import { z } from 'zod';
import { type Augmentation, completeAugmentation } from '../image/augmentation-spec.ts';
import { type TestTimeAugmentation, testTimeAugmentations } from '../image/test-time-augmentation.ts';
import type { LossSpec } from '../losses/index.ts';
import { type ModelSpec, parseModelSpec } from '../model/spec.ts';
import { type Algorithm, algorithms } from '../plan/lowering.ts';
import type { ScheduleSpec } from '../schedules/index.ts';
import { type AverageSpec, completeAverage } from './averages.ts';
import { checkJson } from './check.ts';
import { type RateFactors, rateFactorOf, resolveStages, type Stage } from './stages.ts';

/** An optimizer's name and its options, as in the list of optimizers. */
export interface OptimizerSpec {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** `balanced`: an epoch visits every class equally often. */
export const samplings = ['none', 'balanced'] as const;
export type Sampling = (typeof samplings)[number];

/**
 * Everything that decides a training's result but the pictures themselves: the same recipe and pictures give the same
 * weights, bit for bit, on every machine and for any number of threads. Version 1.
 */
export interface Recipe {
  readonly version: 1;
  /** The named recipe that the settings began with; absent: none. */
  readonly name?: string;
  /** What the model is called: a preset's name, or the draft's. */
  readonly modelName: string;
  readonly model: ModelSpec;
  readonly optimizer: OptimizerSpec;
  /** The highest learning rate; `schedule` says how it changes from step to step. */
  readonly learningRate: number;
  readonly schedule: ScheduleSpec;
  readonly epochs: number;
  /** Training stops when val loss has not become lower for so many epochs; absent: it goes through all. */
  readonly patience?: number;
  /** Pictures a step. */
  readonly batch: number;
  /**
   * Pictures that are computed at a time, fewer than `batch`: gradients of the parts are added up for one update. Absent:
   * the whole batch.
   */
  readonly microBatch?: number;
  /** The loss whose gradient trains; what is reported is plain cross-entropy. */
  readonly loss: LossSpec;
  /** How large gradients may be; absent: as they come. With both, elements are clipped first. */
  readonly clip?: ClipSpec;
  /** Averages of the weights, which are then validated and kept in their stead; absent: none. */
  readonly average?: AverageSpec;
  readonly augmentation: Augmentation;
  /**
   * Views of a picture whose logits are averaged once the training is over: in testing and classifying. Absent: none.
   * Losses and accuracies of the training itself are of pictures as they are.
   */
  readonly testTimeAugmentation?: TestTimeAugmentation;
  /** Which pictures an epoch visits; absent: each once. */
  readonly sampling?: Sampling;
  /** 0 … 2^32-1: initial weights, order of pictures, augmentation, dropout, and the val split follow from it. */
  readonly seed: number;
  /** Share of the training pictures split off for validation; 0 where the data bring their own. */
  readonly val: number;
  /** Where the first weights come from; absent: from the seed. What is not in them starts from the seed, too. */
  readonly weights?: StartWeights;
  /** Which layers learn from which epoch on; absent: all from the first. */
  readonly stages?: readonly Stage[];
  /** By what the learning rate of some layers is multiplied; absent: 1 for all. */
  readonly rateFactors?: RateFactors;
  /**
   * While layers are frozen, epoch e augments as epoch 1 + (e - 1) mod this, so that what they make of a picture is
   * computed so often and no oftener. Absent: anew in each epoch.
   */
  readonly augmentedCopies?: number;
  /** Which kernels may compute: a choice that changes the last bits. Absent in older recipes: 'auto'. */
  readonly algorithm?: Algorithm;
}

export interface ClipSpec {
  /** The largest L2 norm of all gradients together. */
  readonly norm?: number;
  /** The largest size of an element. */
  readonly value?: number;
}

/** Weights that a training starts with. */
export interface StartWeights {
  /** What opens them again: a path, or a name on Hugging Face. */
  readonly source: string;
  /** `sha256:` of the file. */
  readonly hash: string;
  /** Id of the layer that is not taken from there. */
  readonly newHead?: string;
}

const recipeSchema = z.object({
  version: z.literal(1),
  name: z.string().optional(),
  modelName: z.string(),
  model: z.unknown(),
  optimizer: z.looseObject({ type: z.string() }),
  learningRate: z.number().positive(),
  schedule: z.looseObject({ type: z.string() }),
  epochs: z.int().min(1),
  patience: z.int().min(1).optional(),
  batch: z.int().min(1),
  microBatch: z.int().min(1).optional(),
  loss: z.looseObject({ type: z.string() }),
  clip: z.strictObject({ norm: z.number().positive().optional(), value: z.number().positive().optional() }).optional(),
  average: z.looseObject({ type: z.string() }).optional(),
  augmentation: z.union([
    z.object({ version: z.literal(2), steps: z.array(z.looseObject({ type: z.string() })) }),
    // The first form; a recipe of today's default is written in it, too.
    z.strictObject({ flip: z.boolean().optional(), crop: z.int().min(0).optional() }),
  ]),
  testTimeAugmentation: z.enum(testTimeAugmentations).optional(),
  sampling: z.enum(samplings).optional(),
  seed: z.int().min(0).max(4294967295),
  val: z.number().min(0).lt(1),
  weights: z.object({ source: z.string(), hash: z.string(), newHead: z.string().optional() }).optional(),
  stages: z
    .array(z.object({ epoch: z.int().min(1), frozen: z.string().optional() }))
    .min(1)
    .optional(),
  rateFactors: z.record(z.string(), z.number().positive()).optional(),
  augmentedCopies: z.int().min(1).optional(),
  algorithm: z.enum(algorithms).optional(),
});

/** Checks a recipe's form and its model. @throws FoveaError naming the part that is wrong. */
export function parseRecipe(value: unknown, subject = 'the recipe'): Recipe {
  const { model, ...checked } = checkJson(recipeSchema, value, subject);
  completeAugmentation(checked.augmentation);
  const spec = parseModelSpec(model, `${subject}, 'model'`);
  if (checked.stages) resolveStages(spec, checked.stages);
  rateFactorOf(spec, checked.rateFactors);
  if (checked.average) completeAverage(checked.average, checked.epochs);
  return { ...checked, model: spec };
}
