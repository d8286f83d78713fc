import { fround } from './float32.ts';
import { functions } from './functions.ts';

/**
 * How one element of a value comes about, as a person could compute it: a tree over elements of the node's inputs. Every
 * operation is rounded to float32 as kernels round it, except within `double`.
 */
export type Expression =
  /** Element `element` of input `input`, counted through the whole batch. */
  | { readonly kind: 'element'; readonly input: number; readonly element: number }
  /** A constant of the op. */
  | { readonly kind: 'number'; readonly value: number; readonly name?: string }
  /** From left to right; a sum of none is 0. */
  | { readonly kind: 'sum'; readonly of: readonly Expression[] }
  | { readonly kind: 'product'; readonly of: readonly Expression[] }
  | { readonly kind: 'difference'; readonly of: readonly [Expression, Expression] }
  | { readonly kind: 'quotient'; readonly of: readonly [Expression, Expression] }
  /** The largest; NaN where one is. Of none: -infinity. */
  | { readonly kind: 'maximum'; readonly of: readonly Expression[] }
  | { readonly kind: 'minimum'; readonly of: readonly Expression[] }
  /** One of the kernels' own functions. */
  | { readonly kind: 'function'; readonly name: keyof typeof functions; readonly of: readonly [Expression] }
  /** The branch that was taken, and why. */
  | { readonly kind: 'because'; readonly why: string; readonly of: readonly [Expression] }
  /** Computed in float64, the result rounded to float32. */
  | { readonly kind: 'double'; readonly of: readonly [Expression] }
  /** Within `double`: computed in float32 after all. */
  | { readonly kind: 'single'; readonly of: readonly [Expression] }
  /** A part with a name of its own: mean, scale. */
  | { readonly kind: 'named'; readonly name: string; readonly of: readonly [Expression] };

export const element = (input: number, at: number): Expression => ({ kind: 'element', input, element: at });
export const number = (value: number, name?: string): Expression => ({ kind: 'number', value, name });
export const sum = (of: readonly Expression[]): Expression => ({ kind: 'sum', of });
export const product = (...of: readonly Expression[]): Expression => ({ kind: 'product', of });
export const difference = (a: Expression, b: Expression): Expression => ({ kind: 'difference', of: [a, b] });
export const quotient = (a: Expression, b: Expression): Expression => ({ kind: 'quotient', of: [a, b] });
export const maximum = (of: readonly Expression[]): Expression => ({ kind: 'maximum', of });
export const minimum = (of: readonly Expression[]): Expression => ({ kind: 'minimum', of });
export const apply = (name: keyof typeof functions, of: Expression): Expression => ({
  kind: 'function',
  name,
  of: [of],
});
export const because = (why: string, of: Expression): Expression => ({ kind: 'because', why, of: [of] });
export const double = (of: Expression): Expression => ({ kind: 'double', of: [of] });
export const single = (of: Expression): Expression => ({ kind: 'single', of: [of] });
export const named = (name: string, of: Expression): Expression => ({ kind: 'named', name, of: [of] });

/** Parts that are used several times are computed once. */
type Known = ReadonlyMap<'single' | 'double', Map<Expression, number>>;

/**
 * What expressions give over the same inputs; parts that they share are computed once.
 * @param read element `element` of input `input`.
 */
export function createEvaluator(
  read: (input: number, element: number) => number,
): (expression: Expression, precision?: 'single' | 'double') => number {
  const known: Known = new Map([
    ['single', new Map()],
    ['double', new Map()],
  ]);
  return (expression, precision = 'single') => compute(expression, read, precision, known);
}

/** What one expression gives. */
export const evaluate = (expression: Expression, read: (input: number, element: number) => number): number =>
  createEvaluator(read)(expression);

function compute(
  expression: Expression,
  read: (input: number, element: number) => number,
  precision: 'single' | 'double',
  known: Known,
): number {
  if (!isPart(expression)) return computeAnew(expression, read, precision, known);
  const values = known.get(precision) as Map<Expression, number>;
  let value = values.get(expression);
  if (value === undefined) {
    value = computeAnew(expression, read, precision, known);
    values.set(expression, value);
  }
  return value;
}

const isPart = ({ kind }: Expression): boolean => kind === 'named' || kind === 'single' || kind === 'double';

function computeAnew(
  expression: Expression,
  read: (input: number, element: number) => number,
  precision: 'single' | 'double',
  known: Known,
): number {
  const round = precision === 'single' ? fround : (x: number): number => x;
  const inner = (part: Expression): number => compute(part, read, precision, known);
  switch (expression.kind) {
    case 'element':
      return read(expression.input, expression.element);
    case 'number':
      return round(expression.value);
    case 'sum':
      return fold(expression.of, 0, inner, (a, b) => round(a + b));
    case 'product':
      return fold(expression.of, 1, inner, (a, b) => round(a * b));
    case 'difference':
      return round(inner(expression.of[0]) - inner(expression.of[1]));
    case 'quotient':
      return round(inner(expression.of[0]) / inner(expression.of[1]));
    case 'maximum':
      return fold(expression.of, Number.NEGATIVE_INFINITY, inner, larger);
    case 'minimum':
      return fold(expression.of, Number.POSITIVE_INFINITY, inner, (a, b) => (b < a ? b : a));
    case 'function':
      return functions[expression.name](inner(expression.of[0]), precision);
    case 'because':
    case 'named':
      return inner(expression.of[0]);
    case 'single':
      return compute(expression.of[0], read, 'single', known);
    case 'double':
      return fround(compute(expression.of[0], read, 'double', known));
  }
}

/** The larger, the first of equals; NaN when one is. */
const larger = (a: number, b: number): number => (a < b || Number.isNaN(b) ? b : a);

function fold(
  parts: readonly Expression[],
  none: number,
  value: (part: Expression) => number,
  join: (a: number, b: number) => number,
): number {
  if (parts.length === 0) return none;
  let result = value(parts[0]);
  for (let i = 1; i < parts.length; i++) result = join(result, value(parts[i]));
  return result;
}
