import { invalid, mismatch } from '../../errors.ts';
import { completeAugmentation } from '../../image/augmentation-spec.ts';
import type { Recipe } from '../../train/recipe.ts';

/** What the Python program in `python/fovea_torch` does, too. */
const changes = ['flip', 'flipVertical', 'crop'];
const optimizers = ['sgd', 'adam', 'adamw'];

const instead = 'Leave it out, or train on the engine (without --engine torch)';

/** @throws FoveaError naming the first part of a recipe that is not ported to PyTorch Distributed. */
export function checkPorted(recipe: Recipe, processes: number): void {
  const { optimizer, augmentation, stages, average, microBatch, batch } = recipe;
  if (!optimizers.includes(optimizer.type)) {
    throw mismatch(`one of ${optimizers.join(', ')}`, "the optimizer with '--engine torch'", `'${optimizer.type}'`);
  }
  const { nesterov, momentum = 0.9, dampening = 0 } = optimizer;
  if (nesterov === true && (momentum === 0 || dampening !== 0)) {
    throw mismatch('momentum without dampening', "nesterov with '--engine torch'", 'other options', instead);
  }
  for (const { kind } of completeAugmentation(augmentation)) {
    if (changes.includes(kind.name)) continue;
    const subject = "the augmentation with '--engine torch'";
    throw mismatch(`changes of ${changes.join(', ')}`, subject, `'${kind.name}', which is not ported yet`, instead);
  }
  if (stages) throw mismatch('no frozen layers', "the recipe with '--engine torch'", 'stages', instead);
  if (average)
    throw mismatch('no average of weights', "the recipe with '--engine torch'", `'${average.type}'`, instead);
  if (microBatch !== undefined && microBatch < batch) {
    const mend = 'Leave it out: a batch is divided among the processes';
    throw mismatch('no micro-batch', "the recipe with '--engine torch'", `${microBatch}`, mend);
  }
  if (processes > batch) {
    throw invalid(`at least ${processes} pictures, one a process,`, 'the batch', batch, 'Choose fewer processes');
  }
}
