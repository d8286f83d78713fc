import { stepsPerEpoch } from '../train/prepare.ts';
import type { Recipe } from '../train/recipe.ts';
import { type DataKind, kindOf } from '../train/recipes/index.ts';
import type { Adapters } from './adapters.ts';
import { chooseForData } from './choose-training.ts';
import type { TrainRequest } from './train-request.ts';
import type { VerbOptions } from './verb.ts';

export interface ShowRecipeRequest extends Omit<TrainRequest, 'resume' | 'out' | 'saveEvery' | 'recipe' | 'data'> {
  readonly recipe: string;
  readonly data: string;
}

/** The settings of a named recipe for given data. */
export interface ShownRecipe {
  readonly kind: DataKind;
  /** As `fovea train` would record it. */
  readonly recipe: Recipe;
  readonly why: readonly string[];
  readonly images: { readonly train: number; readonly val: number };
  readonly steps: number;
}

/** @throws FoveaError as `chooseForData`. */
export async function showRecipe(
  adapters: Adapters,
  request: ShowRecipeRequest,
  options: VerbOptions = {},
): Promise<ShownRecipe> {
  const { train, val, recipe, why } = await chooseForData(adapters, request, { ...options, onEvent: undefined });
  const steps = recipe.epochs * stepsPerEpoch(train.count, Math.min(recipe.batch, train.count));
  return { kind: kindOf(train), recipe, why, images: { train: train.count, val: val.count }, steps };
}
