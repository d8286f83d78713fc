import { differentiate } from '../autodiff/differentiate.ts';
import type { Engine, Program } from '../backend/backend.ts';
import { invalid } from '../errors.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { mixesPictures } from '../image/augmentation-spec.ts';
import type { OptionValues } from '../layers/layer.ts';
import { completeOptions } from '../layers/options.ts';
import { appendLoss, type FixedInput } from '../losses/index.ts';
import { type BuiltModel, buildModel, type Normalisation, type ParameterInfo } from '../model/build.ts';
import { type BuiltRest, type BuiltTrunk, buildRest } from '../model/parts.ts';
import type { ModelSpec } from '../model/spec.ts';
import { suggest } from '../nearest.ts';
import {
  accumulate,
  clipScale,
  clipValue,
  emaUpdate,
  gradientNorm,
  optimizers,
  scaleInPlace,
} from '../optimizers/index.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Algorithm } from '../plan/lowering.ts';
import type { OptimizerSpec, Recipe } from './recipe.ts';
import { resolveStages } from './stages.ts';
import { appendUpdates, planUpdates, type RateGroup } from './updates.ts';

/** One step of training: pictures and labels in, losses and logits out, parameters and optimizer state changed. */
export interface TrainingGraph {
  readonly model: BuiltModel;
  /** What the frozen layers make of the pictures, which is read in their stead; by layer id. */
  readonly features: ReadonlyMap<string, Value> | undefined;
  readonly labels: Value;
  /** [n, classes]: shares of classes, where the recipe mixes pictures. */
  readonly targets: Value | undefined;
  readonly fixedInputs: readonly FixedInput[];
  readonly rates: readonly RateGroup[];
  /** [n]: plain cross-entropy of each picture, whatever the label smoothing; of mixed ones to their shares of classes. */
  readonly losses: Value;
  /** Full names of the optimizer's tensors: `<parameter>.<state>`. */
  readonly stateNames: readonly string[];
  /** What the mean over a batch divides by, from its labels. */
  readonly lossDivisor: (labels: ArrayLike<number>) => number;
  /** Set where averages of the weights are renewed after each step. */
  readonly average: StepAverage | undefined;
  /** Set where gradients of micro-batches are added up and an update of its own follows. */
  readonly accumulation: Accumulation | undefined;
}

/** Moving averages in the graph that holds the updates. */
export interface StepAverage {
  /** [2], see `emaShares`; an input. */
  readonly shares: Value;
  /** Of the parameters and running statistics that are averaged. */
  readonly names: readonly string[];
}

