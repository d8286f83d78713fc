import type { Graph, GraphNode, Value, ValueType } from './graph.ts';

export type AttributeValue = number | string | boolean | readonly number[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

/**
 * One operation: what a node does. An op is a constant in a file of `core/ops` (or `core/optimizers`, whose updates
 * are ops that write into their inputs); gradients are ops too, named `<op>Backward…`, beside their op.
 *
 * Tensors are float32, batch outermost, then the value's shape, row-major: feature maps [n, height, width, channels].
 * Convolution weights are [kernelHeight, kernelWidth, inputChannels / groups, outputChannels] and linear weights
 * [inputs, outputs] in memory (SIMD lanes run over outputs); `core/formats` and layers hold PyTorch's layout for files.
 */
export interface Op {
  readonly name: string;

  /**
   * The shape rule: types of the outputs. @throws FoveaError naming `node`, the incoming and the expected shape, and
   * the mend that makes it fit.
   */
  infer(inputs: readonly ValueType[], attributes: Attributes, node: string): ValueType[];

  /** The gradient rule; absent where no gradient flows (labels, integer ops, the backward ops themselves). */
  gradient?(context: GradientContext): (Value | undefined)[];

  /** The definition, in float64 plain loops: the oracle that kernels are proved against. Writes every output element. */
  reference(context: ReferenceContext): void;

  /** Multiply-adds of one sample, for ops where they count; 0 when absent. */
  macs?(node: Pick<GraphNode, 'inputs' | 'outputs' | 'attributes'>): number;

  /**
   * Indices of inputs that the op writes into (running statistics, parameters, optimizer state). An index past a node's
   * inputs is an optional one that it does not have: skip it.
   */
  readonly mutates?: readonly number[];

  /** Output 0 may share memory with this input when nothing else needs that input any more. */
  readonly inPlace?: number;

  /**
   * A sample's batched outputs follow from the same sample's inputs alone, to the bit, wherever it stands in its batch.
   * A plan may then take such ops through a few samples at a time.
   */
  readonly perSample?: boolean;

  /**
   * Set on elementwise ops that a producing kernel may apply while it stores its result (an epilogue). The gradient
   * rule of such an op must need only the op's output, never its input.
   */
  readonly epilogue?: 'relu' | 'relu6';

  /**
   * What a producing kernel may do with its result in this op's stead, when nobody else reads what lies between.
   * 'affine': input 0 times a scale plus a shift, a channel, that follow from the other inputs (its lowering says how).
   * 'residual': the sum of its two inputs. 'halving': the maxima of windows of 2x2 side by side, if its window
   * is that (`isHalving` in plan/fuse.ts). 'doubling', for the op's readers: the gradient of 'halving' from places and
   * gradOutput, which they may read in the stead of its result.
   */
  readonly fusesAs?: 'affine' | 'residual' | 'halving' | 'doubling';

  /** Indices of outputs that a kernel leaves out where nobody reads them. */
  readonly optional?: readonly number[];

  /**
   * Set on the gradient of an elementwise op that passes each element of gradOutput (input 0) or gives 0 in its place, by
   * the op's result there (input 1) and nothing else.
   */
  readonly selects?: boolean;
}

/** What a gradient rule sees. It appends nodes to `graph` and returns one gradient an input (undefined: none). */
export interface GradientContext {
  readonly graph: Graph;
  readonly node: GraphNode;
  /** Gradient of each output; undefined where none flows (then it counts as zero). */
  readonly outputGradients: readonly (Value | undefined)[];
  /** Which inputs' gradients are asked for; computing another is waste. */
  readonly wanted: readonly boolean[];
}

/** What a reference sees: dense float64 arrays, one an input and output, [n, ...shape] where batched. */
export interface ReferenceContext {
  readonly n: number;
  readonly node: Pick<GraphNode, 'inputs' | 'outputs' | 'attributes' | 'name'>;
  /** Mutated inputs (`Op.mutates`) are written in place. */
  readonly inputs: readonly Float64Array[];
  readonly outputs: readonly Float64Array[];
}
