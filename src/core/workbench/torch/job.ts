import { writeClassifier } from '../../classifier/file.ts';
import { modelSource } from '../../export/pytorch/model-source.ts';
import { readSafetensors } from '../../formats/safetensors.ts';
import { streamsOf } from '../../image/augment.ts';
import { completeAugmentation } from '../../image/augmentation-spec.ts';
import { completeOptions } from '../../layers/options.ts';
import { completeLoss } from '../../losses/index.ts';
import { buildModel, type ParameterInfo } from '../../model/build.ts';
import { schedules } from '../../schedules/index.ts';
import { resolveOptimizer } from '../../train/programs.ts';
import type { Recipe } from '../../train/recipe.ts';
import { rateFactorOf } from '../../train/stages.ts';
import { classifierOf, type RunDescription } from '../run-folder.ts';
import type { PlacedPictures } from './pictures.ts';

/** Parameters and running statistics of a recipe's model, in the model's order. */
export const parametersOf = ({ model }: Pick<Recipe, 'model'>): readonly ParameterInfo[] =>
  buildModel(model, { training: false, inputType: 'float32' }).parameters;

/**
 * `job.json`: a run's recipe with every default filled in, so that the Python program knows none of them; how weights
 * and the optimizer's memory lie in the engine; and the metadata of the model files that it writes.
 * @param saveEvery seconds.
 */
export function torchJob(
  description: Pick<RunDescription, 'recipe' | 'data' | 'preprocessing' | 'fovea'>,
  pictures: PlacedPictures,
  saveEvery: number,
): Readonly<Record<string, unknown>> {
  const { recipe, preprocessing } = description;
  const { model, seed, epochs, patience, batch, learningRate, sampling = 'none', clip, rateFactors } = recipe;
  const { optimizer, options } = resolveOptimizer(recipe.optimizer);
  const steps = completeAugmentation(recipe.augmentation);
  const streams = streamsOf(steps);
  const factorOf = rateFactorOf(model, rateFactors);
  const { type, warmupSteps = 0, ...given } = recipe.schedule;
  const schedule = schedules.find(({ name }) => name === type)!;
  return {
    format: 'fovea-torch-job',
    version: 1,
    ...{ seed, epochs, patience, batch, learningRate, sampling, clip, saveEvery },
    schedule: { type, warmupSteps, options: completeOptions(schedule, given, `schedule '${type}'`) },
    optimizer: { type: optimizer.name, options, states: optimizer.states(options) },
    loss: completeLoss(recipe.loss).options,
    augmentation: steps.map(({ kind, values }, i) => ({ type: kind.name, values, stream: streams[i] })),
    preprocessing: { mean: preprocessing.mean, std: preprocessing.std },
    classes: model.classes,
    input: model.input,
    parameters: parametersOf(recipe).map(({ name, fileShape, permutation, trainable, decay }) => {
      const factor = factorOf(name.slice(0, name.lastIndexOf('.')));
      return { name, shape: fileShape, permutation, trainable, decay, factor };
    }),
    pictures,
    classifier: classifierMetadata(description),
  };
}

/** What stands in a model file beside its weights. */
function classifierMetadata(description: Parameters<typeof torchJob>[0]): Readonly<Record<string, string>> {
  const zeros = parametersOf(description.recipe).map(({ name, fileShape: shape }) => {
    const data = new Float32Array(shape.reduce((size, side) => size * side, 1));
    return [name, { shape, data }] as const;
  });
  const bytes = writeClassifier(classifierOf(description, new Map(zeros), undefined));
  return { ...readSafetensors(bytes, 'the model').metadata };
}

/** `model.py`: the model as PyTorch source. */
export function torchModel({ model }: Pick<Recipe, 'model'>): string {
  const [height, width, channels] = model.input;
  const { layers } = buildModel(model, { training: false, inputType: 'float32' });
  return `"""The model of this run, written by Fovea from its spec."""

import torch
import torch.nn.functional as F
from torch import nn

HEIGHT, WIDTH, CHANNELS = ${height}, ${width}, ${channels}


${modelSource(layers)}
`;
}