/** What the graph of a micro-batch takes beside pictures and labels, and the update that follows the last of them. */
export interface Accumulation {
  /** []: 1 / `lossDivisor` of the whole batch, by which every micro-batch's sum of losses is scaled. */
  readonly lossScale: Value;
  /** []: 0 for the first micro-batch of a batch, which begins anew, then 1. */
  readonly keep: Value;
  /** Full names of the sums: `<parameter>.gradient`. */
  readonly gradientNames: readonly string[];
  /** The optimizer's update from the sums. */
  readonly update: Graph;
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

export interface TrainingGraphOptions {
  /** The batch comes in micro-batches: gradients are added up, and the updates are a graph of their own. */
  readonly accumulates?: boolean;
  /** The backward pass computes cheap values again instead of keeping them; no bit changes. */
  readonly recomputes?: boolean;
  /** Of the recipe's stages, from 0, and the frozen layers of it, if there are any. */
  readonly stage?: number;
  readonly trunk?: BuiltTrunk;
}

/**
 * Builds the graph of a training step: model, loss, gradients, updates.
 *
 * @throws FoveaError when shapes do not fit.
 */
export function buildTraining(
  recipe: Pick<Recipe, 'model' | 'optimizer' | 'loss'> &
    Partial<Pick<Recipe, 'augmentation' | 'stages' | 'rateFactors' | 'clip' | 'average'>>,
  preprocessing: Normalisation,
  { accumulates = false, recomputes = false, stage = 0, trunk }: TrainingGraphOptions = {},
): TrainingGraph {
  const { optimizer, options } = resolveOptimizer(recipe.optimizer);
  const rest = trunk && buildRest(recipe.model, resolveStages(recipe.model, recipe.stages)[stage].trunk, trunk, true);
  const model = rest ?? buildModel(recipe.model, { training: true, inputType: 'uint8', preprocessing });
  const { graph, logits } = model;
  const targets = mixesPictures(recipe.augmentation)
    ? graph.source('input', 'targets', { shape: logits.shape })
    : undefined;
  const reduction = accumulates ? 'sum' : 'mean';
  const { loss, labels, fixedInputs, divisor } = appendLoss(graph, logits, recipe.loss, reduction, targets);
  const { loss: losses } = appendLoss(graph, logits, undefined, 'none', targets);
  const trainable = model.parameters.filter((parameter) => parameter.trainable);
  const single = { shape: [], batched: false };
  const lossScale = accumulates ? graph.source('input', 'lossScale', single) : undefined;
  const wanted = trainable.map(({ value }) => value);
  const gradients = differentiate(graph, { of: loss, seed: lossScale, wanted, recompute: recomputes });
  const trained = trainable.filter(({ value }) => gradients.has(value));
  const plan = planUpdates(recipe, { optimizer, options }, trained);
  const stateNames = plan.flatMap(({ parameter, optimizer: own, options: given }) =>
    own.states(given).map((state) => `${parameter.name}.${state}`),
  );
  const shared = {
    model,
    features: rest?.features,
    labels,
    targets,
    fixedInputs,
    losses,
    stateNames,
  };
  const common = { ...shared, lossDivisor: divisor };
  if (!lossScale) {
    const gradientOf = ({ value }: ParameterInfo): Value => gradients.get(value) as Value;
    appendClip(graph, recipe.clip, trained.map(gradientOf));
    const rates = appendUpdates(graph, plan, gradientOf);
    return {
      ...common,
      rates,
      average: appendAverage(graph, recipe.average, model.parameters),
      accumulation: undefined,
    };
  }
  const keep = graph.source('input', 'keep', single);
  const sumOf = (into: Graph, { name, value }: ParameterInfo): Value =>
    into.source('state', `${name}.gradient`, { shape: value.shape, batched: false });
  for (const parameter of trained) {
    const inputs = [sumOf(graph, parameter), gradients.get(parameter.value) as Value, keep];
    graph.apply(accumulate, inputs, {}, `${parameter.name}.accumulate`);
  }
  const update = new Graph();
  appendClip(
    update,
    recipe.clip,
    trained.map((parameter) => sumOf(update, parameter)),
  );
  const rates = appendUpdates(update, plan, (parameter) => sumOf(update, parameter));
  const gradientNames = trained.map(({ name }) => `${name}.gradient`);
  return {
    ...common,
    rates,
    average: appendAverage(update, recipe.average, model.parameters),
    accumulation: { lossScale, keep, gradientNames, update },
  };
}

/** Makes gradients smaller where they are too large, in place. */
function appendClip(graph: Graph, clip: Recipe['clip'], gradients: readonly Value[]): void {
  const given = [...new Set(gradients)];
  if (clip?.value !== undefined)
    for (const gradient of given) graph.apply(clipValue, [gradient], { limit: clip.value }, `${gradient.name}.clip`);
  if (clip?.norm === undefined) return;
  const [norm] = graph.apply(gradientNorm, given, {}, 'gradientNorm');
  const [scale] = graph.apply(clipScale, [norm], { maxNorm: clip.norm }, 'clipScale');
  for (const gradient of given) graph.apply(scaleInPlace, [gradient, scale], {}, `${gradient.name}.scale`);
}

/** After the updates: what batch norm keeps running is averaged, too. */
function appendAverage(
  graph: Graph,
  spec: Recipe['average'],
  parameters: readonly ParameterInfo[],
): StepAverage | undefined {
  if (spec?.type !== 'ema') return undefined;
  const shares = graph.source('input', 'shares', { shape: [2], batched: false });
  for (const { name, value } of parameters) {
    const { shape } = value;
    const given = graph.source(value.role as 'parameter' | 'buffer', name, { shape, batched: false });
    const average = graph.source('state', averageName(name), { shape, batched: false });
    graph.apply(emaUpdate, [average, given, shares], {}, averageName(name));
  }
  return { shares, names: parameters.map(({ name }) => name) };
}

/** The name of a parameter's moving average in the engine. */
export const averageName = (parameter: string): string => `${parameter}.average`;

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

/** The same from what the frozen layers make of the pictures. */
export interface RestEvaluation extends EvaluationGraph {
  readonly model: BuiltRest;
}

export function buildRestEvaluation(spec: ModelSpec, count: number, trunk: BuiltTrunk): RestEvaluation {
  const model = buildRest(spec, count, trunk, false);
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
