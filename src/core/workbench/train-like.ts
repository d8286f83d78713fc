import type { RecipeOverrides } from '../train/override-recipe.ts';
import { parseRecipe, type Recipe } from '../train/recipe.ts';
import type { Adapters } from './adapters.ts';
import { openRunFolder } from './run-folder.ts';
import type { TrainRequest } from './train-request.ts';

/** Options that have fields of the recipe of their own, and may stand beside `like`. */
const fields = ['epochs', 'patience', 'batch', 'microBatch', 'learningRate', 'algorithm'] as const;

/**
 * A request that trains as another run was trained: on the same pictures, by the same recipe, but for what is asked
 * otherwise. @throws FoveaError when there is no such run.
 */
export async function likeRun(
  { storage, locate }: Pick<Adapters, 'storage' | 'locate'>,
  run: string,
  request: TrainRequest,
): Promise<{ readonly request: TrainRequest; readonly recipe: Recipe; readonly overrides: RecipeOverrides }> {
  const { data, recipe } = await openRunFolder(storage, run).readDescription();
  const [height, width, channels] = recipe.model.input;
  const asked = fields.flatMap((field) => (request[field] === undefined ? [] : [[field, request[field]] as const]));
  const seed = request.seed ?? recipe.seed;
  return {
    request: {
      ...request,
      data: locate(data.source),
      split: data.split && locate(data.split.file),
      strict: data.strict,
      keepLeaks: data.leaks?.kept ?? false,
      ...(recipe.val > 0 ? { val: recipe.val } : {}),
      size: { height, width },
      channels: channels as 1 | 3,
      seed,
    },
    recipe: parseRecipe({ ...recipe, seed }),
    overrides: { ...Object.fromEntries(asked), ...request.overrides },
  };
}
