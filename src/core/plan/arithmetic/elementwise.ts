import { sameType } from '../../graph/graph.ts';
import { channelsOf, numberOf } from '../../ops/checks.ts';
import { sizeOf } from '../../shape.ts';
import type { Arithmetic, ArithmeticRequest } from './arithmetic.ts';
import { type Expression, element, number, product, sum } from './expression.ts';

const add: Arithmetic = {
  op: 'add',
  formula: 'a + b',
  expressionOf: ({ element: at }) => sum([element(0, at), element(1, at)]),
};

/** The factor of an element: its own, or that of its channel (and picture). */
function factorOf({ inputs: [a, b] }: ArithmeticRequest['node'], at: number): number {
  if (sameType(a, b)) return at;
  const channels = channelsOf(a);
  return Math.floor(at / sizeOf(a.shape)) * (b.batched ? channels : 0) + (at % channels);
}

const multiply: Arithmetic = {
  op: 'multiply',
  formula: 'a · b',
  expressionOf: ({ node, element: at }) => product(element(0, at), element(1, factorOf(node, at))),
};

const multiplyBackwardScale: Arithmetic = {
  op: 'multiplyBackwardScale',
  formula: 'Σ gradient · input over the pixels, even and odd ones apart',
  expressionOf({ node, element: at }) {
    const channels = channelsOf(node.inputs[0]);
    const pixels = sizeOf(node.inputs[0].shape) / channels;
    const first = Math.floor(at / channels) * pixels * channels + (at % channels);
    const part = (remainder: number): Expression => {
      const terms: Expression[] = [number(0, 'start')];
      for (let pixel = remainder; pixel < pixels; pixel += 2) {
        terms.push(product(element(0, first + pixel * channels), element(1, first + pixel * channels)));
      }
      return sum(terms);
    };
    return sum([part(0), part(1)]);
  },
};

const constant: Arithmetic = {
  op: 'constant',
  formula: 'a constant',
  expressionOf: ({ node }) => number(numberOf(node.attributes, 'value'), 'constant'),
};

export const elementwiseArithmetic: readonly Arithmetic[] = [add, multiply, multiplyBackwardScale, constant];
