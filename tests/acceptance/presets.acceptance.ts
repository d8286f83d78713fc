/** The large presets beside PyTorch's values, on the engine. */
import { describe } from 'vitest';
import { createEngine } from '../../src/node/engine.ts';
import { checkTraining, heavyPresets } from '../contract/presetTraining.ts';
import { float32Tolerance } from '../golden/models.ts';
import { runPresetGoldens } from '../golden/presets.ts';

runPresetGoldens('large presets', ['resnet56', 'convnext_tiny'], () => createEngine({ threads: 2 }), float32Tolerance);
// See `looseness` there for why.
runPresetGoldens(
  'large presets with the direct kernels',
  ['vgg11-bn', 'resnet34', 'resnet50'],
  () => createEngine({ threads: 2 }),
  float32Tolerance,
  'direct',
);

describe('large presets on the engine', () => {
  for (const name of heavyPresets) checkTraining(name);
});
