import { readFileSync } from 'node:fs';
import { readSafetensors, type Tensor } from '../../src/core/formats/safetensors.ts';

/** One case of a manifest. `torch_f32_vs_f64_max_abs` says how far float32 PyTorch is from the expected values. */
export interface GoldenCase {
  readonly name: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly torch_f32_vs_f64_max_abs?: number | Readonly<Record<string, number>>;
  readonly [key: string]: unknown;
}

export interface GoldenFamily {
  readonly cases: readonly GoldenCase[];
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Reads `data/<name>.json` and `.safetensors`. */
export function readFamily(name: string): GoldenFamily {
  const path = (extension: string): URL => new URL(`./data/${name}.${extension}`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(path('json'), 'utf8')) as { cases: GoldenCase[] };
  return { cases, tensors: readSafetensors(readFileSync(path('safetensors')), `${name}.safetensors`).tensors };
}

/** Axis i of the result is axis `permutation[i]` of the tensor. */
export function permute(
  data: ArrayLike<number>,
  shape: readonly number[],
  permutation: readonly number[],
): Float32Array {
  const result = new Float32Array(data.length);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const sizes = permutation.map((axis) => shape[axis]);
  const index = sizes.map(() => 0);
  for (let i = 0; i < result.length; i++) {
    result[i] = data[permutation.reduce((sum, axis, place) => sum + index[place] * strides[axis], 0)];
    for (let axis = sizes.length - 1; axis >= 0 && ++index[axis] === sizes[axis]; axis--) index[axis] = 0;
  }
  return result;
}
