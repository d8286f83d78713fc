import type { ValueType } from '../graph/graph.ts';
import type { Attributes, Op } from '../graph/op.ts';
import type { Options, OptionValues } from '../layers/layer.ts';
import { expectCount, expectExactly, unbatched } from '../ops/checks.ts';
import type { Shape } from '../shape.ts';

/** What an optimizer may choose by: where in the model a parameter stands. */
export interface ParameterRole {
  /** PyTorch's: outputs first. */
  readonly fileShape: Shape;
  /** Whether weight decay may shrink it: weights, not biases and norms. */
  readonly decay: boolean;
  /** Of the first layer with weights. */
  readonly first: boolean;
  /** Of the layer that gives the logits. */
  readonly head: boolean;
}

/** The optimizer of one parameter. */
export interface Route {
  readonly optimizer: Optimizer;
  readonly options: OptionValues;
  /** By which the learning rate is multiplied. */
  readonly rate: number;
}

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
  /** What updates a parameter in its stead; absent or undefined: it does so itself. */
  route?(options: OptionValues, role: ParameterRole): Route | undefined;
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

/** The optimizer of a parameter, with its options. */
export const routeOf = (optimizer: Optimizer, options: OptionValues, role: ParameterRole): Route =>
  optimizer.route?.(options, role) ?? { optimizer, options, rate: 1 };
