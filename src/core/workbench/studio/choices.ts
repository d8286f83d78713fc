import { z } from 'zod';
import type { Dataset } from '../../dataset/dataset.ts';
import { mismatch } from '../../errors.ts';
import { testTimeAugmentations } from '../../image/test-time-augmentation.ts';
import { type ChosenRecipe, chooseRecipe, type RecipeChoices } from '../../train/choose-recipe.ts';
import type { DataDescription } from '../adapters.ts';
import { openRunFolder } from '../run-folder.ts';
import type { TrainRequest } from '../train-request.ts';
import type { StudioContext } from './context.ts';
import { givenModel } from './given-model.ts';
import { countsOf, partsOf } from './select-pictures.ts';
import { augmentation } from './verbs/augment.ts';
import { dataId, modelText, runId } from './verbs/shapes.ts';

const named = z.union([z.string(), z.looseObject({ type: z.string() })]);

/** What a person may decide about a training; the rest is chosen from the pictures. */
export const choicesSchema = z.object({
  data: dataId,
  model: modelText.optional(),
  epochs: z.int().min(1).max(100_000).optional(),
  batch: z.int().min(1).max(65536).optional(),
  microBatch: z.int().min(1).max(65536).optional(),
  learningRate: z.number().positive().optional(),
  optimizer: named.optional(),
  weightDecay: z.number().min(0).optional(),
  schedule: z.looseObject({ type: z.string() }).optional(),
  loss: z.looseObject({ type: z.string() }).optional(),
  augmentation: augmentation.optional(),
  testTimeAugmentation: z.enum(testTimeAugmentations).optional(),
  classWeights: z.union([z.enum(['none', 'balanced']), z.array(z.number().min(0))]).optional(),
  sampling: z.enum(['balanced']).optional(),
  seed: z.int().min(0).max(4294967295).optional(),
  /** The size that pictures are brought to; absent: as the model says, else chosen from the pictures. */
  size: z.object({ height: z.int().min(1).max(1024), width: z.int().min(1).max(1024) }).optional(),
  channels: z.union([z.literal(1), z.literal(3)]).optional(),
  /** Share for validation where the data have no such part; default 0.1. */
  val: z.number().gt(0).lt(1).optional(),
  keepLeaks: z.boolean().optional(),
  memory: z.enum(['usual', 'low']).optional(),
  /** A run whose weights it begins with, where they fit; `freeze` layers as `fovea train --freeze` takes them. */
  weights: z.object({ run: runId }).optional(),
  freeze: z.string().max(200).optional(),
});
export type Choices = z.output<typeof choicesSchema>;

/** A training as the workbench is asked for it. @throws FoveaError for data, model or run that are not there. */
export async function trainRequestOf(
  context: StudioContext,
  choices: Choices,
): Promise<TrainRequest & { readonly project?: string }> {
  const { data, model, weights, memory, ...rest } = choices;
  const place = await context.locate(data);
  const { storage } = context.host;
  const split = (await storage.kind(place.split)) === 'file' ? place.split : undefined;
  return {
    ...rest,
    ...(memory === 'low' ? { memory } : {}),
    data: place.path,
    ...(model === undefined ? {} : { model: (await givenModel(context, model)).model }),
    ...(weights ? { weights: await context.runPath(weights.run) } : {}),
    ...(split === undefined ? {} : { split }),
    runs: context.places.runs,
  } as TrainRequest & { readonly project?: string };
}

/**
 * The recipe that a training would have, from what is known before pictures are decoded: their counts, classes and size.
 * Copies in several parts, which training leaves out, are counted in; so the real recipe may have a few pictures less.
 */
export async function foresee(
  context: StudioContext,
  choices: Choices,
  signal: AbortSignal,
): Promise<ChosenRecipe & { readonly train: Dataset; readonly val: Dataset; readonly description: DataDescription }> {
  const { data, model: given, size, channels, val: share = 0.1, weights, keepLeaks: _, memory: __, ...rest } = choices;
  const opened = await context.open(data, signal);
  const { gallery } = opened;
  const description = await opened.describe();
  const found = given === undefined ? undefined : (await givenModel(context, given)).model;
  const own = typeof found === 'object' ? found.input : undefined;
  const height = size?.height ?? own?.[0] ?? description.chosen.height;
  const width = size?.width ?? own?.[1] ?? description.chosen.width;
  const depth = channels ?? (own?.[2] as 1 | 3 | undefined) ?? description.channels;
  const counts = countsOf(gallery, (await partsOf(context, opened)).parts);
  const { train: all, val: theirs } = counts;
  if (!all) throw mismatch('training pictures', `data set '${gallery.name}'`, 'none', 'It holds no train part');
  const taken = theirs ? 0 : share;
  const shape = { name: gallery.name, classNames: gallery.classNames, height, width, channels: depth };
  const train = foreseen(
    shape,
    all.classCounts.map((count) => Math.round(count * (1 - taken))),
  );
  const val = foreseen(shape, theirs?.classCounts ?? all.classCounts.map((count) => Math.round(count * taken)));
  const model =
    typeof found === 'object' && own && (own[0] !== height || own[1] !== width || own[2] !== depth)
      ? { ...found, input: undefined }
      : found;
  const asked = { ...rest, model } as RecipeChoices;
  const start = weights && (await startOf(context, weights.run, asked));
  return { ...chooseRecipe(train, taken, start ?? asked), train, val, description };
}

/** A model that begins with a run's weights is that run's, unless another one was named. */
async function startOf({ host, runPath }: StudioContext, run: string, asked: RecipeChoices): Promise<RecipeChoices> {
  if (asked.model !== undefined) return asked;
  const { recipe } = await openRunFolder(host.storage, await runPath(run)).readDescription();
  const { input: _, classes: __, ...model } = recipe.model;
  return { ...asked, model };
}

/** Pictures that are counted and have labels, and no pixels yet. */
function foreseen(shape: Omit<Dataset, 'count' | 'pixels' | 'labels'>, classCounts: readonly number[]): Dataset {
  const labels = Int32Array.from(classCounts.flatMap((count, label) => new Array<number>(count).fill(label)));
  const size = shape.height * shape.width * shape.channels;
  const none = (): never => {
    throw new Error('pictures that are only foreseen have no pixels');
  };
  // What is held in memory is counted by these arrays: they are never touched, so they are never really there.
  const held = { byteLength: labels.length * size } as ArrayBuffer;
  return {
    ...shape,
    count: labels.length,
    labels,
    pixels: { count: labels.length, size, at: none, copy: none, held: [{ buffer: held } as Uint8Array] },
  };
}
