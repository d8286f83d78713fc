import { describe, expect, it } from 'vitest';
import { buildPreset } from '../../model/presets/index.ts';
import type { Recipe } from '../../train/recipe.ts';
import { checkPorted } from './ported.ts';

const recipe: Recipe = {
  version: 1,
  modelName: 'linear',
  model: buildPreset('linear', { input: [8, 8, 1], classes: 3 }),
  optimizer: { type: 'sgd', momentum: 0.9 },
  learningRate: 0.1,
  schedule: { type: 'constant' },
  epochs: 1,
  batch: 16,
  loss: { type: 'softmaxCrossEntropy' },
  augmentation: { flip: true, crop: 2 },
  seed: 1,
  val: 0.1,
};

describe('checkPorted', () => {
  it('takes what PyTorch Distributed does, too', () => {
    expect(() => checkPorted(recipe, 16)).not.toThrow();
    expect(() => checkPorted({ ...recipe, optimizer: { type: 'adamw' }, sampling: 'balanced' }, 1)).not.toThrow();
  });

  it.each<[Partial<Recipe>, number, string]>([
    [
      { optimizer: { type: 'muon' } },
      1,
      "Expected one of sgd, adam, adamw for the optimizer with '--engine torch' but received 'muon'",
    ],
    [{ optimizer: { type: 'sgd', nesterov: true, dampening: 0.1 } }, 1, 'momentum without dampening'],
    [{ augmentation: { version: 2, steps: [{ type: 'mixup' }] } }, 1, "received 'mixup', which is not ported yet"],
    [{ augmentation: { version: 2, steps: [{ type: 'flip' }, { type: 'hue' }] } }, 1, "'hue'"],
    [{ stages: [{ epoch: 1, frozen: 'a' }] }, 1, 'no frozen layers'],
    [{ average: { type: 'ema' } as unknown as Recipe['average'] }, 1, "'ema'"],
    [{ microBatch: 4 }, 1, 'no micro-batch'],
    [{}, 17, 'Expected at least 17 pictures, one a process, for the batch but received 16'],
  ])('refuses by name: %j in %i', (changes, processes, message) => {
    expect(() => checkPorted({ ...recipe, ...changes }, processes)).toThrow(message);
  });
});
