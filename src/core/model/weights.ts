import { invalid } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { type Shape, sameShape, sizeOf } from '../shape.ts';
import type { ParameterInfo } from './build.ts';
import { initialValues } from './initialize.ts';
import { toFileLayout, toMemoryLayout } from './layout.ts';

/** Where parameters live: an engine, once a graph that names them was compiled. */
export interface WeightStore {
  readPersistent(name: string): Float32Array;
  writePersistent(name: string, data: Float32Array): void;
}

/** A tensor of a file, in PyTorch's layout. */
export interface WeightTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** A tensor as a file gives it; `loadWeights` takes any element type that float32 can hold. */
export interface LoadedTensor {
  readonly shape: Shape;
  readonly data: ArrayLike<number> | BigInt64Array;
}

/** PyTorch counts batches here; nothing needs it. */
export const ignoredSuffix = 'num_batches_tracked';

/** Writes the initial values of all parameters: the same for a seed on every machine. */
export function initializeWeights(store: WeightStore, parameters: readonly ParameterInfo[], seed: number): void {
  for (const info of parameters) {
    store.writePersistent(info.name, toMemoryLayout(info, initialValues(info, seed)));
  }
}

/**
 * Writes the tensors of a file (a state_dict) as the model's parameters. Nothing is written unless all fits.
 *
 * @param source how errors name the file.
 * @throws FoveaError naming the tensor that is missing, unexpected, of another shape or not of float32.
 */
export function loadWeights(
  store: WeightStore,
  parameters: readonly ParameterInfo[],
  tensors: ReadonlyMap<string, LoadedTensor>,
  source = 'the weights',
): void {
  const names = new Set(parameters.map(({ name }) => name));
  const spare = [...tensors.keys()].filter((name) => !names.has(name) && !name.endsWith(ignoredSuffix));
  const fitting = parameters.map((info) => {
    const tensor = tensors.get(info.name);
    if (!tensor) throw invalid(`a tensor '${info.name}'`, source, undefined, mendMissing(info.name, spare));
    if (!sameShape(tensor.shape, info.fileShape)) {
      const mend = 'Are these the weights of another model?';
      throw invalid(`the shape ${info.fileShape.join('x')}`, `tensor '${info.name}' of ${source}`, tensor.shape, mend);
    }
    if (tensor.data instanceof BigInt64Array || tensor.data.length !== sizeOf(tensor.shape)) {
      throw invalid(`${sizeOf(tensor.shape)} numbers of float32`, `tensor '${info.name}' of ${source}`, 'other data');
    }
    return toMemoryLayout(info, tensor.data);
  });
  if (spare.length > 0) {
    const more = spare.length > 1 ? ` and ${spare.length - 1} more` : '';
    throw invalid(
      'only tensors of the model',
      source,
      `'${spare[0]}'${more}`,
      'Are these the weights of another model?',
    );
  }
  parameters.forEach(({ name }, i) => {
    store.writePersistent(name, fitting[i]);
  });
}

/** Writes the tensors that are there, whose names and shapes are known to fit, and leaves the other parameters alone. */
export function loadSomeWeights(
  store: WeightStore,
  parameters: readonly ParameterInfo[],
  tensors: ReadonlyMap<string, WeightTensor>,
): void {
  for (const info of parameters) {
    const tensor = tensors.get(info.name);
    if (tensor) store.writePersistent(info.name, toMemoryLayout(info, tensor.data));
  }
}

function mendMissing(name: string, spare: readonly string[]): string {
  const match = nearest(name, spare);
  return match === undefined
    ? 'Are these the weights of another model?'
    : `It has '${match}': is the layer's id right?`;
}

/** All parameters and running statistics as a file holds them (PyTorch's names and layouts), in the model's order. */
export function saveWeights(store: WeightStore, parameters: readonly ParameterInfo[]): Map<string, WeightTensor> {
  return new Map(
    parameters.map((info) => [
      info.name,
      { shape: info.fileShape, data: toFileLayout(info, store.readPersistent(info.name)) },
    ]),
  );
}

/**
 * `sha256:` and the hash of the tensors' bytes (float32, little-endian, PyTorch's layout), one after the other in the
 * order of their names by code unit. Running statistics count too; names and shapes do not.
 */
export async function hashWeights(tensors: ReadonlyMap<string, WeightTensor>): Promise<string> {
  const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const bytes = new Uint8Array(sorted.reduce((sum, [, { data }]) => sum + 4 * data.length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const [, { data }] of sorted) {
    for (let i = 0; i < data.length; i++, offset += 4) view.setFloat32(offset, data[i], true);
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `sha256:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
