import type { ParameterLayout } from '../layers/layer.ts';
import { type Shape, sizeOf } from '../shape.ts';

/** Strides of a row-major shape. */
function strides(shape: Shape): number[] {
  const result = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) result[axis] = result[axis + 1] * shape[axis + 1];
  return result;
}

/** Calls back with the offsets of every element in the file's tensor and in the engine's, in the engine's order. */
function forEachElement(
  { fileShape, permutation }: ParameterLayout,
  visit: (file: number, memory: number) => void,
): void {
  const fileStrides = strides(fileShape);
  const shape = permutation.map((axis) => (axis < 0 ? 1 : fileShape[axis]));
  const steps = permutation.map((axis) => (axis < 0 ? 0 : fileStrides[axis]));
  const index = new Array<number>(shape.length).fill(0);
  const count = sizeOf(shape);
  let file = 0;
  for (let memory = 0; memory < count; memory++) {
    visit(file, memory);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      file += steps[axis];
      if (++index[axis] < shape[axis]) break;
      file -= steps[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

/** A tensor in the engine's layout from one in the file's (OIHW → HWIO). */
export function toMemoryLayout(layout: ParameterLayout, data: ArrayLike<number>): Float32Array {
  const result = new Float32Array(data.length);
  forEachElement(layout, (file, memory) => {
    result[memory] = data[file];
  });
  return result;
}

/** A tensor in the file's layout from one in the engine's (HWIO → OIHW). */
export function toFileLayout(layout: ParameterLayout, data: ArrayLike<number>): Float32Array {
  const result = new Float32Array(data.length);
  forEachElement(layout, (file, memory) => {
    result[file] = data[memory];
  });
  return result;
}
