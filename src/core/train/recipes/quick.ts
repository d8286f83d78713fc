import { say } from '../../say.ts';
import type { NamedRecipe } from './named-recipe.ts';
import { airbenchOf, muon, muonWhy, straight } from './shared.ts';

/** A few minutes on two cores. */
export const quick: NamedRecipe = {
  name: 'quick',
  doc: say`A sound result within minutes: to find out whether data and classes do at all.`,
  settings: {
    grey: {
      model: 'mnist-cnn',
      views: 240_000,
      epochs: { fewest: 4, most: 30 },
      batch: 64,
      optimizer: { type: 'adamw', weightDecay: 0.01 },
      learningRate: 0.002,
      schedule: { type: 'cosine' },
      warmup: 0.05,
      labelSmoothing: 0,
      augmentation: 'none',
      why: [say`A plain network with AdamW learns digits in a minute; it needs no augmentation for that.`],
    },
    colour: {
      model: airbenchOf([24, 48, 96]),
      views: 315_000,
      epochs: { fewest: 5, most: 30 },
      batch: 250,
      optimizer: muon,
      learningRate: 0.15,
      schedule: straight,
      warmup: 0.04,
      labelSmoothing: 0.2,
      augmentation: 'flip,crop:2',
      why: [
        say`A narrow airbench network: the first convolution is computed from the pictures, so that none of the few epochs is spent on it.`,
        muonWhy,
        say`Label smoothing of 0.2 and a learning rate that falls on a straight line are airbench’s.`,
      ],
      measured:
        '83.0, 83.2 and 83.3 % of the test pictures of CIFAR-10 (JPEG files), seeds 1 to 3, 7 epochs in 2.7 minutes on two cores.',
    },
    photos: {
      model: 'vgg6-bn',
      views: 60_000,
      epochs: { fewest: 5, most: 20 },
      batch: 64,
      optimizer: { type: 'adamw', weightDecay: 0.05 },
      learningRate: 0.005,
      schedule: { type: 'oneCycle', rise: 0.25 },
      warmup: 0,
      labelSmoothing: 0.1,
      augmentation: 'flip,crop:8',
      why: [
        say`A small network, since photographs have many pixels; one cycle of a high learning rate suits few epochs.`,
      ],
    },
  },
};
