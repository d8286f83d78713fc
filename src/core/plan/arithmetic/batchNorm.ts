import { elementCount } from '../../graph/graph.ts';
import { channelsOf, numberOf } from '../../ops/checks.ts';
import { rowsOf } from '../lowerings/cuts.ts';
import type { Arithmetic, ArithmeticRequest } from './arithmetic.ts';
import {
  apply,
  difference,
  double,
  type Expression,
  element,
  named,
  number,
  product,
  quotient,
  single,
  sum,
} from './expression.ts';

/** 1 / √(variance + eps); in float64 where it stands within `double`. */
const inverseOf = ({ node }: ArithmeticRequest, variance: Expression): Expression =>
  quotient(number(1), apply('root', sum([variance, number(Math.fround(numberOf(node.attributes, 'eps')), 'eps')])));

const batchNormEval: Arithmetic = {
  op: 'batchNormEval',
  formula: '(x - mean) · scale + bias, scale = weight / √(variance + eps)',
  expressionOf(request) {
    const { node, element: at } = request;
    const c = at % channelsOf(node.inputs[0]);
    const hasAffine = node.inputs.length > 3;
    const inverse = inverseOf(request, element(2, c));
    const scale = named('scale', double(hasAffine ? product(inverse, element(3, c)) : inverse));
    const scaled = product(difference(element(0, at), element(1, c)), scale);
    return sum([scaled, hasAffine ? element(4, c) : number(0, 'no bias')]);
  },
};

/** Σ term over all rows of a channel: rows of a block in float32, blocks in float64; stands within `double`. */
export function sumOfBlocks(
  { node, n }: ArithmeticRequest,
  term: (row: number) => Expression,
  block = rowsOf(node.inputs[0]).block,
  [first, last] = [0, elementCount(node.inputs[0], n) / channelsOf(node.inputs[0])],
): Expression {
  const sums: Expression[] = [];
  for (let from = first; from < last; from += block) {
    const rows = Array.from({ length: Math.min(block, last - from) }, (_, i) => term(from + i));
    sums.push(single(sum([number(0, 'start'), ...rows])));
  }
  return sum(sums);
}

const batchNormEvalBackward: Arithmetic = {
  op: 'batchNormEvalBackward',
  formula: 'gradient · weight / √(variance + eps)',
  expressionOf(request) {
    const { node, output, element: at } = request;
    const channels = channelsOf(node.inputs[0]);
    const c = at % channels;
    const inverse = named('1 / deviation', double(inverseOf(request, element(3, c))));
    const gradient = (row: number): Expression => element(1, row * channels + c);
    if (output === 2) return double(sumOfBlocks(request, gradient));
    if (output === 1) {
      const products = sumOfBlocks(request, (row) =>
        product(gradient(row), difference(element(0, row * channels + c), element(2, c))),
      );
      return double(product(products, inverse));
    }
    const scale = node.inputs.length > 4 ? named('scale', double(product(inverse, element(4, c)))) : inverse;
    return product(element(1, at), scale);
  },
};

const biasBackward: Arithmetic = {
  op: 'biasBackward',
  formula: 'Σ gradient over pictures and pixels',
  expressionOf(request) {
    const channels = channelsOf(request.node.inputs[0]);
    return double(sumOfBlocks(request, (row) => element(0, row * channels + request.element)));
  },
};

export const batchNormArithmetic: readonly Arithmetic[] = [batchNormEval, batchNormEvalBackward, biasBackward];
