import { describe } from 'vitest';
import { presets } from '../../src/core/model/presets/index.ts';
import { checkTraining, heavyPresets } from './presetTraining.ts';

describe('every preset on the engine', () => {
  for (const { name } of presets) if (!heavyPresets.has(name)) checkTraining(name);
});
