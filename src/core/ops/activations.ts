import type { Attributes, Op } from '../graph/op.ts';
import { erf, exp, expm1, tanh as hyperbolicTangent } from '../maths.ts';
import { expectChannels, expectCount, expectExactly, like, numberOf } from './checks.ts';

/** One activation: its function and derivative, elementwise. */
interface Definition {
  readonly name: string;
  /** Which the derivative is a function of: the output (memory-saving: the input may be gone), or the input. */
  readonly derivativeOf: 'input' | 'output';
  readonly epilogue?: 'relu' | 'relu6';
  readonly value: (x: number, attributes: Attributes) => number;
  /** At a kink: PyTorch's choice. */
  readonly derivative: (xOrY: number, attributes: Attributes) => number;
}

/** The ops `<name>` (input x) and `<name>Backward` (inputs gradOutput, and x or y as `derivativeOf` says). */
function activation(definition: Definition): { readonly forward: Op; readonly backward: Op } {
  const { name, derivativeOf, value, derivative, epilogue } = definition;
  const backward: Op = {
    name: `${name}Backward`,
    inPlace: 0,
    ...(epilogue ? { selects: true } : {}),
    infer(inputs, _attributes, node) {
      expectCount(`${name}Backward`, node, inputs, 2);
      expectExactly(`${name}Backward`, node, 'gradOutput', inputs[0], inputs[1]);
      return [like(inputs[0])];
    },
    reference({ node, inputs: [gradient, xOrY], outputs: [gradX] }) {
      for (let i = 0; i < gradX.length; i++) gradX[i] = gradient[i] * derivative(xOrY[i], node.attributes);
    },
  };
  const forward: Op = {
    name,
    perSample: true,
    inPlace: 0,
    ...(epilogue ? { epilogue } : {}),
    infer(inputs, _attributes, node) {
      expectCount(name, node, inputs, 1);
      expectChannels(name, node, inputs[0]);
      return [like(inputs[0])];
    },
    gradient({ graph, node, outputGradients: [gradient] }) {
      if (!gradient) return [];
      const kept = derivativeOf === 'output' ? node.outputs[0] : node.inputs[0];
      return graph.apply(backward, [gradient, kept], node.attributes, `${node.name}.gradInput`);
    },
    reference({ node, inputs: [x], outputs: [y] }) {
      for (let i = 0; i < y.length; i++) y[i] = value(x[i], node.attributes);
    },
  };
  return { forward, backward };
}

const logistic = (x: number): number => (x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)));
const slopeOf = (attributes: Attributes): number => numberOf(attributes, 'slope');
const ROOT_HALF = Math.sqrt(0.5);
const INVERSE_ROOT_TWO_PI = 0.3989422804014327;
const ROOT_TWO_OVER_PI = 0.7978845608028654;
const GELU_CUBIC = 0.044715;

/** max(x, 0). */
export const { forward: relu, backward: reluBackward } = activation({
  name: 'relu',
  derivativeOf: 'output',
  epilogue: 'relu',
  // A NaN stays one, so that a broken training is seen.
  value: (x) => (x <= 0 ? 0 : x),
  derivative: (y) => (y > 0 ? 1 : 0),
});

/** min(max(x, 0), 6). */
export const { forward: relu6, backward: relu6Backward } = activation({
  name: 'relu6',
  derivativeOf: 'output',
  epilogue: 'relu6',
  value: (x) => (x <= 0 ? 0 : x >= 6 ? 6 : x),
  derivative: (y) => (y > 0 && y < 6 ? 1 : 0),
});

/** x for x > 0, else slope x; attribute slope ≥ 0, so that the output tells the sign of the input. */
export const { forward: leakyRelu, backward: leakyReluBackward } = activation({
  name: 'leakyRelu',
  derivativeOf: 'output',
  value: (x, attributes) => (x > 0 ? x : slopeOf(attributes) * x),
  derivative: (y, attributes) => (y > 0 ? 1 : slopeOf(attributes)),
});

/** x sigmoid(x), also called swish. */
export const { forward: silu, backward: siluBackward } = activation({
  name: 'silu',
  derivativeOf: 'input',
  value: (x) => x * logistic(x),
  derivative: (x) => logistic(x) * (1 + x * logistic(-x)),
});

/** x Φ(x) with the normal distribution's Φ, by erf. */
export const { forward: gelu, backward: geluBackward } = activation({
  name: 'gelu',
  derivativeOf: 'input',
  value: (x) => 0.5 * x * (1 + erf(x * ROOT_HALF)),
  derivative: (x) => 0.5 * (1 + erf(x * ROOT_HALF)) + x * INVERSE_ROOT_TWO_PI * exp(-0.5 * x * x),
});

/** gelu's approximation by tanh: 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))). */
export const { forward: geluTanh, backward: geluTanhBackward } = activation({
  name: 'geluTanh',
  derivativeOf: 'input',
  value: (x) => 0.5 * x * (1 + hyperbolicTangent(ROOT_TWO_OVER_PI * (x + GELU_CUBIC * x * x * x))),
  derivative: (x) => {
    const t = hyperbolicTangent(ROOT_TWO_OVER_PI * (x + GELU_CUBIC * x * x * x));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * ROOT_TWO_OVER_PI * (1 + 3 * GELU_CUBIC * x * x);
  },
});

/** x relu6(x + 3) / 6 (Howard et al. 2019). */
export const { forward: hardSwish, backward: hardSwishBackward } = activation({
  name: 'hardSwish',
  derivativeOf: 'input',
  value: (x) => (x <= -3 ? 0 : x >= 3 ? x : (x * (x + 3)) / 6),
  derivative: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5),
});

/** relu6(x + 3) / 6. */
export const { forward: hardSigmoid, backward: hardSigmoidBackward } = activation({
  name: 'hardSigmoid',
  derivativeOf: 'input',
  value: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : (x + 3) / 6),
  derivative: (x) => (x > -3 && x < 3 ? 1 / 6 : 0),
});

/** 1 / (1 + e^-x). */
export const { forward: sigmoid, backward: sigmoidBackward } = activation({
  name: 'sigmoid',
  derivativeOf: 'output',
  value: logistic,
  derivative: (y) => y * (1 - y),
});

/** The hyperbolic tangent. */
export const { forward: tanh, backward: tanhBackward } = activation({
  name: 'tanh',
  derivativeOf: 'output',
  value: hyperbolicTangent,
  derivative: (y) => 1 - y * y,
});

/** x for x > 0, else alpha (e^x - 1); attribute alpha (default 1). */
export const { forward: elu, backward: eluBackward } = activation({
  name: 'elu',
  derivativeOf: 'input',
  value: (x, attributes) => (x > 0 ? x : numberOf(attributes, 'alpha', 1) * expm1(x)),
  derivative: (x, attributes) => (x > 0 ? 1 : numberOf(attributes, 'alpha', 1) * exp(x)),
});

export const activationOps: readonly Op[] = [
  relu,
  reluBackward,
  relu6,
  relu6Backward,
  leakyRelu,
  leakyReluBackward,
  silu,
  siluBackward,
  gelu,
  geluBackward,
  geluTanh,
  geluTanhBackward,
  hardSwish,
  hardSwishBackward,
  hardSigmoid,
  hardSigmoidBackward,
  sigmoid,
  sigmoidBackward,
  tanh,
  tanhBackward,
  elu,
  eluBackward,
];
