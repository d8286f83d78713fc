import type { Graph, Value } from '../graph/graph.ts';
import type { OptionValues } from '../layers/layer.ts';
import { buildModel, type ParameterInfo } from '../model/build.ts';
import type { ModelSpec } from '../model/spec.ts';
import { type Optimizer, type ParameterRole, routeOf, updateAttributes } from '../optimizers/index.ts';
import type { Recipe } from './recipe.ts';
import { rateFactorOf, resolveStages } from './stages.ts';

/** Parameters that one optimizer updates, that learn at the same rate and began to in the same epoch. */
export interface RateGroup {
  readonly optimizer: Optimizer;
  readonly options: OptionValues;
  /** Numbers of the step for the optimizer, see `Optimizer.scalars`; an input of the graph that holds the updates. */
  readonly scalars: Value;
  /** By which the learning rate is multiplied. */
  readonly factor: number;
  /** From 1: the optimizer counts its steps from there. */
  readonly epoch: number;
}

/** How one parameter is updated. */
export interface PlannedUpdate extends Omit<RateGroup, 'scalars'> {
  readonly parameter: ParameterInfo;
}

/** Which optimizer updates each parameter, how fast, and since when. */
export function planUpdates(
  { model, stages, rateFactors }: Pick<Recipe, 'model'> & Partial<Recipe>,
  { optimizer, options }: { readonly optimizer: Optimizer; readonly options: OptionValues },
  trained: readonly ParameterInfo[],
): PlannedUpdate[] {
  const factorOf = rateFactorOf(model, rateFactors);
  const resolved = resolveStages(model, stages);
  const places = new Map(model.layers.map(({ id }, i) => [id, i]));
  const roleOf = optimizer.route ? rolesOf(model) : undefined;
  return trained.map((parameter) => {
    const layer = layerOf(parameter);
    const place = places.get(layer) as number;
    const { epoch } = resolved.find(({ trunk }) => trunk <= place) ?? resolved[0];
    const factor = factorOf(layer);
    if (!roleOf) return { parameter, optimizer, options, factor, epoch };
    const { rate, ...route } = routeOf(optimizer, options, roleOf(parameter));
    return { parameter, ...route, factor: factor * rate, epoch };
  });
}

const layerOf = ({ name }: ParameterInfo): string => name.slice(0, name.lastIndexOf('.'));

/** Where parameters stand in the whole model, also while its first layers are frozen. */
function rolesOf(spec: ModelSpec): (parameter: ParameterInfo) => ParameterRole {
  const { parameters } = buildModel(spec, { training: false, inputType: 'uint8' });
  const matrices = parameters.filter(({ fileShape, decay }) => decay && fileShape.length >= 2);
  const [first, head] = [matrices[0], matrices[matrices.length - 1]].map((info) => info && layerOf(info));
  return (parameter) => {
    const layer = layerOf(parameter);
    const { fileShape, decay } = parameter;
    return { fileShape, decay, first: layer === first, head: layer === head };
  };
}

/** Appends the update of every parameter; returns the inputs for the optimizers' numbers of a step. */
export function appendUpdates(
  graph: Graph,
  plan: readonly PlannedUpdate[],
  gradientOf: (parameter: ParameterInfo) => Value,
): RateGroup[] {
  const rates: RateGroup[] = [];
  const groupOf = ({ parameter: _, ...planned }: PlannedUpdate): RateGroup => {
    const { optimizer, options, factor, epoch } = planned;
    const known = rates.find((rate) => rate.optimizer === optimizer && rate.factor === factor && rate.epoch === epoch);
    if (known) return known;
    const name = rates.length === 0 ? 'scalars' : `scalars ${rates.length}`;
    const count = optimizer.scalars(options, 0, 1).length;
    const group = { ...planned, scalars: graph.source('input', name, { shape: [count], batched: false }) };
    rates.push(group);
    return group;
  };
  for (const planned of plan) {
    const { parameter, optimizer, options } = planned;
    const { name, decay } = parameter;
    const { shape } = parameter.value;
    const value = graph.source('parameter', name, { shape, batched: false });
    const states = optimizer
      .states(options)
      .map((state) => graph.source('state', `${name}.${state}`, { shape, batched: false }));
    const inputs = [value, gradientOf(parameter), groupOf(planned).scalars, ...states];
    graph.apply(optimizer.update, inputs, updateAttributes(options, decay), `${name}.update`);
  }
  return rates;
}
