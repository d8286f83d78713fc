import { differentiate } from '../autodiff/differentiate.ts';
import type { Engine, Program } from '../backend/backend.ts';
import { invalid } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import type { OptionValues } from '../layers/layer.ts';
import { completeOptions } from '../layers/options.ts';
import { appendLoss, type FixedInput } from '../losses/index.ts';
import { type BuiltModel, buildModel, type Normalisation } from '../model/build.ts';
import type { ModelSpec } from '../model/spec.ts';
import { suggest } from '../nearest.ts';
import { optimizers, updateAttributes } from '../optimizers/index.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Algorithm } from '../plan/lowering.ts';
import type { OptimizerSpec, Recipe } from './recipe.ts';

/** One step of training: pictures and labels in, losses and logits out, parameters and optimizer state changed. */
export interface TrainingGraph {
  readonly model: BuiltModel;
  readonly labels: Value;
  readonly fixedInputs: readonly FixedInput[];
  /** Numbers of the step for the optimizer, see `Optimizer.scalars`. */
  readonly scalars: Value;
  /** [n]: plain cross-entropy of each picture, whatever the label smoothing. */
  readonly losses: Value;
  readonly optimizer: Optimizer;
  readonly optimizerOptions: OptionValues;
  /** Full names of the optimizer's tensors: `<parameter>.<state>`. */
  readonly stateNames: readonly string[];
}

/** @throws FoveaError for an unknown optimizer or a wrong option of it. */
export function resolveOptimizer({ type, ...given }: OptimizerSpec): { optimizer: Optimizer; options: OptionValues } {
  const optimizer = optimizers.find(({ name }) => name === type);
  if (!optimizer) {
    const names = optimizers.map(({ name }) => name);
    throw invalid('an optimizer', "option 'optimizer'", type, suggest(type, names));
  }
  return { optimizer, options: completeOptions(optimizer, given, `optimizer '${type}'`) };
}

/** Builds the graph of a training step: model, loss, gradients, updates. @throws FoveaError when shapes do not fit. */
export function buildTraining(
  recipe: Pick<Recipe, 'model' | 'optimizer' | 'loss'>,
  preprocessing: Normalisation,
): TrainingGraph {
  const { optimizer, options } = resolveOptimizer(recipe.optimizer);
  const model = buildModel(recipe.model, { training: true, inputType: 'uint8', preprocessing });
  const { graph, logits } = model;
  const { loss, labels, fixedInputs } = appendLoss(graph, logits, recipe.loss, 'mean');
  const { loss: losses } = appendLoss(graph, logits, undefined, 'none');
  const trained = model.parameters.filter(({ trainable }) => trainable);
  const gradients = differentiate(graph, { of: loss, wanted: trained.map(({ value }) => value) });
  const scalars = graph.source('input', 'scalars', {
    shape: [optimizer.scalars(options, 0, 1).length],
    batched: false,
  });
  const stateNames: string[] = [];
  for (const { name, value, decay } of trained) {
    const gradient = gradients.get(value);
    if (!gradient) continue;
    const states = optimizer.states(options).map((state) => {
      stateNames.push(`${name}.${state}`);
      return graph.source('state', `${name}.${state}`, { shape: value.shape, batched: false });
    });
    graph.apply(
      optimizer.update,
      [value, gradient, scalars, ...states],
      updateAttributes(options, decay),
      `${name}.update`,
    );
  }
  return { model, labels, fixedInputs, scalars, losses, optimizer, optimizerOptions: options, stateNames };
}

/** Logits and losses of pictures with the weights as they are; changes nothing. */
export interface EvaluationGraph {
  readonly model: BuiltModel;
  readonly labels: Value;
  /** [n]: plain cross-entropy of each picture. */
  readonly losses: Value;
}

export function buildEvaluation(spec: ModelSpec, preprocessing: Normalisation): EvaluationGraph {
  const model = buildModel(spec, { training: false, inputType: 'uint8', preprocessing });
  const { loss: losses, labels } = appendLoss(model.graph, model.logits, undefined, 'none');
  return { model, labels, losses };
}

export interface EvaluationProgram extends EvaluationGraph {
  readonly program: Program;
}

/** @param capacity largest batch; it never changes a picture's logits. @param algorithm as in the recipe. */
export async function compileEvaluation(
  engine: Engine,
  spec: ModelSpec,
  preprocessing: Normalisation,
  capacity: number,
  algorithm: Algorithm = 'auto',
): Promise<EvaluationProgram> {
  const built = buildEvaluation(spec, preprocessing);
  const outputs = [built.model.logits, built.losses];
  const program = await engine.compile(built.model.graph, { capacity, outputs, algorithm });
  return { ...built, program };
}
