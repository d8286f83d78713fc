import { invalid } from '../../errors.ts';
import { suggest } from '../../nearest.ts';
import { best } from './best.ts';
import type { NamedRecipe } from './named-recipe.ts';
import { quick } from './quick.ts';
import { standard } from './standard.ts';

export { type DataKind, dataKinds, kindOf, kindWords, type NamedRecipe, type RecipeSettings } from './named-recipe.ts';

/** THE LIST of named recipes, from the fastest on. */
export const namedRecipes: readonly NamedRecipe[] = [quick, standard, best];

/** @throws FoveaError with the nearest name. */
export function recipeNamed(name: string): NamedRecipe {
  const found = namedRecipes.find((recipe) => recipe.name === name);
  if (found) return found;
  const names = namedRecipes.map((recipe) => recipe.name);
  throw invalid(`a named recipe (${names.join(', ')})`, "option 'recipe'", name, suggest(name, names));
}
