import { elementCount, type Value } from '../../graph/graph.ts';
import { channelsOf } from '../../ops/checks.ts';
import { sizeOf } from '../../shape.ts';
import { type Argument, type Epilogue, elementsPerChunk } from '../lowering.ts';

/** Chunks of an elementwise kernel over a value. */
export const elementChunks =
  (value: Value) =>
  (n: number): number =>
    Math.ceil(elementCount(value, n) / elementsPerChunk);

/** The two words by which elementwise kernels count: elements of a sample (of the whole, when not batched), batched. */
export const elementWords = (value: Value): readonly [number, number] => [sizeOf(value.shape), value.batched ? 1 : 0];

/** A value seen as rows of channels, cut in blocks of rows of 64 KiB (at least one row). */
export interface Rows {
  readonly channels: number;
  /** Rows of one sample. */
  readonly perSample: number;
  /** Rows of a block. */
  readonly block: number;
  /** Number of blocks for a batch of n. */
  readonly blocks: (n: number) => number;
}

export function rowsOf(value: Value): Rows {
  const channels = channelsOf(value);
  const perSample = sizeOf(value.shape) / channels;
  const block = Math.max(1, Math.floor(elementsPerChunk / channels));
  return { channels, perSample, block, blocks: (n) => Math.ceil((value.batched ? n * perSample : perSample) / block) };
}

/** Lower and upper limit by which a kernel applies an epilogue. */
export function limitsOf(epilogue: Epilogue): readonly [Argument, Argument] {
  const upper = epilogue === 'relu6' ? 6 : Number.POSITIVE_INFINITY;
  return [{ float: epilogue === 'none' ? Number.NEGATIVE_INFINITY : 0 }, { float: upper }];
}

/** Floats as a table of constants. */
export const floatTable = (values: ArrayLike<number>): Argument => ({
  table: new Int32Array(Float32Array.from(values).buffer),
});
