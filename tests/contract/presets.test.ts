import { describe, expect, it } from 'vitest';
import { presets } from '../../src/core/model/presets/index.ts';
import { patchCovariance, whiteningFilters } from '../../src/core/model/whitening.ts';
import { checkTraining, heavyPresets, trainPreset } from './presetTraining.ts';

describe('every preset on the engine', () => {
  for (const { name } of presets) if (!heavyPresets.has(name)) checkTraining(name);
});

it('airbench94 whitens the pictures that it is trained on, and leaves those filters alone', async () => {
  const { lastWeights, train, preprocessing } = await trainPreset('airbench94', 3, 1);
  const whitened = whiteningFilters(patchCovariance(train, preprocessing, 2, 2), 24);
  expect(lastWeights.get('0.weight')?.data).toEqual(whitened);
  expect(lastWeights.get('0.bias')?.data.some((v) => v !== 0)).toBe(true);
  // Norms learn a shift and no scale.
  expect(lastWeights.get('2.norm1.weight')?.data.every((v) => v === 1)).toBe(true);
  expect(lastWeights.get('2.norm1.bias')?.data.some((v) => v !== 0)).toBe(true);
});
