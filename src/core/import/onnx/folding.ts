import type { OnnxNode } from '../../formats/onnx/messages.ts';
import { sizeOf } from '../../shape.ts';
import {
  axesOf,
  axisFrom,
  broadcastIndex,
  type Constant,
  constantOf,
  constantTensor,
  float32,
  numbers,
  resolveShape,
  slicePlaces,
  takeAlong,
  transposed,
} from './constants.ts';
import { listAttribute, nodeName, numberAttribute, unsupported } from './graph.ts';

/** Elements that folding may make for any file: shapes are small, and so are these. */
const roomForShapes = 1 << 21;
const mostDimensions = 8;

/** Computes operators whose inputs are all constant. */
export class Folder {
  private room: number;

  /** @param more elements that it may make besides, for a file with many weights. */
  constructor(more = 0) {
    this.room = roomForShapes + more;
  }

  /** The operator's outputs; undefined for one that is not known here. @throws FoveaError. */
  fold(node: OnnxNode, inputs: readonly (Constant | undefined)[]): Constant[] | undefined {
    const rule = Object.hasOwn(rules, node.opType) ? rules[node.opType] : undefined;
    const needed = inputCounts[node.opType] ?? 1;
    if (rule && inputs.slice(0, needed).filter((input) => input !== undefined).length < needed) {
      throw unsupported(node, needed === 1 ? 'one input' : `${needed} inputs`, inputs.length);
    }
    const result = rule?.(node, inputs as readonly Constant[], (dims) => this.allow(node, dims));
    return result === undefined ? undefined : [result];
  }

  /** @throws FoveaError before anything large is made. */
  private allow(node: OnnxNode, dims: readonly number[]): number {
    const isShape = dims.length <= mostDimensions && dims.every((size) => Number.isSafeInteger(size) && size >= 0);
    const count = sizeOf(dims);
    if (!isShape || !(count <= this.room)) throw unsupported(node, 'a small constant', dims);
    this.room -= count;
    return count;
  }
}

type Rule = (
  node: OnnxNode,
  inputs: readonly Constant[],
  allow: (dims: readonly number[]) => number,
) => Constant | undefined;

const binary =
  (compute: (a: number, b: number) => number): Rule =>
  (node, [a, b], allow) => {
    const rank = Math.max(a.dims.length, b.dims.length);
    const dims = Array.from({ length: rank }, (_, i) => {
      const [x, y] = [a.dims[i - rank + a.dims.length] ?? 1, b.dims[i - rank + b.dims.length] ?? 1];
      if (x !== y && x !== 1 && y !== 1)
        throw unsupported(node, 'shapes that fit each other', `${a.dims} and ${b.dims}`);
      return x === 1 ? y : x;
    });
    const count = allow(dims);
    const whole = a.data instanceof Float64Array && b.data instanceof Float64Array;
    const data = whole ? new Float64Array(count) : new Float32Array(count);
    const [fromA, fromB] = [broadcastIndex(a.dims, dims), broadcastIndex(b.dims, dims)];
    for (let i = 0; i < count; i++) data[i] = compute(a.data[fromA(i)], b.data[fromB(i)]);
    return constantOf(dims, data);
  };

const unary =
  (compute: (a: number) => number): Rule =>
  (_, [a]) =>
    constantOf(a.dims, a.data.map(compute));

