import type { OnnxAttribute } from '../../formats/onnx/messages.ts';
import type { BuiltLayer } from '../../model/build.ts';

export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

/** What a layer sees while it says itself in ONNX. Feature maps are [n, channels, height, width] there, rows [n, features]. */
export interface OnnxContext {
  readonly layer: BuiltLayer;
  /** Names of the values that the layer reads. */
  readonly inputs: readonly string[];
  /** Adds an operator named after the layer and gives the name of its output. @param suffix tells its operators apart. */
  node(opType: string, inputs: readonly string[], attributes?: OnnxAttributes, suffix?: string): string;
  /** The layer's parameter `name`, in PyTorch's layout; undefined where it has none of that name. */
  weight(name: string): string | undefined;
  /** A constant tensor of float32 (or int64: shapes, axes). */
  constant(suffix: string, dims: readonly number[], data: readonly number[], type?: 'float32' | 'int64'): string;
}

/** A layer in ONNX: adds its operators and gives the name of its output. */
export type OnnxForm = (context: OnnxContext) => string;

export const int = (value: number): OnnxAttribute => ({ kind: 'int', value });
export const ints = (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value });
export const float = (value: number): OnnxAttribute => ({ kind: 'float', value });
export const text = (value: string): OnnxAttribute => ({ kind: 'string', value });

/** An operator of one input and one output, with the same attributes always. */
export const plain =
  (opType: string, attributes?: OnnxAttributes): OnnxForm =>
  ({ inputs, node }) =>
    node(opType, inputs, attributes);
