import { expect, it } from 'vitest';
import { buildPreset } from '../model/presets/index.ts';
import { overrideRecipe } from './override-recipe.ts';
import type { Recipe } from './recipe.ts';

const recipe: Recipe = {
  version: 1,
  modelName: 'linear',
  model: buildPreset('linear', { input: [8, 8, 1], classes: 3 }),
  optimizer: { type: 'adamw', weightDecay: 0.01 },
  learningRate: 0.1,
  schedule: { type: 'cosine' },
  loss: { type: 'softmaxCrossEntropy' },
  ...{ epochs: 3, batch: 16, augmentation: {}, seed: 1, val: 0.1 },
};

it('sets fields by their dotted names and leaves the rest', () => {
  const changed = overrideRecipe(recipe, { 'optimizer.weightDecay': 0.5, 'loss.labelSmoothing': 0.1, batch: 8 });
  expect(changed).toMatchObject({
    optimizer: { type: 'adamw', weightDecay: 0.5, beta1: 0.9 },
    loss: { type: 'softmaxCrossEntropy', labelSmoothing: 0.1 },
    batch: 8,
    learningRate: 0.1,
  });
  expect(recipe.batch).toBe(16);
});

it.each([
  [{ momentum: 1 }, /a field of the recipe/],
  [{ 'model.layers': 1 }, /a field of the recipe/],
  [{ 'optimizer.__proto__.x': 1 }, /a field of the recipe/],
  [{ 'optimizer.constructor.x': 1 }, /a field of the recipe/],
  [{ 'optimizer.momentun': 1 }, /momentun/],
  [{ 'schedule.type': 'sinus' }, /learning-rate schedule/],
  [{ batch: 0 }, /batch/],
  [{ 'batch.size': 3 }, /holds others/],
])('refuses %o', (overrides, message) => {
  expect(() => overrideRecipe(recipe, overrides)).toThrow(message);
});