const rules: Readonly<Record<string, Rule>> = {
  Constant(node) {
    const value = node.attributes.get('value');
    if (value?.kind === 'tensor') return constantTensor(value.value, nodeName(node));
    const single = node.attributes.get('value_float') ?? node.attributes.get('value_int');
    if (single?.kind === 'float') return constantOf([], Float32Array.of(single.value));
    if (single?.kind === 'int') return constantOf([], Float64Array.of(single.value));
    const floats = listAttribute(node, 'value_floats');
    if (floats) return constantOf([floats.length], Float32Array.from(floats));
    const ints = listAttribute(node, 'value_ints');
    if (ints) return numbers(ints);
    throw unsupported(node, 'numbers as its value', 'something else');
  },
  ConstantOfShape(node, [shape], allow) {
    const dims = Array.from(shape.data);
    const value = node.attributes.get('value');
    const given = value?.kind === 'tensor' ? constantTensor(value.value, nodeName(node)).data[0] : 0;
    return constantOf(dims, new Float32Array(allow(dims)).fill(given));
  },
  Identity: (_, [x]) => x,
  Dropout: (_, [x]) => x,
  Cast(node, [x]) {
    const isWhole = [2, 3, 6, 7, 9].includes(numberAttribute(node, 'to', 1));
    return isWhole ? constantOf(x.dims, new Float64Array(x.data).map(Math.trunc)) : constantOf(x.dims, float32(x.data));
  },
  Shape: (_, [x]) => numbers(x.dims),
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div(node, inputs, allow) {
    const whole = inputs.every(({ data }) => data instanceof Float64Array);
    return binary((a, b) => (whole ? Math.trunc(a / b) : a / b))(node, inputs, allow);
  },
  Sqrt: unary(Math.sqrt),
  Neg: unary((a) => -a),
  Reciprocal: unary((a) => 1 / a),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Unsqueeze(node, [x, axes]) {
    const list = axesOf(node, axes) ?? [];
    const rank = x.dims.length + list.length;
    const added = new Set(list.map((axis) => axisFrom(node, axis, rank)));
    let next = 0;
    return constantOf(
      Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : x.dims[next++])),
      x.data,
    );
  },
  Squeeze(node, [x, axes]) {
    const list = axesOf(node, axes)?.map((axis) => axisFrom(node, axis, x.dims.length));
    return constantOf(
      x.dims.filter((size, axis) => (list ? !list.includes(axis) : size !== 1)),
      x.data,
    );
  },
  Reshape: (node, [x, shape]) => constantOf(resolveShape(node, Array.from(shape.data), x.dims), x.data),
  Flatten(node, [x]) {
    const axis = axisFrom(node, numberAttribute(node, 'axis', 1), x.dims.length + 1);
    return constantOf([sizeOf(x.dims.slice(0, axis)), sizeOf(x.dims.slice(axis))], x.data);
  },
  Transpose(node, [x], allow) {
    allow(x.dims);
    const order = (listAttribute(node, 'perm') ?? [...x.dims.keys()].reverse()).map((axis) =>
      axisFrom(node, axis, x.dims.length),
    );
    if (new Set(order).size !== x.dims.length) throw unsupported(node, 'each axis once', order);
    return transposed(x, order);
  },
  Gather(node, [x, indices], allow) {
    const axis = axisFrom(node, numberAttribute(node, 'axis', 0), x.dims.length);
    const places = Array.from(indices.data, (index) => axisFrom(node, index, x.dims[axis]));
    const taken = takeAlong(x, axis, places, allow);
    return constantOf([...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)], taken.data);
  },
  Concat(node, inputs, allow) {
    const [first] = inputs;
    const axis = axisFrom(node, numberAttribute(node, 'axis', 0), Math.max(1, first.dims.length));
    const dims = first.dims.map((size, i) => (i === axis ? inputs.reduce((sum, x) => sum + x.dims[i], 0) : size));
    const fits = inputs.every(
      (x) => x.dims.length === dims.length && x.dims.every((size, i) => i === axis || size === dims[i]),
    );
    if (!fits)
      throw unsupported(node, 'tensors that fit each other', inputs.map((x) => x.dims.join('x')).join(' and '));
    const data = new (first.data.constructor as Float32ArrayConstructor)(allow(dims));
    const before = sizeOf(dims.slice(0, axis));
    let at = 0;
    for (let i = 0; i < before; i++) {
      for (const x of inputs) {
        const length = x.data.length / before;
        data.set(x.data.subarray(i * length, (i + 1) * length), at);
        at += length;
      }
    }
    return constantOf(dims, data);
  },
  Slice(node, [x, starts, ends, axes, steps], allow) {
    const from = axesOf(node, starts, 'starts') ?? [];
    const to = axesOf(node, ends, 'ends') ?? [];
    const along = axesOf(node, axes) ?? from.map((_, i) => i);
    return along.reduce((result, given, i) => {
      const axis = axisFrom(node, given, x.dims.length);
      const places = slicePlaces(from[i], to[i], steps ? steps.data[i] : 1, result.dims[axis]);
      return takeAlong(result, axis, places, allow);
    }, x);
  },
};

/** Inputs that an operator cannot do without, where that is not one. */
const inputCounts: Readonly<Record<string, number>> = {
  Constant: 0,
  Add: 2,
  Sub: 2,
  Mul: 2,
  Div: 2,
  Reshape: 2,
  Gather: 2,
};

/** Operators that are known where all their inputs are constant. */
export const foldedOperators: ReadonlySet<string> = new Set(Object.keys(rules));
