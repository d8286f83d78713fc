import type { DataSource, Dataset } from '../dataset/dataset.ts';
import type { Leak } from '../dataset/leak-gate.ts';
import type { SplitFile } from '../dataset/split-file.ts';
import { FoveaError, invalid, mismatch } from '../errors.ts';
import { buildModel } from '../model/build.ts';
import { presetOf } from '../model/head.ts';
import { type MatchedWeights, matchWeights } from '../model/match-weights.ts';
import type { OpenedWeights } from '../model/opened-weights.ts';
import { chooseRecipe, type RecipeChoices } from '../train/choose-recipe.ts';
import { overrideRecipe } from '../train/override-recipe.ts';
import type { Recipe } from '../train/recipe.ts';
import type { TrainingJob } from '../train/training-job.ts';
import type { Adapters } from './adapters.ts';
import { readClassWeights } from './class-weights.ts';
import { findModel } from './find-model.ts';
import { readSplit } from './read-split.ts';
import { openWeights } from './start-weights.ts';
import { likeRun } from './train-like.ts';
import type { TrainRequest } from './train-request.ts';
import { dealOut, openSource, type preprocessingFor, preprocessingOf, trainingParts } from './training-data.ts';
import type { VerbOptions } from './verb.ts';

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
  /** What was asked for; where it is to be like another run, with that run's data and settings. */
  readonly request: TrainRequest;
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
  asked: TrainRequest,
  options: VerbOptions,
): Promise<ChosenTraining> {
  const like = asked.like === undefined ? undefined : await likeRun(adapters, asked.like, asked);
  const request = like?.request ?? asked;
  const { data, val = 0.1, size, channels, strict = false, keepLeaks = false, weights, mirrors, ...given } = request;
  if (data === undefined) throw invalid('a built-in set or a path', 'the data', undefined);
  const named = given.model;
  const found = typeof named === 'string' ? (await findModel(adapters.storage, named)).model : named;
  const start = weights === undefined ? undefined : await openStart(adapters, weights, { mirrors }, options);
  const { model, ...picture } = pictureOf(found, sizeFor(start, { model: named, size, channels }));
  const split = given.split === undefined ? undefined : await readSplit(adapters.storage, given.split);
  const opened = await openSource(adapters, data, { ...picture, strict }, options);
  const dealt = await dealOut(adapters, opened, { split, splitFile: given.split, keepLeaks }, options);
  const { source, leaks } = dealt;
  const { train, val: valPart, share } = trainingParts(source, val, given.seed ?? 1, dealt.alike);
  const { classWeightsFile } = given;
  const classWeights =
    classWeightsFile === undefined
      ? given.classWeights
      : await readClassWeights(adapters.storage, classWeightsFile, train.classNames);
  const choices: RecipeChoices = { ...given, model, classWeights, start };
  const usual = like ? await repeatRecipe(adapters, like.recipe, asked, options) : chooseRecipe(train, share, choices);
  const { matched, why: reasons } = usual;
  const overrides = like?.overrides ?? given.overrides;
  const recipe = withSource(adapters, overrides ? overrideRecipe(usual.recipe, overrides) : usual.recipe);
  const { preprocessing, note } = preprocessingOf(train, start);
  const why = [...reasons, ...note];
  for (const text of why) options.onEvent?.({ kind: 'note', text });
  return {
    source,
    request,
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

/** The recipe of another run, with its start weights opened again. */
async function repeatRecipe(
  adapters: Adapters,
  recipe: Recipe,
  { like, overrides = {} }: TrainRequest,
  options: VerbOptions,
): Promise<Pick<ReturnType<typeof chooseRecipe>, 'recipe' | 'matched' | 'why'>> {
  const matched = await matchAgain(adapters, recipe, {}, options);
  const changed = Object.entries(overrides).map(([field, value]) => `${field} = ${JSON.stringify(value)}`);
  const otherwise = changed.length > 0 ? `, but ${changed.join(', ')}` : '';
  return { recipe, matched, why: [`Data and recipe as in '${like}'${otherwise}.`] };
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
export const weightsAgain = async (
  adapters: Adapters,
  recipe: Recipe,
  request: Pick<TrainRequest, 'mirrors'>,
  options: VerbOptions,
): Promise<TrainingJob['weights']> => (await matchAgain(adapters, recipe, request, options))?.weights;

async function matchAgain(
  adapters: Adapters,
  { weights, model }: Recipe,
  request: Pick<TrainRequest, 'mirrors'>,
  options: VerbOptions,
): Promise<MatchedWeights | undefined> {
  if (!weights) return undefined;
  const { source, hash, newHead } = weights;
  const opened = await openStart(adapters, source, request, options);
  if (opened.hash !== hash) {
    throw new FoveaError(`The weights in '${source}' are not those that the run began with`, 'Train anew');
  }
  const { parameters } = buildModel(model, { training: false, inputType: 'uint8' });
  return matchWeights(parameters, opened.tensors, { newHead, source: `'${source}'` });
}
