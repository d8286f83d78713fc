import type { Dataset } from '../dataset/dataset.ts';
import { FoveaError, invalid } from '../errors.ts';
import type { Recipe } from './recipe.ts';

/** @param part for the error. @throws FoveaError when the pictures' size or classes are not the model's. */
export function checkPictures(recipe: Recipe, dataset: Dataset, part: string): void {
  const [height, width, channels] = recipe.model.input;
  if (dataset.height !== height || dataset.width !== width || dataset.channels !== channels) {
    const received = [dataset.height, dataset.width, dataset.channels];
    const mend = `Open the data with that size, or build the model for ${received.join('x')}`;
    throw invalid(`${part} pictures of ${height}x${width}x${channels}`, `model '${recipe.modelName}'`, received, mend);
  }
  if (dataset.classNames.length !== recipe.model.classes) {
    throw new FoveaError(
      `Expected ${recipe.model.classes} classes for model '${recipe.modelName}' but received ${dataset.classNames.length}`,
    );
  }
}
