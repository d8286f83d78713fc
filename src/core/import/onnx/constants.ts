import { mismatch } from '../../errors.ts';
import type { OnnxNode, OnnxTensor } from '../../formats/onnx/messages.ts';
import { sizeOf } from '../../shape.ts';
import { listAttribute, nodeName, numberAttribute, unsupported } from './graph.ts';

/**
 * A tensor that does not depend on the picture: weights, shapes, axes. In a shape NaN stands for the number of pictures,
 * which is free.
 */
export interface Constant {
  readonly kind: 'constant';
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array;
}

export const constantOf = (dims: readonly number[], data: Float32Array | Float64Array): Constant => ({
  kind: 'constant',
  dims,
  data,
});

/** As float32, without a copy where it is that already. */
export const float32 = (data: Float32Array | Float64Array): Float32Array =>
  data instanceof Float32Array ? data : new Float32Array(data);

export const numbers = (values: readonly number[]): Constant => constantOf([values.length], Float64Array.from(values));

/** @throws FoveaError where the reader left it out (a type that no known operator takes, or too many whole numbers). */
export function constantTensor(tensor: OnnxTensor, subject: string): Constant {
  if (tensor.data === undefined) {
    throw mismatch('numbers', `tensor '${tensor.name.slice(0, 80)}' of ${subject}`, tensor.why ?? 'others');
  }
  return constantOf(tensor.dims, tensor.data);
}

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

/** Whole numbers of an input or, in older opsets, of an attribute. */
export function axesOf(node: OnnxNode, input: Constant | undefined, attribute = 'axes'): readonly number[] | undefined {
  return input ? Array.from(input.data) : listAttribute(node, attribute);
}

/** An axis counted from the front. @throws FoveaError when there is no such axis. */
export function axisFrom(node: OnnxNode, axis: number, rank: number): number {
  const from = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(from) && from >= 0 && from < rank) return from;
  throw unsupported(node, `an axis of ${rank} dimensions`, axis);
}

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

/** From a place in a tensor of `dims` to the place in one of `from` that is spread over it. */
export function broadcastIndex(from: readonly number[], dims: readonly number[]): (at: number) => number {
  const offset = dims.length - from.length;
  const strides = new Array<number>(dims.length).fill(0);
  for (let axis = from.length - 1, stride = 1; axis >= 0; axis--) {
    if (from[axis] !== 1) strides[axis + offset] = stride;
    stride *= from[axis];
  }
  return (at) => {
    let [rest, place] = [at, 0];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      place += (rest % dims[axis]) * strides[axis];
      rest = Math.floor(rest / dims[axis]);
    }
    return place;
  };
}

const unary =
  (compute: (a: number) => number): Rule =>
  (_, [a]) =>
    constantOf(a.dims, a.data.map(compute));

/** A tensor with its axes in another order. */
export function transposed({ dims, data }: Constant, order: readonly number[]): Constant {
  const turned = order.map((axis) => dims[axis]);
  const strides = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
  const out = new (data.constructor as Float32ArrayConstructor)(data.length);
  for (let at = 0; at < out.length; at++) {
    let [rest, place] = [at, 0];
    for (let axis = order.length - 1; axis >= 0; axis--) {
      place += (rest % turned[axis]) * strides[order[axis]];
      rest = Math.floor(rest / turned[axis]);
    }
    out[at] = data[place];
  }
  return constantOf(turned, out);
}

/** A shape as Reshape is asked for it: 0 keeps a dimension, one -1 takes what is left. */
export function resolveShape(node: OnnxNode, wanted: readonly number[], dims: readonly number[]): number[] {
  const shape = wanted.map((size, i) => (size === 0 ? (dims[i] ?? 0) : size));
  const rest = shape.indexOf(-1);
  if (rest >= 0)
    shape[rest] = sizeOf(dims) / shape.reduce((product, size, i) => (i === rest ? product : product * size), 1);
  if (!shape.every((size) => Number.isInteger(size) && size >= 0) || sizeOf(shape) !== sizeOf(dims)) {
    throw unsupported(node, `a shape of ${sizeOf(dims)} elements`, wanted);
  }
  return shape;
}

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

/** The places from `from` to before `to`, counted from the end where they are negative. */
function slicePlaces(from: number, to: number, step: number, size: number): number[] {
  const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (at: number): number => Math.max(lowest, Math.min(highest, at < 0 ? at + size : at));
  const [first, last] = [clamp(from), clamp(to)];
  const count = Math.max(0, Math.ceil((last - first) / step));
  // NaN, or a step of 0, gives no count.
  return Array.from({ length: Number.isSafeInteger(count) && count <= size ? count : 0 }, (_, i) => first + i * step);
}

/** Some places of one axis, in their order. */
function takeAlong(
  { dims, data }: Constant,
  axis: number,
  places: readonly number[],
  allow: (dims: readonly number[]) => number,
): Constant {
  const taken = dims.map((size, i) => (i === axis ? places.length : size));
  const out = new (data.constructor as Float32ArrayConstructor)(allow(taken));
  const [before, after] = [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis + 1))];
  let at = 0;
  for (let i = 0; i < before; i++) {
    for (const place of places) {
      const start = (i * dims[axis] + place) * after;
      out.set(data.subarray(start, start + after), at);
      at += after;
    }
  }
  return constantOf(taken, out);
}

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
