import type { CompileOptions } from '../backend/backend.ts';
import { mismatch } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { type BuiltModel, buildModel, type Normalisation } from '../model/build.ts';
import type { Recipe } from './recipe.ts';
import { resolveStages, stageAt } from './stages.ts';

/** A forward pass that leaves a batch's own mean and variance in batch norm's running statistics. */
export interface StatisticsGraph {
  readonly graph: Graph;
  readonly options: CompileOptions;
  readonly model: BuiltModel;
  /** Of the running statistics. */
  readonly names: readonly string[];
  /** Training pictures to look at, at most. */
  readonly pictures: number;
}

/** Undefined where no average needs it: only a plain mean of weights does, in models with batch norm. */
export function prepareStatistics(
  recipe: Recipe,
  preprocessing: Normalisation,
  capacity: number,
): StatisticsGraph | undefined {
  const { average, model: spec, algorithm } = recipe;
  if (average?.type !== 'swa') return undefined;
  const from = average.from as number;
  if (stageAt(resolveStages(spec, recipe.stages), from).trunk > 0) {
    const mend = 'Average with ema, or let all layers learn by then';
    throw mismatch(
      "layers that all learn, for the mean of weights ('swa')",
      'the training',
      `some frozen in epoch ${from}`,
      mend,
    );
  }
  const layers = spec.layers.map((layer) => (layer.type === 'batchNorm2d' ? { ...layer, momentum: 1 } : layer));
  const model = buildModel({ ...spec, layers }, { training: true, inputType: 'uint8', preprocessing });
  const names = model.parameters.filter(({ trainable, value }) => !trainable && value.role === 'buffer');
  const running = names.filter(({ name }) => name.endsWith('.running_mean') || name.endsWith('.running_var'));
  if (running.length === 0) return undefined;
  return {
    graph: model.graph,
    options: { capacity, outputs: [], algorithm },
    model,
    names: running.map(({ name }) => name),
    pictures: average.pictures as number,
  };
}
