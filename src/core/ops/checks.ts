import { invalid } from '../errors.ts';
import { describeType, type ValueType } from '../graph/graph.ts';
import type { Attributes } from '../graph/op.ts';
import type { Shape } from '../shape.ts';

/** How an error names a node: `conv2d 'c3'`. */
export const subjectOf = (op: string, node: string): string => (node === op ? op : `${op} '${node}'`);

/** @throws FoveaError when the number of inputs is outside minimum … maximum. */
export function expectCount(
  op: string,
  node: string,
  inputs: readonly ValueType[],
  minimum: number,
  maximum = minimum,
): void {
  if (inputs.length >= minimum && inputs.length <= maximum) return;
  const range =
    minimum === maximum ? `${minimum}` : maximum === Infinity ? `at least ${minimum}` : `${minimum} to ${maximum}`;
  throw invalid(`${range} inputs`, subjectOf(op, node), inputs.length);
}

/** @throws FoveaError unless `type` is a batch of [height, width, channels] in float32. */
export function expectFeatureMap(op: string, node: string, type: ValueType): void {
  if (type.shape.length === 3 && type.batched && type.type === 'float32') return;
  throw invalid(
    'a feature map (height x width x channels)',
    subjectOf(op, node),
    type.shape,
    type.shape.length === 1 ? 'Put it before flatten or a global pooling' : '',
  );
}

/** @throws FoveaError unless `type` is float32 with at least one dimension, the last being channels or features. */
export function expectChannels(op: string, node: string, type: ValueType): void {
  if (type.shape.length >= 1 && type.type === 'float32') return;
  throw invalid('a feature map or features in float32', subjectOf(op, node), describeType(type));
}

/** @throws FoveaError unless `type` has this shape, batching and element type. `what` names the input: `weight`. */
export function expectExactly(op: string, node: string, what: string, type: ValueType, expected: ValueType): void {
  if (describeType(type) === describeType(expected)) return;
  throw invalid(describeType(expected), `${what} of ${subjectOf(op, node)}`, describeType(type));
}

export const unbatched = (shape: Shape): ValueType => ({ shape, batched: false, type: 'float32' });
export const batched = (shape: Shape): ValueType => ({ shape, batched: true, type: 'float32' });
export const like = (type: ValueType): ValueType => ({ shape: type.shape, batched: type.batched, type: type.type });

/** The last dimension: channels of a feature map, or features. */
export const channelsOf = (type: { readonly shape: Shape }): number => type.shape[type.shape.length - 1];

/** A numeric attribute. @throws Error when a builder forgot it. */
export function numberOf(attributes: Attributes, name: string, fallback?: number): number {
  const value = attributes[name] ?? fallback;
  if (typeof value !== 'number') throw new Error(`attribute '${name}' is missing or no number`);
  return value;
}

/** A text attribute. @throws Error when it is none. */
export function textOf(attributes: Attributes, name: string, fallback: string): string {
  const value = attributes[name] ?? fallback;
  if (typeof value !== 'string') throw new Error(`attribute '${name}' is no text`);
  return value;
}

/** A boolean attribute. @throws Error when a builder forgot it. */
export function booleanOf(attributes: Attributes, name: string, fallback?: boolean): boolean {
  const value = attributes[name] ?? fallback;
  if (typeof value !== 'boolean') throw new Error(`attribute '${name}' is missing or no boolean`);
  return value;
}

/** A list attribute of a given length (any length when undefined). @throws Error when a builder forgot it. */
export function listOf(
  attributes: Attributes,
  name: string,
  length?: number,
  fallback?: readonly number[],
): readonly number[] {
  const value = attributes[name] ?? fallback;
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
    throw new Error(`attribute '${name}' is missing or no list of ${length ?? ''} numbers`);
  }
  return value;
}
