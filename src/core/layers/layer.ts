import type { Graph, Value } from '../graph/graph.ts';
import type { Attributes, Op } from '../graph/op.ts';
import type { Shape } from '../shape.ts';

/** One option of a layer, optimizer or schedule: enough for validation, JSON, forms, the command line and the docs. */
export interface Option {
  readonly type: 'integer' | 'number' | 'numbers' | 'boolean' | 'choice' | 'size' | 'padding';
  /** One sentence. */
  readonly doc: string;
  /**
   * Absent: the option is required (unless `optional`). `size` is a whole number or [height, width]; `padding` is also
   * 'same' or 'valid'; `numbers` is a list of numbers.
   */
  readonly default?: number | boolean | string | readonly number[];
  /** May be left out although it has no default; `doc` says what then happens. */
  readonly optional?: boolean;
  /** Bounds of a number, and of each number of a size, a padding or a list (inclusive). */
  readonly minimum?: number;
  readonly maximum?: number;
  readonly choices?: readonly string[];
}
export type Options = Readonly<Record<string, Option>>;
export type OptionValues = Readonly<Record<string, number | boolean | string | readonly number[]>>;

/** How a parameter starts. The layer counts the fans: inputs that one output sees, outputs that one input feeds. */
export type Initialization =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'constant'; readonly value: number }
  /** Uniform in ±sqrt(6 / ((1 + slope²) fanIn)); PyTorch's default for convolutions and linear layers has slope √5. */
  | { readonly kind: 'kaimingUniform'; readonly slope: number; readonly fanIn: number }
  /** Normal with deviation sqrt(2 / fan), fan being fan-in or fan-out (He et al. 2015). */
  | { readonly kind: 'kaimingNormal'; readonly fan: number }
  /** Uniform in ±bound: PyTorch's default for biases has bound 1/√fanIn. */
  | { readonly kind: 'uniform'; readonly bound: number }
  /** Normal with a given deviation. */
  | { readonly kind: 'normal'; readonly deviation: number }
  /** The first filters of each group pass on one channel each; the others start by PyTorch's default. */
  | { readonly kind: 'dirac'; readonly groups: number; readonly fanIn: number }
  /** Computed from training pictures (`model/whitening.ts`); where there are none, PyTorch's default. */
  | { readonly kind: 'whitening'; readonly fanIn: number };

/**
 * A tensor of the model as files hold it (PyTorch's shape) and as the engine holds it:
 * axis i of the engine's tensor is axis `permutation[i]` of the file's. OIHW → HWIO is [2, 3, 1, 0]. An entry -1 is an axis
 * of length 1 that the file does not have; axes of length 1 that the file has may be left out.
 */
export interface ParameterLayout {
  readonly fileShape: Shape;
  readonly permutation: readonly number[];
}

export interface ParameterRequest extends ParameterLayout {
  /** `weight`, `bias`, `running_mean`, `running_var`, `layer_scale`: PyTorch's names. The full name is `<layer id>.<name>`. */
  readonly name: string;
  readonly initialization: Initialization;
  /** False for running statistics. */
  readonly trainable: boolean;
  /** True for weights that weight decay may shrink; false for biases and norms. */
  readonly decay: boolean;
}

/** What a layer sees while it lowers itself to ops. */
export interface LayerContext {
  readonly graph: Graph;
  readonly training: boolean;
  /** The layer's id: node names begin with it, and error messages name it. */
  readonly id: string;
  readonly inputs: readonly Value[];
  parameter(request: ParameterRequest): Value;
  /** A node named after the layer (`<id>` or `<id>.<suffix>`). */
  apply(op: Op, inputs: readonly Value[], attributes?: Attributes, suffix?: string): Value[];
  /** The int32 input [seed, step] that layers with random numbers read; the model has it once any layer asks. */
  step(): Value;
}

/** The window a layer slides over its input, for the receptive field. */
export interface LayerWindow {
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
}

/** One kind of layer: a constant in its own file, and a line in `layers/index.ts`. */
export interface Layer {
  /** As in a spec: `conv2d`, `batchNorm2d`, … */
  readonly type: string;
  /** Short names for the shorthand of the command line, in lower case; the first is the one that is written. */
  readonly aliases?: readonly string[];
  /** Options that the shorthand takes by position; in TypeScript the first of them stands before the others. */
  readonly positional?: readonly string[];
  /** What ids begin with where a model names none: `conv` gives conv1, conv2, … */
  readonly idPrefix: string;
  /** One sentence for a person. */
  readonly doc: string;
  readonly options: Options;
  /** How many inputs it takes: 1, or 'many' (add, multiply, concat: two or more). */
  readonly inputs: 1 | 'many';
  /** True where the output is probabilities: such a layer cannot be a model's last, since the loss takes logits. */
  readonly probabilities?: boolean;
  /** Lowers to ops. `options` is complete (defaults filled in) and validated. */
  build(context: LayerContext, options: OptionValues): Value;
  /** Absent or undefined: each output position sees one input position (elementwise). 'all': it sees the whole input. */
  window?(options: OptionValues, input: Shape): LayerWindow | 'all' | undefined;
  /** First and last input row (axis 0) or column (1) that each output position sees, where windows have no even stride. */
  spans?(options: OptionValues, input: Shape, axis: 0 | 1): readonly (readonly [first: number, last: number])[];
}
