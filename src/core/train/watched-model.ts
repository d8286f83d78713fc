import { differentiate } from '../autodiff/differentiate.ts';
import type { Value } from '../graph/graph.ts';
import { appendLoss } from '../losses/index.ts';
import { type BuiltModel, buildModel, type Normalisation } from '../model/build.ts';
import { sizeOf } from '../shape.ts';
import type { Draft } from './prepare.ts';
import type { Recipe } from './recipe.ts';

/** The model once more, so that what its layers give and the gradients of its weights can be read; it updates nothing. */
export interface WatchedModel {
  readonly model: BuiltModel;
  readonly labels: Value;
  /** [n]. */
  readonly losses: Value;
  /** By a parameter's name; absent for those with more than `largestWatched` numbers, which would have to be kept. */
  readonly gradients: ReadonlyMap<string, Value>;
  readonly draft: Draft;
}

/** Numbers of a parameter whose gradient and update are watched: one that is larger would cost memory and time. */
export const largestWatched = 2 ** 20;
/** Numbers that all layers together give for the pictures that are looked at. */
const mostNumbers = 2 ** 22;
const mostPictures = 32;
const fewestPictures = 8;

/**
 * A plan for few pictures: a hundredth of the training pictures, no more than half a micro-batch, so that its workspace
 * fits where training's does. @param images training pictures.
 */
export function buildWatched(
  { model: spec, algorithm }: Pick<Recipe, 'model' | 'algorithm'>,
  preprocessing: Normalisation,
  { microBatch, images }: { readonly microBatch: number; readonly images: number },
): WatchedModel {
  const model = buildModel(spec, { training: true, inputType: 'uint8', preprocessing });
  const { graph, logits } = model;
  const { loss, labels } = appendLoss(graph, logits);
  const { loss: losses } = appendLoss(graph, logits, undefined, 'none');
  const watched = model.parameters.filter(
    ({ trainable, fileShape }) => trainable && sizeOf(fileShape) <= largestWatched,
  );
  const byValue = differentiate(graph, { of: loss, wanted: watched.map(({ value }) => value) });
  const gradients = new Map(
    watched.flatMap(({ name, value }) => (byValue.has(value) ? [[name, byValue.get(value) as Value]] : [])),
  );
  const given = model.layers.filter(({ firstNode, endNode }) => endNode > firstNode).map(({ output }) => output);
  const numbers = given.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const wanted = Math.min(mostPictures, Math.max(fewestPictures, Math.ceil(images / 100)));
  const capacity = Math.max(1, Math.min(wanted, Math.floor(mostNumbers / numbers), Math.floor(microBatch / 2)));
  const outputs = [...new Set([...given, losses, ...gradients.values()])];
  // Batch norm has nothing to learn from one picture.
  return {
    model,
    labels,
    losses,
    gradients,
    draft: { graph, options: { capacity: Math.max(capacity, Math.min(2, microBatch)), outputs, algorithm } },
  };
}
