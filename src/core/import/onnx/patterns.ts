import type { OnnxNode, OnnxTensor } from '../../formats/onnx/messages.ts';
import { numberAttribute, type OnnxGraph } from './graph.ts';

/**
 * Groups of operators that other programs write for one layer, each replaced by one operator of the standard (or, with a
 * name in parentheses, of our own). The operators between are left to whoever else reads them.
 */
export function replacePatterns(graph: OnnxGraph): OnnxGraph {
  const producers = new Map(graph.producers);
  const view: View = {
    from: (name, opType) => {
      const node = producers.get(name);
      return node?.opType === opType ? node : undefined;
    },
    constant: (name) => {
      const tensor = graph.initializers.get(name);
      if (tensor) return tensor;
      const value = producers.get(name);
      const attribute = value?.opType === 'Constant' ? value.attributes.get('value') : undefined;
      return attribute?.kind === 'tensor' ? attribute.value : undefined;
    },
  };
  for (const [output, node] of producers) {
    if (node.outputs[0] !== output) continue;
    for (const pattern of patterns) {
      const found = pattern(node, view);
      if (!found) continue;
      producers.set(output, { ...node, attributes: new Map(), ...found });
      break;
    }
  }
  return { ...graph, producers };
}

interface View {
  /** The operator that gives a value, if it is of that type. */
  from(name: string, opType: string): OnnxNode | undefined;
  constant(name: string): OnnxTensor | undefined;
}

type Pattern = (node: OnnxNode, view: View) => Partial<OnnxNode> | undefined;

/** Whether a value is one number, up to float32. */
function isNumber(view: View, name: string, expected: number): boolean {
  const data = view.constant(name)?.data;
  return data?.length === 1 && Math.abs(data[0] - expected) <= 1e-5 * Math.max(1, Math.abs(expected));
}

/** The other input of an operator of two, where one is the number. */
function besideNumber(view: View, node: OnnxNode | undefined, expected: number): string | undefined {
  if (node?.inputs.length !== 2) return undefined;
  const [a, b] = node.inputs;
  return isNumber(view, b, expected) ? a : isNumber(view, a, expected) ? b : undefined;
}

/** Both orders of an operator's two inputs. */
const orders = ({ inputs: [a, b] }: OnnxNode): (readonly [string, string])[] => [
  [a, b],
  [b, a],
];

/** x where `name` is clip(x + 3, 0, 6). */
function clippedBy3(view: View, name: string): string | undefined {
  const clip = view.from(name, 'Clip');
  if (!clip) return undefined;
  const bound = (i: number, attribute: string, value: number): boolean =>
    clip.inputs[i] ? isNumber(view, clip.inputs[i], value) : numberAttribute(clip, attribute, Number.NaN) === value;
  if (!bound(1, 'min', 0) || !bound(2, 'max', 6)) return undefined;
  return besideNumber(view, view.from(clip.inputs[0], 'Add'), 3);
}

/** x where `name` is hardSigmoid(x) in any of its spellings. */
function hardSigmoidOf(view: View, name: string): string | undefined {
  const own = view.from(name, 'HardSigmoid');
  if (own && Math.abs(numberAttribute(own, 'alpha', 0.2) - 1 / 6) < 1e-5) return own.inputs[0];
  const divided = view.from(name, 'Div');
  if (divided && isNumber(view, divided.inputs[1], 6)) return clippedBy3(view, divided.inputs[0]);
  const clip = besideNumber(view, view.from(name, 'Mul'), 1 / 6);
  return clip === undefined ? undefined : clippedBy3(view, clip);
}

const silu: Pattern = (node, view) => {
  if (node.opType !== 'Mul' || node.inputs.length !== 2) return undefined;
  const found = orders(node).find(([x, gate]) => view.from(gate, 'Sigmoid')?.inputs[0] === x);
  return found && { opType: '(Silu)', inputs: [found[0]] };
};

const hardSwish: Pattern = (node, view) => {
  if (node.inputs.length !== 2) return undefined;
  if (node.opType === 'Mul') {
    const found = orders(node).find(([x, gate]) => hardSigmoidOf(view, gate) === x);
    if (found) return { opType: 'HardSwish', inputs: [found[0]] };
  }
  // (x · clip(x + 3, 0, 6)) / 6
  const product =
    node.opType === 'Div' && isNumber(view, node.inputs[1], 6)
      ? node.inputs[0]
      : node.opType === 'Mul'
        ? besideNumber(view, node, 1 / 6)
        : undefined;
  const multiplied = product === undefined ? undefined : view.from(product, 'Mul');
  const found = multiplied && orders(multiplied).find(([x, clip]) => clippedBy3(view, clip) === x);
  return found && { opType: 'HardSwish', inputs: [found[0]] };
};

const hardSigmoid: Pattern = (node, view) => {
  if (node.opType !== 'Div' && node.opType !== 'Mul') return undefined;
  const x = hardSigmoidOf(view, node.outputs[0]);
  const attributes = new Map([
    ['alpha', { kind: 'float', value: 1 / 6 } as const],
    ['beta', { kind: 'float', value: 0.5 } as const],
  ]);
  return x === undefined ? undefined : { opType: 'HardSigmoid', inputs: [x], attributes };
};

