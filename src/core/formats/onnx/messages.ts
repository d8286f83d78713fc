/**
 * The few messages of onnx.proto that a model of known operators needs (github.com/onnx/onnx, onnx/onnx.proto, IR 10).
 * `fields` in write.ts and read.ts name the numbers of their fields.
 */

/** Element types as TensorProto.DataType numbers them. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type ElementType = keyof typeof elementTypes;

/** The operators' own namespace. */
export const standardDomain = '';

export interface OnnxTensor {
  readonly name: string;
  /** Empty: a scalar. */
  readonly dims: readonly number[];
  readonly type: ElementType | 'other';
  /**
   * Row-major: floating-point types as float32, whole numbers as float64 (exact to 2^53). Undefined where they were not
   * read; `why` says so.
   */
  readonly data?: Float32Array | Float64Array;
  readonly why?: string;
}

/** An attribute's value. Subgraphs and what else no known operator has are `unread`. */
export type OnnxAttribute =
  | { readonly kind: 'float' | 'int'; readonly value: number }
  | { readonly kind: 'floats' | 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'unread' };

export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  /** '' or 'ai.onnx': the operators of the standard. */
  readonly domain: string;
  /** Names of values; '' for an optional one that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** An input or output of the graph. A dimension without a number (a name, or nothing) is free: undefined. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType | 'other';
  readonly dims: readonly (number | string | undefined)[];
}

export interface OnnxModel {
  readonly producer: string;
  /** The version of the standard's operators. */
  readonly opset: number;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata: ReadonlyMap<string, string>;
}
