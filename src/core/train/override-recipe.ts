import { invalid } from '../errors.ts';
import { completeLoss } from '../losses/index.ts';
import { createLearningRate } from '../schedules/index.ts';
import { completeAverage } from './averages.ts';
import { resolveOptimizer } from './programs.ts';
import { parseRecipe, type Recipe } from './recipe.ts';

/** Fields by their dotted names, such as `optimizer.momentum` or `loss.labelSmoothing`. */
export type RecipeOverrides = Readonly<Record<string, unknown>>;

/** What is chosen by a name of its own, or follows from the data. */
const notHere = new Set(['version', 'name', 'model', 'modelName', 'val', 'seed']);
const fields = [
  ...[
    'optimizer',
    'learningRate',
    'schedule',
    'epochs',
    'patience',
    'batch',
    'microBatch',
    'loss',
    'clip',
    'average',
    'augmentation',
    'testTimeAugmentation',
    'sampling',
  ],
  'algorithm',
];

/** A recipe with some fields set otherwise. @throws FoveaError for an unknown field or a value that does not fit. */
export function overrideRecipe(recipe: Recipe, overrides: RecipeOverrides): Recipe {
  const changed = JSON.parse(JSON.stringify(recipe)) as Record<string, unknown>;
  for (const [field, value] of Object.entries(overrides)) {
    const [first, ...path] = field.split('.');
    const words = [first, ...path].every((word) => /^[a-z]\w*$/i.test(word) && !(word in Object.prototype));
    if (!words || notHere.has(first) || !fields.includes(first)) {
      throw invalid(
        `a field of the recipe (${fields.join(', ')}), such as optimizer.weightDecay,`,
        'the recipe',
        field,
      );
    }
    let holder = changed;
    let name = first;
    for (const word of path) {
      const inner = holder[name] ?? {};
      if (typeof inner !== 'object') throw invalid('a field that holds others', `'${name}' in '${field}'`, inner);
      holder[name] = inner;
      holder = inner as Record<string, unknown>;
      name = word;
    }
    holder[name] = value;
  }
  const checked = parseRecipe(changed);
  const { optimizer, options } = resolveOptimizer(checked.optimizer);
  createLearningRate(checked.schedule, { learningRate: checked.learningRate, totalSteps: 1 });
  completeLoss(checked.loss);
  const average = checked.average && completeAverage(checked.average, checked.epochs);
  return { ...checked, optimizer: { type: optimizer.name, ...options }, ...(average ? { average } : {}) };
}