/** x where `name` is 1 + erf(x / √2). */
function errorFunctionOf(view: View, name: string): string | undefined {
  const erf = besideNumber(view, view.from(name, 'Add'), 1);
  const inner = erf === undefined ? undefined : view.from(erf, 'Erf')?.inputs[0];
  if (inner === undefined) return undefined;
  const divided = view.from(inner, 'Div');
  if (divided && isNumber(view, divided.inputs[1], Math.sqrt(2))) return divided.inputs[0];
  return besideNumber(view, view.from(inner, 'Mul'), Math.sqrt(0.5));
}

/** 0.5 · x · (1 + erf(x / √2)), multiplied in any order. */
const gelu: Pattern = (node, view) => {
  if (node.opType !== 'Mul' || node.inputs.length !== 2) return undefined;
  const whole = { opType: 'Gelu', inputs: [] as string[] };
  const product = besideNumber(view, node, 0.5);
  const inner = product === undefined ? undefined : view.from(product, 'Mul');
  const found = inner && orders(inner).find(([x, gate]) => errorFunctionOf(view, gate) === x);
  if (found) return { ...whole, inputs: [found[0]] };
  for (const [half, gate] of orders(node)) {
    const x = errorFunctionOf(view, gate);
    if (x !== undefined && besideNumber(view, view.from(half, 'Mul'), 0.5) === x) return { ...whole, inputs: [x] };
  }
  return undefined;
};

/** Whether an operator is the mean over the last axis, which stays. */
function isLastMean(view: View, node: OnnxNode | undefined): node is OnnxNode {
  const axes = node?.attributes.get('axes');
  const list = axes?.kind === 'ints' ? axes.value : Array.from(view.constant(node?.inputs[1] ?? '')?.data ?? []);
  return node !== undefined && list.join() === '-1' && numberAttribute(node, 'keepdims', 1) === 1;
}

/** (x - mean) / √(mean((x - mean)²) + eps); the scale and the shift come after it. */
const layerNorm: Pattern = (node, view) => {
  if (node.opType !== 'Div') return undefined;
  const [centred, root] = node.inputs;
  const difference = view.from(centred, 'Sub');
  const mean = difference && view.from(difference.inputs[1], 'ReduceMean');
  const sum = view.from(view.from(root, 'Sqrt')?.inputs[0] ?? '', 'Add');
  if (!sum || !difference || !isLastMean(view, mean) || mean.inputs[0] !== difference.inputs[0]) return undefined;
  const [squares, eps] = view.constant(sum.inputs[1]) ? sum.inputs : [...sum.inputs].reverse();
  const variance = view.from(squares, 'ReduceMean');
  const epsilon = view.constant(eps)?.data;
  if (epsilon?.length !== 1 || !isLastMean(view, variance)) return undefined;
  const squared = view.from(variance.inputs[0], 'Pow');
  const product = view.from(variance.inputs[0], 'Mul');
  const isSquare =
    (squared?.inputs[0] === centred && isNumber(view, squared.inputs[1], 2)) ||
    (product?.inputs.every((name) => name === centred) ?? false);
  if (!isSquare) return undefined;
  const attributes = new Map([['epsilon', { kind: 'float', value: epsilon[0] } as const]]);
  return { opType: 'LayerNormalization', inputs: [difference.inputs[0]], attributes };
};

/** An instance norm of the groups laid out as channels; the scale and the shift come after it. */
const groupNorm: Pattern = (node, view) => {
  const norm = node.opType === 'Reshape' ? view.from(node.inputs[0], 'InstanceNormalization') : undefined;
  const laidOut = norm && view.from(norm.inputs[0], 'Reshape');
  const shape = laidOut && view.constant(laidOut.inputs[1])?.data;
  if (!norm || !laidOut || shape?.length !== 3) return undefined;
  const attributes = new Map([...norm.attributes, ['num_groups', { kind: 'int', value: shape[1] } as const]]);
  const inputs = [laidOut.inputs[0], norm.inputs[1], norm.inputs[2], node.inputs[1]];
  return { opType: 'GroupNormalization', inputs, attributes };
};

/** rows · (x · columns): pooling to a size that does not divide the input's, as our own export writes it. */
const pooling: Pattern = (node, view) => {
  if (node.opType !== 'MatMul' || view.constant(node.inputs[0])?.dims.length !== 2) return undefined;
  const inner = view.from(node.inputs[1], 'MatMul');
  if (!inner || view.constant(inner.inputs[1])?.dims.length !== 2) return undefined;
  return { opType: '(AdaptiveAveragePool)', inputs: [inner.inputs[0], node.inputs[0], inner.inputs[1]] };
};

const patterns: readonly Pattern[] = [silu, hardSwish, hardSigmoid, gelu, layerNorm, groupNorm, pooling];
