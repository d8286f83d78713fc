/** The large presets beside PyTorch's values, on the engine. */
import { createEngine } from '../../src/node/engine.ts';
import { float32Tolerance } from '../golden/models.ts';
import { runPresetGoldens } from '../golden/presets.ts';

runPresetGoldens(
  'large presets',
  ['vgg11-bn', 'resnet34', 'resnet50', 'resnet56', 'convnext_tiny'],
  () => createEngine({ threads: 2 }),
  float32Tolerance,
);
