import type { ValueType } from '../graph/graph.ts';
import type { Attributes, Op } from '../graph/op.ts';
import type { Options, OptionValues } from '../layers/layer.ts';
import { expectCount, expectExactly, unbatched } from '../ops/checks.ts';

/**
 * One optimizer: a constant in its own file, and a line in `index.ts`. Its update is an op that writes into the parameter
 * and the states; everything that changes from step to step comes in as a few scalars.
 */
export interface Optimizer {
  /** As in a recipe: `sgd`, `adamw`. */
  readonly name: string;
  /** One sentence for a person. */
  readonly doc: string;
  /** All but the learning rate. `weightDecay` is for the parameters that decay; others get 0 as their attribute. */
  readonly options: Options;
  /** Names of the tensors it keeps for each parameter, of the parameter's shape, zero at first. */
  states(options: OptionValues): readonly string[];
  /** Numbers of one step, computed in float64 and stored as float32. `step` counts from 1. */
  scalars(options: OptionValues, learningRate: number, step: number): readonly number[];
  /**
   * Inputs: parameter, gradient, scalars (an unbatched value [k]), then the states. Attributes: the options. Writes
   * parameter and states; no outputs.
   */
  readonly update: Op;
}

/** Below this a state is written as 0: denormal numbers cost up to 88 times the time of normal ones in WASM. */
export const SMALLEST_STATE = 1e-30;

/** `value`, or 0 where it is too small to matter (see `SMALLEST_STATE`). */
export const flush = (value: number): number => (Math.abs(value) < SMALLEST_STATE ? 0 : value);

/** Checks the inputs of an update op. `scalars` is their number, `states` that of the state tensors. */
export function inferUpdate(
  op: string,
  node: string,
  inputs: readonly ValueType[],
  scalars: number,
  states: number,
): ValueType[] {
  expectCount(op, node, inputs, 3 + states);
  const [parameter, gradient, numbers, ...kept] = inputs;
  expectExactly(op, node, 'gradient', gradient, parameter);
  expectExactly(op, node, 'scalars', numbers, unbatched([scalars]));
  for (const state of kept) expectExactly(op, node, 'state', state, parameter);
  return [];
}

/** Options of a parameter's update as attributes; a parameter that must not decay gets weightDecay 0. */
export function updateAttributes(options: OptionValues, decays: boolean): Attributes {
  return decays ? options : { ...options, weightDecay: 0 };
}
