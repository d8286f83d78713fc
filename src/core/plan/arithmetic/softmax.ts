import { channelsOf } from '../../ops/checks.ts';
import type { Arithmetic, ArithmeticRequest } from './arithmetic.ts';
import {
  apply,
  difference,
  double,
  type Expression,
  element,
  maximum,
  named,
  product,
  quotient,
  single,
} from './expression.ts';
import { laneSum } from './lanes.ts';

/** The elements of the row that element `at` stands in, of one of the inputs. */
function rowOf({ node, element: at }: ArithmeticRequest, input: number): Expression[] {
  const channels = channelsOf(node.inputs[0]);
  const first = at - (at % channels);
  return Array.from({ length: channels }, (_, c) => element(input, first + c));
}

/** The largest of a row, named. */
export const largestOf = (row: readonly Expression[]): Expression => named('largest', maximum(row));
/** e^(x - largest) of a row. */
export const powersOf = (row: readonly Expression[], largest: Expression = largestOf(row)): Expression[] =>
  row.map((x) => apply('exp', difference(x, largest)));

const softmax: Arithmetic = {
  op: 'softmax',
  formula: 'e^(x - largest) / Σ e^(x - largest)',
  expressionOf(request) {
    const row = rowOf(request, 0);
    const powers = powersOf(row);
    return quotient(powers[request.element % row.length], named('sum of the powers', laneSum(powers)));
  },
};

const softmaxBackward: Arithmetic = {
  op: 'softmaxBackward',
  formula: 'y (gradient - Σ gradient · y)',
  expressionOf(request) {
    const y = rowOf(request, 1);
    const total = laneSum(rowOf(request, 0).map((dy, c) => product(dy, y[c])));
    return product(element(1, request.element), difference(element(0, request.element), named('total', total)));
  },
};

const logSoftmax: Arithmetic = {
  op: 'logSoftmax',
  formula: 'x - largest - log Σ e^(x - largest)',
  expressionOf(request) {
    const row = rowOf(request, 0);
    const rest = double(apply('log', single(laneSum(powersOf(row)))));
    return difference(difference(element(0, request.element), largestOf(row)), named('log of the sum', rest));
  },
};

const logSoftmaxBackward: Arithmetic = {
  op: 'logSoftmaxBackward',
  formula: 'gradient - e^y Σ gradient',
  expressionOf(request) {
    const total = named('total', laneSum(rowOf(request, 0)));
    return difference(element(0, request.element), product(apply('exp', element(1, request.element)), total));
  },
};

export const softmaxArithmetic: readonly Arithmetic[] = [softmax, softmaxBackward, logSoftmax, logSoftmaxBackward];
