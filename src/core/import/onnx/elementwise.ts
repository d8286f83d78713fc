import type { OnnxNode } from '../../formats/onnx/messages.ts';
import type { OptionValues } from '../../layers/layer.ts';
import { sameShape } from '../../shape.ts';
import { channelsOf, type Flow, isMap, type RaisingRule, type Value } from './flow.ts';
import { numberAttribute, textAttribute, unsupported } from './graph.ts';
import { flowOf, perChannel, tensorOf } from './operands.ts';

/** An activation with a layer of the same meaning. */
const activation =
  (type: string, optionsOf: (node: OnnxNode) => OptionValues = () => ({}), nonNegative = false): RaisingRule =>
  (context, node, [x]) => {
    const flow = flowOf(node, x);
    const result = context.emit(node, type, [flow], optionsOf(node));
    return { ...result, nonNegative, ...(flow.flattenedLast ? { flattenedLast: flow.flattenedLast } : {}) };
  };

const relu = activation('relu', undefined, true);

const clip: RaisingRule = (context, node, [x, low, high]) => {
  const bound = (value: Value | undefined, attribute: string, standard: number): number =>
    value ? tensorOf(node, value).data[0] : numberAttribute(node, attribute, standard);
  const [minimum, maximum] = [bound(low, 'min', -Infinity), bound(high, 'max', Infinity)];
  if (minimum === 0 && maximum === 6) return activation('relu6', undefined, true)(context, node, [x]);
  if (minimum === 0 && maximum > 3e38) return relu(context, node, [x]);
  throw unsupported(node, 'a range from 0 to 6, or from 0 on', `${minimum} to ${maximum}`);
};

const hardSigmoid: RaisingRule = (context, node, inputs) => {
  const [alpha, beta] = [numberAttribute(node, 'alpha', 0.2), numberAttribute(node, 'beta', 0.5)];
  if (Math.abs(alpha - 1 / 6) > 1e-5 || Math.abs(beta - 0.5) > 1e-5) {
    throw unsupported(node, 'alpha 1/6 and beta 0.5', `${alpha} and ${beta}`);
  }
  return activation('hardSigmoid', undefined, true)(context, node, inputs);
};

const parametricRelu: RaisingRule = (context, node, [x, slopes]) => {
  const { data } = tensorOf(node, slopes);
  const slope = data[0];
  if (!data.every((value) => value === slope) || !(slope >= 0))
    throw unsupported(node, 'one slope of at least 0', 'others');
  return activation('leakyRelu', () => ({ slope }))(context, node, [x]);
};

/** a · x + b of each channel, from the constant of an operator of two inputs. */
function affineOf(opType: string, constantFirst: boolean, values: readonly number[]): [number[], number[]] | undefined {
  const all = (value: number): number[] => values.map(() => value);
  switch (opType) {
    case 'Add':
      return [all(1), [...values]];
    case 'Sub':
      return constantFirst ? [all(-1), [...values]] : [all(1), values.map((value) => -value)];
    case 'Mul':
      return [[...values], all(0)];
    case 'Div':
      return constantFirst ? undefined : [values.map((value) => 1 / value), all(0)];
    default:
      return undefined;
  }
}

/** Two flows meet in a layer; a flow and a constant are a scale and a shift of each channel. */
const binary =
  (type: 'add' | 'multiply' | undefined): RaisingRule =>
  (context, node, inputs) => {
    const [a, b] = inputs;
    if (a?.kind === 'flow' && b?.kind === 'flow') return meet(context, node, type, a, b);
    const flow = flowOf(node, a?.kind === 'flow' ? a : b);
    const tensor = tensorOf(node, a?.kind === 'flow' ? b : a);
    const values = perChannel(tensor, flow);
    if (flow.flattenedLast && tensor.data.length > 1) throw unsupported(node, 'a number for each channel', tensor.dims);
    const terms = values && affineOf(node.opType, a?.kind === 'constant', values);
    if (!terms) throw unsupported(node, 'a number for each channel', tensor.dims);
    return context.affine(node, flow, ...terms);
  };

const meet = (
  context: Parameters<RaisingRule>[0],
  node: OnnxNode,
  type: 'add' | 'multiply' | undefined,
  a: Flow,
  b: Flow,
): Flow => {
  const refuse = () =>
    unsupported(
      node,
      'two inputs of one shape, or a factor for each channel',
      `${a.shape.join('x')} and ${b.shape.join('x')}`,
    );
  if (type === undefined) throw refuse();
  if (a.flattenedLast || b.flattenedLast) throw refuse();
  if (sameShape(a.shape, b.shape) && a.axes === b.axes) {
    const result = context.emit(node, type, [a, b]);
    return { ...result, nonNegative: a.nonNegative === true && b.nonNegative === true };
  }
  if (type !== 'multiply') throw refuse();
  // By what ONNX sees: a row is a map of one pixel.
  const pixels = (flow: Flow): number => (isMap(flow) ? flow.shape[0] * flow.shape[1] : 1);
  const [map, factor] = !isMap(a) || (isMap(b) && pixels(b) > pixels(a)) ? [b, a] : [a, b];
  const isFactor =
    channelsOf(factor) === channelsOf(map) &&
    (factor.axes === 'nc11' ? map.axes === 'nchw' : factor.axes === map.axes && pixels(factor) === 1);
  if (!isMap(map) || !isFactor) throw refuse();
  return context.emit(node, 'multiply', [map, factor]);
};

/** Casts of pictures change no number; what is computed is float32. */
const cast: RaisingRule = (_, node, [x]) => {
  const to = numberAttribute(node, 'to', 1);
  if (![1, 10, 11].includes(to)) throw unsupported(node, 'numbers with a point', `type ${to}`);
  return flowOf(node, x);
};

const same: RaisingRule = (_, node, [x]) => flowOf(node, x);

export const elementwiseRules: Readonly<Record<string, RaisingRule>> = {
  Relu: relu,
  Clip: clip,
  LeakyRelu: activation('leakyRelu', (node) => ({ slope: numberAttribute(node, 'alpha', 0.01) })),
  PRelu: parametricRelu,
  Elu: activation('elu', (node) => ({ alpha: numberAttribute(node, 'alpha', 1) })),
  Sigmoid: activation('sigmoid', undefined, true),
  Tanh: activation('tanh'),
  HardSwish: activation('hardSwish'),
  HardSigmoid: hardSigmoid,
  Gelu: activation('gelu', (node) => ({ approximate: textAttribute(node, 'approximate', 'none') === 'tanh' })),
  '(Silu)': activation('silu'),
  Identity: same,
  Dropout: same,
  Cast: cast,
  Add: binary('add'),
  Sub: binary(undefined),
  Mul: binary('multiply'),
  Div: binary(undefined),
};
