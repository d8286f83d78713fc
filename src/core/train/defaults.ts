import type { Augmentation } from '../image/augmentation-spec.ts';
import { mirrorSensitive } from '../image/mirror-names.ts';
import { say } from '../say.ts';
import type { OptimizerSpec } from './recipe.ts';

/** How a model is trained when the person names nothing else. */
export interface TrainingDefaults {
  readonly optimizer: OptimizerSpec;
  /** The highest of the schedule. */
  readonly learningRate: number;
  readonly batch: number;
}

const adamw: OptimizerSpec = { type: 'adamw', weightDecay: 0.01 };
/**
 * For networks with batch norm, measured with vgg6-bn on 9,000 CIFAR-10 pictures over 6 epochs: AdamW at 0.003 to 0.01
 * reached 63 to 65 % on val, SGD with momentum at 0.03 64 %, at 0.1 60 %.
 */
const strong: OptimizerSpec = { type: 'adamw', weightDecay: 0.05 };

/**
 * For networks for photographs trained from nothing: the kind of setting their papers use, brought down to batches of
 * this size; not measured here, since each needs more pictures and hours than a test has.
 */
const photographs: TrainingDefaults = { optimizer: strong, learningRate: 0.002, batch: 32 };
/** The same where no batch norm forgives a high rate. */
const careful: TrainingDefaults = { optimizer: strong, learningRate: 0.0005, batch: 32 };

/** For models of the person's own. */
const general: TrainingDefaults = { optimizer: adamw, learningRate: 0.002, batch: 64 };

const byModel: Readonly<Record<string, TrainingDefaults>> = {
  linear: { optimizer: adamw, learningRate: 0.002, batch: 64 },
  mlp: { optimizer: adamw, learningRate: 0.001, batch: 64 },
  lenet5: { optimizer: adamw, learningRate: 0.002, batch: 64 },
  'mnist-cnn': { optimizer: adamw, learningRate: 0.002, batch: 64 },
  'tiny-vgg': { optimizer: adamw, learningRate: 0.002, batch: 64 },
  'vgg6-bn': { optimizer: strong, learningRate: 0.005, batch: 64 },
  resnet20: { optimizer: strong, learningRate: 0.005, batch: 64 },
  resnet32: { optimizer: strong, learningRate: 0.005, batch: 64 },
  resnet56: { optimizer: strong, learningRate: 0.005, batch: 64 },
  mobile: { optimizer: strong, learningRate: 0.005, batch: 64 },
  airbench94: { optimizer: strong, learningRate: 0.005, batch: 64 },
  'wide-resnet-16-4': { optimizer: strong, learningRate: 0.002, batch: 64 },
  'densenet-bc-100-12': { optimizer: strong, learningRate: 0.005, batch: 64 },
  squeezenet1_1: careful,
  mobilenet_v3_small: photographs,
  mobilenet_v2: photographs,
  mobilenet_v3_large: photographs,
  efficientnet_b0: photographs,
  resnet18: photographs,
  resnet34: photographs,
  resnet50: { ...photographs, learningRate: 0.001 },
  'vgg11-bn': { ...photographs, learningRate: 0.001 },
  convnext_tiny: careful,
};

export const defaultsOf = (model: string): TrainingDefaults =>
  Object.hasOwn(byModel, model) ? byModel[model] : general;

/** A learning rate for another optimizer than the model's own. */
export const usualLearningRate: Readonly<Record<string, number>> = {
  sgd: 0.05,
  adam: 0.001,
  adamw: 0.001,
  rmsprop: 0.001,
  lion: 0.0002,
  muon: 0.02,
};

/**
 * Grey pictures are taken as they are; colour pictures are moved by an eighth of their side, and mirrored unless the
 * class names are such that a mirror image would be false.
 */
export function defaultAugmentation(data: {
  readonly classNames: readonly string[];
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}): { readonly augmentation: Augmentation; readonly why: string } {
  if (data.channels === 1) return { augmentation: {}, why: say`No augmentation: grey pictures are taken as they are.` };
  const crop = Math.max(1, Math.round(Math.min(data.height, data.width) / 8));
  const sign = mirrorSensitive(data.classNames);
  if (sign !== undefined) {
    const why = say`Augmentation: shifts by up to ${crop} pixels; no mirroring, because a mirrored '${sign}' may be another thing.`;
    return { augmentation: { crop }, why };
  }
  return {
    augmentation: { flip: true, crop },
    why: say`Augmentation: colour pictures are mirrored and shifted by up to ${crop} pixels, anew in each epoch.`,
  };
}
