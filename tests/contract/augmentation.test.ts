/** Augmented and mixed pictures train to the same bits on the engine, whatever the threads. */
import { afterAll, describe, expect, it } from 'vitest';
import { createDataset } from '../../src/core/dataset/dataset.ts';
import { parseAugmentation } from '../../src/core/image/augmentation-spec.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { hashWeights } from '../../src/core/model/weights.ts';
import { RandomStream } from '../../src/core/random.ts';
import { runTraining } from '../../src/core/train/trainer.ts';
import { createEngine } from '../../src/node/engine.ts';

const random = new RandomStream(3, 'dataset');
const data = createDataset({
  name: 'noise',
  classNames: ['a', 'b', 'c'],
  ...{ height: 16, width: 16, channels: 3 },
  pixels: Uint8Array.from({ length: 40 * 768 }, () => random.below(256)),
  labels: Int32Array.from({ length: 40 }, (_, i) => i % 3),
});

const engines = await Promise.all([1, 2, 3].map((threads) => createEngine({ threads })));
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

describe('training on augmented pictures', () => {
  it.each(['flip,crop:2,affine,colour,blur,noise,erase', 'trivial,resizedCrop', 'rand,mixup,cutmix'])(
    '%s: the same bits for 1, 2 and 3 threads',
    async (text) => {
      const hashes = new Set<string>();
      for (const engine of engines) {
        const { lastWeights, history } = await runTraining({
          engine,
          recipe: {
            version: 1,
            modelName: 'resnet20',
            model: buildPreset('resnet20', { input: [16, 16, 3], classes: 3 }),
            optimizer: { type: 'sgd', momentum: 0.9 },
            learningRate: 0.01,
            schedule: { type: 'constant' },
            loss: { type: 'softmaxCrossEntropy' },
            epochs: 1,
            batch: 8,
            augmentation: parseAugmentation(text),
            seed: 1,
            val: 0,
          },
          train: data,
          val: data,
          preprocessing: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
          clock: () => 0,
        });
        expect(Number.isFinite(history[0].loss)).toBe(true);
        hashes.add(await hashWeights(lastWeights));
      }
      expect(hashes.size).toBe(1);
    },
  );
});
