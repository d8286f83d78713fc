import { numberOf } from '../../ops/checks.ts';
import type { Arithmetic, ArithmeticRequest } from './arithmetic.ts';
import {
  apply,
  because,
  difference,
  type Expression,
  element,
  maximum,
  minimum,
  number,
  product,
  quotient,
  sum,
} from './expression.ts';

/** One activation: its value from x, and its gradient from dy and what the op keeps: x, or its result y. */
interface Definition {
  readonly op: string;
  readonly formula: string;
  readonly gradient: string;
  value(x: Expression, at: number, request: ArithmeticRequest): Expression;
  slope(dy: Expression, kept: Expression, at: number, request: ArithmeticRequest): Expression;
}

const nothing = number(0);
const one = number(1);
const three = number(3);
const six = number(6);
const square = (x: Expression): Expression => product(x, x);
const negative = (x: Expression): Expression => product(number(-1), x);
const clipped = (x: Expression): Expression => minimum([maximum([sum([x, three]), nothing]), six]);

/** dy where low < x < high. */
const inside = (dy: Expression, x: number, low: number, high: number): Expression =>
  x > low && x < high
    ? because(`it lies between ${low} and ${high}`, dy)
    : because(`it does not lie between ${low} and ${high}`, nothing);

const rootHalf = number(Math.SQRT1_2, '√½');
const density = number(0.3989422804014327, '1/√(2π)');
const rootOverPi = number(0.7978845608028654, '√(2/π)');
const cubic = Math.fround(0.044715);
const bell = (x: Expression): Expression => sum([one, apply('erf', product(x, rootHalf))]);
const geluInner = (x: Expression): Expression =>
  product(rootOverPi, sum([x, product(number(cubic), product(square(x), x))]));
const alphaOf = ({ node }: ArithmeticRequest): Expression => number(numberOf(node.attributes, 'alpha', 1), 'alpha');
const slopeOf = ({ node }: ArithmeticRequest): Expression => number(numberOf(node.attributes, 'slope'), 'slope');
const half = number(0.5);

const definitions: readonly Definition[] = [
  {
    op: 'relu',
    formula: 'max(x, 0)',
    gradient: 'gradient where the result is above 0, else 0',
    value: (x) => maximum([x, nothing]),
    slope: (dy, _y, y) =>
      y > 0 ? because('the result is above 0', dy) : because('the result is not above 0', nothing),
  },
  {
    op: 'relu6',
    formula: 'min(max(x, 0), 6)',
    gradient: 'gradient where the result lies between 0 and 6, else 0',
    value: (x) => minimum([maximum([x, nothing]), six]),
    slope: (dy, _y, y) => inside(dy, y, 0, 6),
  },
  {
    op: 'leakyRelu',
    formula: 'x where it is above 0, else slope · x',
    gradient: 'gradient where the result is above 0, else slope · gradient',
    value: (x, at, request) =>
      at > 0 ? because('the input is above 0', x) : because('the input is not above 0', product(x, slopeOf(request))),
    slope: (dy, _y, y, request) =>
      y > 0
        ? because('the result is above 0', dy)
        : because('the result is not above 0', product(dy, slopeOf(request))),
  },
  {
    op: 'elu',
    formula: 'x where it is above 0, else alpha (e^x - 1)',
    gradient: 'gradient where the input is above 0, else gradient · alpha · e^x',
    value: (x, at, request) =>
      at > 0
        ? because('the input is above 0', x)
        : because('the input is not above 0', product(alphaOf(request), difference(apply('exp', x), one))),
    slope: (dy, x, at, request) =>
      at > 0
        ? because('the input is above 0', dy)
        : because('the input is not above 0', product(product(dy, alphaOf(request)), apply('exp', x))),
  },
  {
    op: 'sigmoid',
    formula: '1 / (1 + e^-x)',
    gradient: 'gradient · y (1 - y)',
    value: (x) => apply('sigmoid', x),
    slope: (dy, y) => product(dy, product(y, difference(one, y))),
  },
  {
    op: 'tanh',
    formula: 'tanh x',
    gradient: 'gradient (1 - y²)',
    value: (x) => apply('tanh', x),
    slope: (dy, y) => product(dy, difference(one, square(y))),
  },
  {
    op: 'silu',
    formula: 'x / (1 + e^-x)',
    gradient: 'gradient · s (1 + x (1 - s)), s = 1 / (1 + e^-x)',
    value: (x) => quotient(x, sum([one, apply('exp', negative(x))])),
    slope(dy, x) {
      const s = apply('sigmoid', x);
      return product(dy, product(s, sum([one, product(x, difference(one, s))])));
    },
  },
  {
    op: 'hardSigmoid',
    formula: 'min(max(x + 3, 0), 6) / 6',
    gradient: 'gradient / 6 where the input lies between -3 and 3, else 0',
    value: (x) => quotient(clipped(x), six),
    slope: (dy, _x, at) => inside(quotient(dy, six), at, -3, 3),
  },
  {
    op: 'hardSwish',
    formula: 'x · min(max(x + 3, 0), 6) / 6',
    gradient: 'gradient (x / 3 + 0.5) between -3 and 3; above it the gradient, below it 0',
    value: (x) => quotient(product(x, clipped(x)), six),
    slope(dy, x, at) {
      if (at > -3 && at < 3) return because('it lies between -3 and 3', product(dy, sum([quotient(x, three), half])));
      return at >= 3 ? because('it is 3 or more', dy) : because('it is -3 or less', nothing);
    },
  },
  {
    op: 'gelu',
    formula: '½ x (1 + erf(x √½))',
    gradient: 'gradient (½ (1 + erf(x √½)) + x e^(-x²/2) / √(2π))',
    value: (x) => product(product(x, half), bell(x)),
    slope: (dy, x) =>
      product(
        dy,
        sum([product(half, bell(x)), product(x, product(density, apply('exp', product(square(x), number(-0.5)))))]),
      ),
  },
  {
    op: 'geluTanh',
    formula: '½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))',
    gradient: 'gradient · ½ (1 + t + x √(2/π) (1 + 3 · 0.044715 x²) (1 - t²))',
    value: (x) => product(product(x, half), sum([one, apply('tanh', geluInner(x))])),
    slope(dy, x) {
      const t = apply('tanh', geluInner(x));
      const inner = product(rootOverPi, sum([one, product(number(3 * cubic), square(x))]));
      const steep = product(product(x, inner), difference(one, square(t)));
      return product(dy, product(half, sum([sum([one, t]), steep])));
    },
  },
];

export const activationArithmetic: readonly Arithmetic[] = definitions.flatMap(
  ({ op, formula, gradient, value, slope }): Arithmetic[] => [
    {
      op,
      formula,
      expressionOf: (request) => value(element(0, request.element), request.read(0, request.element), request),
    },
    {
      op: `${op}Backward`,
      formula: gradient,
      expressionOf: (request) =>
        slope(element(0, request.element), element(1, request.element), request.read(1, request.element), request),
    },
  ],
);
