import { airbench } from '../../model/presets/airbench94.ts';
import { say } from '../../say.ts';
import type { OptimizerSpec } from '../recipe.ts';
import type { RecipeSettings } from './named-recipe.ts';

/** Muon as airbench has it: few steps, since batch norm forgives; AdamW for the rest. */
export const muon: OptimizerSpec = {
  type: 'muon',
  momentum: 0.6,
  steps: 3,
  scale: 'none',
  normalize: true,
  others: 'adamw',
  othersRate: 0.05,
};

export const muonWhy = say`Muon makes the step of each hidden layer orthogonal (Jordan et al. 2024), so that it learns in all directions at the same pace; batch norm behind each layer lets its weights keep one norm.`;

/** Down a straight line to zero, after a short rise. */
export const straight = { type: 'polynomial' } as const;

/** airbench94's network with other widths. */
export const airbenchOf = (widths: readonly [number, number, number]): RecipeSettings['model'] => ({
  name: `airbench-${widths.join('-')}`,
  draft: (input, classes) => airbench(widths, input, classes),
});
