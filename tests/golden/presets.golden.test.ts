import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import { buildModel } from '../../src/core/model/build.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { createEngine } from '../../src/node/engine.ts';
import { float32Tolerance, referenceTolerance } from './models.ts';
import { goldenNames, hashShapes, runPresetGoldens, torchvisionShapes } from './presets.ts';

/** Small enough for the reference engine; together they have every kind of layer. */
const exact = ['tiny-vgg', 'squeezenet1_1', 'mobilenet_v3_small', 'convnext_small_w'];
/** More weights than a quick test should compute: tests/acceptance runs them. */
const large = new Set(['convnext_tiny', 'resnet34', 'resnet50', 'resnet56', 'vgg11-bn']);

runPresetGoldens('presets on the reference engine', exact, () => createReferenceEngine(), referenceTolerance);
runPresetGoldens(
  'presets on wasm',
  goldenNames.filter((name) => !large.has(name)),
  () => createEngine({ threads: 2, inlineWork: 0 }),
  float32Tolerance,
);

describe("names and shapes of torchvision's state_dict", () => {
  it.each(Object.entries(torchvisionShapes))('%s classes', (title, { stateDict, parameters }) => {
    const [name, classes] = title.split(' ');
    const preset = name === 'vgg11_bn' ? 'vgg11-bn' : name;
    const spec = buildPreset(preset, { input: [224, 224, 3], classes: Number(classes) });
    const model = buildModel(spec, { training: false, inputType: 'float32' });
    expect(hashShapes(model.parameters)).toBe(stateDict);
    const trained = model.parameters.filter(({ trainable }) => trainable);
    expect(trained.reduce((sum, { fileShape }) => sum + fileShape.reduce((a, b) => a * b, 1), 0)).toBe(parameters);
  });
});
