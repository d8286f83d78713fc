import { mismatch } from '../../errors.ts';
import type { OnnxNode, OnnxTensor } from '../../formats/onnx/messages.ts';
import { quoteName } from '../../formats/quote.ts';
import { sizeOf } from '../../shape.ts';
import { listAttribute, unsupported } from './graph.ts';

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
    throw mismatch('numbers', `tensor ${quoteName(tensor.name)} of ${subject}`, tensor.why ?? 'others');
  }
  return constantOf(tensor.dims, tensor.data);
}

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

/** The places from `from` to before `to`, counted from the end where they are negative. */
export function slicePlaces(from: number, to: number, step: number, size: number): number[] {
  const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (at: number): number => Math.max(lowest, Math.min(highest, at < 0 ? at + size : at));
  const [first, last] = [clamp(from), clamp(to)];
  const count = Math.max(0, Math.ceil((last - first) / step));
  // NaN, or a step of 0, gives no count.
  return Array.from({ length: Number.isSafeInteger(count) && count <= size ? count : 0 }, (_, i) => first + i * step);
}

/** Some places of one axis, in their order. */
export function takeAlong(
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
