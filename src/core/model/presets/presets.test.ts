import { describe, expect, it } from 'vitest';
import { buildModel } from '../build.ts';
import { summarize } from '../summary.ts';
import { buildPreset, presets } from './index.ts';
import { resnet18 } from './resnet18.ts';

describe('presets', () => {
  it('are the ones promised, each with a sentence', () => {
    expect(presets.map(({ name }) => name)).toEqual([
      'linear',
      'mlp',
      'lenet5',
      'mnist-cnn',
      'tiny-vgg',
      'vgg6-bn',
      'resnet20',
      'resnet32',
      'resnet56',
      'mobile',
      'airbench94',
      'wide-resnet-16-4',
      'densenet-bc-100-12',
      'squeezenet1_1',
      'mobilenet_v3_small',
      'mobilenet_v2',
      'mobilenet_v3_large',
      'efficientnet_b0',
      'resnet18',
      'resnet34',
      'resnet50',
      'vgg11-bn',
      'convnext_tiny',
    ]);
    for (const { doc } of presets) expect(doc).toMatch(/^.{20,120}\.$/);
  });

  /** Counts of PyTorch: the goldens and the networks that the benchmark races against. */
  it.each([
    ['linear', [28, 28, 1], 7850],
    ['lenet5', [28, 28, 1], 61706],
    ['mnist-cnn', [28, 28, 1], 225034],
    ['vgg6-bn', [32, 32, 3], 59386],
    ['resnet20', [32, 32, 3], 272474],
    ['mobile', [32, 32, 3], 205642],
  ])('%s has the parameters of its original', (name, input, parameters) => {
    expect(summarize(buildPreset(name, { input, classes: 10 })).parameters).toBe(parameters);
  });

  it('resnet18 has those of torchvision', () => {
    expect(summarize(buildPreset(resnet18(), { input: [224, 224, 3], classes: 1000 })).parameters).toBe(11689512);
  });

  for (const preset of [...presets, resnet18(8)]) {
    const smallest = preset.minimumSize;
    it.each([
      [[smallest, smallest, 1], 2],
      [[smallest, smallest + 3, 4], 3],
      [[33, 47, 3], 101],
      [[64, 64, 3], 6],
    ])(`${preset.name} takes pictures of %j and %i classes`, (input, classes) => {
      const spec = buildPreset(preset, { input, classes });
      expect(spec.name).toBe(preset.name);
      for (const training of [true, false]) {
        expect(buildModel(spec, { training, inputType: 'uint8' }).logits.shape).toEqual([classes]);
      }
    });

    if (smallest === 1) continue;
    it(`${preset.name} says what is too small`, () => {
      expect(() => buildPreset(preset, { input: [40, smallest - 1, 3], classes: 4 })).toThrow(
        `Expected pictures of at least ${smallest}x${smallest} for model '${preset.name}' but received '40x${smallest - 1}'`,
      );
    });
  }

  it('keep the classifier of vgg6-bn small on large pictures', () => {
    const { layers } = summarize(buildPreset('vgg6-bn', { input: [150, 100, 3], classes: 6 }));
    expect(layers.find(({ id }) => id === 'flatten')?.outputShape).toEqual([768]);
  });

  it('names the nearest', () => {
    expect(() => buildPreset('resnet-20', { input: [32, 32, 3], classes: 2 })).toThrow("Did you mean 'resnet20'?");
  });
});
