import { invalid } from '../errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import type { OptionValues } from '../layers/layer.ts';
import { completeOptions } from '../layers/options.ts';
import { suggest } from '../nearest.ts';
import type { BuiltLoss, Loss, Reduction } from './loss.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

export type { BuiltLoss, FixedInput, Loss, LossContext, Reduction } from './loss.ts';

/** THE LIST of losses. */
export const losses: readonly Loss[] = [softmaxCrossEntropy];

/** What a recipe says about the loss: its name and options. */
export interface LossSpec {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** @throws FoveaError for an unknown loss or a wrong option. */
export function completeLoss({ type, ...given }: LossSpec): { loss: Loss; options: OptionValues } {
  const loss = losses.find(({ name }) => name === type);
  const names = losses.map(({ name }) => name);
  if (!loss) throw invalid('a loss', 'the training', type, suggest(type, names));
  return { loss, options: completeOptions(loss, given, `loss '${type}'`) };
}

export interface AppendedLoss extends BuiltLoss {
  /** int32, one a picture: written before each run. */
  readonly labels: Value;
}

/**
 * Appends a loss and its labels to a graph that ends in logits [n, classes].
 *
 * @param targets [n, classes], where pictures are mixed: shares of classes, taken instead of the labels.
 * @throws FoveaError for an unknown loss or a wrong option.
 */
export function appendLoss(
  graph: Graph,
  logits: Value,
  spec: LossSpec = { type: 'softmaxCrossEntropy' },
  reduction: Reduction = 'mean',
  targets?: Value,
): AppendedLoss {
  const { loss, options } = completeLoss(spec);
  const labels = graph.source('input', 'labels', { shape: [], type: 'int32' });
  return { ...loss.build({ graph, logits, labels, targets, reduction, options }), labels };
}
