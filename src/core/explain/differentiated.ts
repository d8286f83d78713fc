import { differentiate } from '../autodiff/differentiate.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { Value } from '../graph/graph.ts';
import { appendLoss, type FixedInput, type LossSpec } from '../losses/index.ts';
import { type BuiltModel, buildModel } from '../model/build.ts';
import { seedOf } from './network.ts';

/** What gradients are of: one class's logit, as heatmaps ask, or the loss, as training asks. */
export type Differentiated = 'logit' | 'loss';

/** How a person names a value's gradient: `conv1.gradient` is the logit's, `conv1.lossGradient` the loss's. */
export const gradientNames: Readonly<Record<Differentiated, string>> = { logit: 'gradient', loss: 'lossGradient' };

/** A network for one picture, forward and back, with names that a person knows its values by. */
export interface DifferentiatedNetwork {
  readonly of: Differentiated;
  readonly model: BuiltModel;
  /** Written before a run: the gradient of the logits, or the label. */
  readonly asked: Value;
  readonly fixedInputs: readonly FixedInput[];
  readonly values: ReadonlyMap<string, Value>;
  readonly names: ReadonlyMap<Value, string>;
  readonly layerOf: ReadonlyMap<Value, string>;
  /** Whether a value is computed forward, before the class is asked about. */
  isForward(value: Value): boolean;
}

/**
 * Builds the network as it classifies: batch norm by its running statistics, no dropout. Of the logit, gradients flow to
 * every layer and the picture; of the loss, to every weight as well.
 */
export function differentiateNetwork(classifier: Classifier, of: Differentiated): DifferentiatedNetwork {
  const { model: spec, preprocessing } = classifier;
  const model = buildModel(spec, { training: false, inputType: 'uint8', preprocessing });
  const { graph, logits } = model;
  const forward = graph.values.length;
  const picture = graph.nodes[0].outputs[0];
  const wanted = [...new Set([picture, ...model.layerOutputs.values()])];
  const isForward = ({ id }: Value): boolean => id < forward;
  if (of === 'logit') {
    const seed = seedOf(model, logits);
    const gradients = differentiate(graph, { of: logits, seed, wanted });
    return { of, model, asked: seed, fixedInputs: [], ...nameAll(model, gradients, of), isForward };
  }
  const weights = model.parameters.filter(({ trainable }) => trainable).map(({ value }) => value);
  const { loss, labels, fixedInputs } = appendLoss(graph, logits, lossOf(classifier));
  const gradients = differentiate(graph, { of: loss, wanted: [...wanted, ...weights] });
  const named = nameAll(model, gradients, of, isForward);
  return { of, model, asked: labels, fixedInputs, ...named, isForward };
}

/** The loss that trained, where the file tells of one that fits; else plain cross-entropy. */
function lossOf({ origin, model: { classes } }: Classifier): LossSpec {
  const plain: LossSpec = { type: 'softmaxCrossEntropy' };
  const { loss } = (origin.recipe ?? {}) as { loss?: Record<string, unknown> };
  if (loss?.type !== plain.type) return plain;
  const { labelSmoothing, classWeights } = loss;
  const smooths = typeof labelSmoothing === 'number' && labelSmoothing >= 0 && labelSmoothing <= 1;
  const weighs =
    Array.isArray(classWeights) &&
    classWeights.length === classes &&
    classWeights.every((weight) => Number.isFinite(weight) && weight >= 0) &&
    classWeights.some((weight) => weight > 0);
  return { ...plain, ...(smooths ? { labelSmoothing } : {}), ...(weighs ? { classWeights } : {}) };
}

/** @param isForward where values of two networks share names: what this one alone computes is told apart. */
function nameAll(
  { graph, layers, parameters }: BuiltModel,
  gradients: ReadonlyMap<Value, Value>,
  of: Differentiated,
  isForward?: (value: Value) => boolean,
): Pick<DifferentiatedNetwork, 'values' | 'names' | 'layerOf'> {
  const values = new Map<string, Value>();
  const names = new Map<Value, string>();
  for (const value of graph.values) {
    const inner = !isForward || isForward(value) || value.name === 'loss' || value.name === 'labels';
    const name = inner ? value.name : `${value.name}.ofLoss`;
    values.set(name, value);
    names.set(value, name);
  }
  const layerOf = new Map<Value, string>();
  const give = (value: Value, name: string, layer: string): void => {
    if (!layerOf.has(value)) names.set(value, name);
    if (!layerOf.has(value)) layerOf.set(value, layer);
    values.set(name, value);
  };
  const giveGradient = (value: Value, name: string, layer: string): void => {
    const gradient = gradients.get(value);
    if (gradient) give(gradient, `${name}.${gradientNames[of]}`, layer);
  };
  const [picture] = graph.nodes[0].outputs;
  giveGradient(picture, picture.name, picture.name);
  for (const { id, output } of layers) {
    give(output, id, id);
    giveGradient(output, id, id);
  }
  for (const { name, value } of parameters) giveGradient(value, name, name.slice(0, name.lastIndexOf('.')));
  const ids = layers.map(({ id }) => id).sort((a, b) => b.length - a.length);
  for (const value of graph.values) {
    const layer = ids.find((id) => value.name === id || value.name.startsWith(`${id}.`));
    if (layer !== undefined && !layerOf.has(value)) layerOf.set(value, layer);
  }
  return { values, names, layerOf };
}
