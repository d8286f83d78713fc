import type { Graph, Value } from '../graph/graph.ts';
import type { Options, OptionValues } from '../layers/layer.ts';

/**
 * One number for the batch, or one for each picture (for evaluation, where batches may be of unequal size); 'sum' for a
 * part of a batch, to be divided by `BuiltLoss.divisor` of the whole.
 */
export type Reduction = 'mean' | 'sum' | 'none';

export interface LossContext {
  readonly graph: Graph;
  /** [n, classes]. */
  readonly logits: Value;
  /** int32, one a picture: 0 … classes - 1. */
  readonly labels: Value;
  /** [n, classes]: the share of each class, where pictures are mixed; the loss then takes these instead of labels. */
  readonly targets?: Value;
  readonly reduction: Reduction;
  readonly options: OptionValues;
}

/** An input that keeps its value throughout: written once after compiling. */
export interface FixedInput {
  readonly value: Value;
  readonly data: Float32Array;
}

export interface BuiltLoss {
  /** A scalar for 'mean' and 'sum', [n] for 'none'. */
  readonly loss: Value;
  readonly fixedInputs: readonly FixedInput[];
  /** What 'mean' divides the sum over pictures of these labels by. */
  readonly divisor: (labels: ArrayLike<number>) => number;
}

/** One loss: a constant in its own file, and a line in `losses/index.ts`. */
export interface Loss {
  readonly name: string;
  /** One sentence for a person. */
  readonly doc: string;
  readonly options: Options;
  /** Appends the loss to the graph that computes the logits. `options` is complete and validated. */
  build(context: LossContext): BuiltLoss;
}
