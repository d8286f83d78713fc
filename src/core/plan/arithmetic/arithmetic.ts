import type { GraphNode } from '../../graph/graph.ts';
import type { Expression } from './expression.ts';

/** Which element of which output is asked for, and in how large a batch it was computed. */
export interface ArithmeticRequest {
  readonly node: Pick<GraphNode, 'op' | 'inputs' | 'outputs' | 'attributes'>;
  /** The batch that ran, and the capacity of its plan. */
  readonly n: number;
  readonly capacity: number;
  /** Which of the node's outputs. */
  readonly output: number;
  /** Place in that output, counted through the whole batch. */
  readonly element: number;
  /** Element `element` of input `input`: what was selected may depend on it. */
  read(input: number, element: number): number;
}

/**
 * What an op's direct, unfused kernels compute for one element, in which order. A plan compiled with
 * `algorithm: 'direct'` and `fuse: false` gives the same to the bit: tests/contract/arithmetic.test.ts.
 */
export interface Arithmetic {
  /** The op's name. */
  readonly op: string;
  /** In one line, for a person. */
  readonly formula: string;
  expressionOf(request: ArithmeticRequest): Expression;
}
