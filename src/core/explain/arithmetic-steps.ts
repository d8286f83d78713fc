import { createEvaluator, type Expression } from '../plan/arithmetic/index.ts';

/** A number that goes into a step. */
export interface Operand {
  readonly number: number;
  /** Where it stands, to look at it in turn; absent for constants and results. */
  readonly from?: { readonly value: string; readonly element: number; readonly index: readonly number[] };
  /** Of a constant that has a name. */
  readonly name?: string;
  /** The result of an earlier step, counted from 0. */
  readonly step?: number;
}

/** One operation over rows; a row is the product of its operands, or the one operand that it has. */
export interface Step {
  readonly operation: 'copy' | 'sum' | 'product' | 'difference' | 'quotient' | 'maximum' | 'minimum' | 'function';
  /** Of 'function': exp, tanh, root … */
  readonly function?: string;
  readonly rows: readonly { readonly operands: readonly Operand[]; readonly number: number }[];
  readonly result: number;
  /** What the result is called: mean, scale. */
  readonly name?: string;
  /** Why this branch was taken and no other: 'the input is above 0'. */
  readonly why?: string;
  /** Computed in float64; the result is float32 where it says that it is rounded. */
  readonly double?: boolean;
}

type Read = (input: number, element: number) => number;
type Locate = (input: number, element: number) => NonNullable<Operand['from']>;
type Precision = 'single' | 'double';

/** An expression as steps that can be done one after the other; parts that are used several times come once. */
export function tabulate(expression: Expression, read: Read, locate: Locate): Step[] {
  const steps: Step[] = [];
  const known = new Map<Expression, Operand>();
  const numberOf = createEvaluator(read);

  const operandOf = (part: Expression, precision: Precision): Operand => {
    if (part.kind === 'element')
      return { number: read(part.input, part.element), from: locate(part.input, part.element) };
    if (part.kind === 'number') return { number: numberOf(part, precision), ...(part.name ? { name: part.name } : {}) };
    const before = known.get(part);
    if (before) return before;
    const operand = addStep(part, precision, {});
    known.set(part, operand);
    return operand;
  };

  const rowOf = (part: Expression, precision: Precision): Step['rows'][number] => {
    const factors = part.kind === 'product' ? part.of : [part];
    const operands = factors.map((factor) => operandOf(factor, precision));
    return { operands, number: factors.length > 1 ? numberOf(part, precision) : operands[0].number };
  };

  /** @param said what wrappers around the operation say of it. */
  const addStep = (part: Expression, precision: Precision, said: Partial<Step>): Operand => {
    switch (part.kind) {
      case 'named':
        return addStep(part.of[0], precision, { name: part.name, ...said });
      case 'because':
        return addStep(part.of[0], precision, { why: part.why, ...said });
      case 'single':
        return addStep(part.of[0], 'single', said);
      case 'double': {
        const inner = addStep(part.of[0], 'double', said);
        const rounded = numberOf(part, 'single');
        if (inner.step === undefined || Object.is(inner.number, rounded)) return { ...inner, number: rounded };
        return push({
          ...said,
          operation: 'copy',
          why: 'rounded to float32',
          rows: [{ operands: [inner], number: rounded }],
          result: rounded,
        });
      }
      case 'element':
      case 'number': {
        const operand = operandOf(part, precision);
        return push({
          ...said,
          operation: 'copy',
          rows: [{ operands: [operand], number: operand.number }],
          result: operand.number,
        });
      }
      default: {
        const rows =
          part.kind === 'product'
            ? [rowOf(part, precision)]
            : part.of.filter(isVisible).map((one) => rowOf(one, precision));
        return push({
          ...said,
          operation: part.kind,
          ...(part.kind === 'function' ? { function: part.name } : {}),
          rows,
          result: numberOf(part, precision),
          ...(precision === 'double' ? { double: true } : {}),
        });
      }
    }
  };

  const push = (step: Step): Operand => {
    steps.push(step);
    return { number: step.result, step: steps.length - 1, ...(step.name ? { name: step.name } : {}) };
  };

  addStep(expression, 'single', {});
  return steps;
}

/** Sums begin with 0; that is no term to look at. */
const isVisible = (part: Expression): boolean => !(part.kind === 'number' && part.name === 'start');
