import { expect, it } from 'vitest';
import { createDataset, type Dataset } from '../../src/core/dataset/dataset.ts';
import type { Normalisation } from '../../src/core/model/build.ts';
import { buildPreset, presetNamed } from '../../src/core/model/presets/index.ts';
import { RandomStream } from '../../src/core/random.ts';
import { defaultsOf } from '../../src/core/train/defaults.ts';
import type { Recipe } from '../../src/core/train/recipe.ts';
import { runTraining } from '../../src/core/train/trainer.ts';
import type { TrainingResult } from '../../src/core/train/training-job.ts';
import { createEngine } from '../../src/node/engine.ts';

/** So much work that a few steps belong into the acceptance runs. */
export const heavyPresets: ReadonlySet<string> = new Set([
  'wide-resnet-16-4',
  'densenet-bc-100-12',
  'mobilenet_v3_small',
  'mobilenet_v3_large',
  'efficientnet_b0',
  'vgg11-bn',
  'resnet18',
  'resnet34',
  'resnet50',
  'convnext_tiny',
]);

/** Each class has a shade of its own. */
function shades(count: number, size: number, channels: 1 | 3): Dataset {
  const random = new RandomStream(1, 'dataset');
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  const pixelsEach = size * size * channels;
  const pixels = Uint8Array.from({ length: count * pixelsEach }, (_, i) => {
    return 60 * labels[Math.floor(i / pixelsEach)] + random.below(80);
  });
  return createDataset({
    name: 'shades',
    classNames: ['dark', 'middle', 'light'],
    ...{ height: size, width: size, channels },
    pixels,
    labels,
  });
}

export interface PresetTraining extends TrainingResult {
  readonly train: Dataset;
  readonly preprocessing: Normalisation;
}

/** A few steps by its own defaults, on pictures as small as it takes, validated on the same. */
export async function trainPreset(name: string, channels: 1 | 3, epochs: number): Promise<PresetTraining> {
  const size = Math.max(presetNamed(name).minimumSize, 12);
  const train = shades(12, size, channels);
  const { optimizer, learningRate } = defaultsOf(name);
  const recipe: Recipe = {
    version: 1,
    modelName: name,
    model: buildPreset(name, { input: [size, size, channels], classes: 3 }),
    optimizer,
    learningRate: learningRate / 4,
    schedule: { type: 'constant' },
    epochs,
    batch: 6,
    loss: { type: 'softmaxCrossEntropy' },
    augmentation: {},
    seed: 1,
    val: 0,
  };
  const preprocessing = { mean: Array(channels).fill(0.4), std: Array(channels).fill(0.25) };
  const engine = await createEngine({ threads: 2 });
  const result = await runTraining({ engine, recipe, train, val: train, preprocessing, clock: () => 0 });
  await engine.dispose();
  return { ...result, train, preprocessing };
}

/** The loss falls on the colour pictures that it sees; all losses are finite, on grey ones too. */
export function checkTraining(name: string): void {
  it.each([1, 3] as const)(
    `${name} trains on pictures of %i channels`,
    async (channels) => {
      const { history } = await trainPreset(name, channels, channels === 3 ? 4 : 1);
      const losses = history.map(({ loss }) => loss);
      expect(losses.every(Number.isFinite)).toBe(true);
      if (channels === 3) expect(Math.min(...losses.slice(1)), losses.join(' ')).toBeLessThan(losses[0]);
      expect(history.every(({ valLoss }) => Number.isFinite(valLoss))).toBe(true);
    },
    60_000,
  );
}
