import { type FoveaError, invalid, mismatch, show } from '../errors.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { bfloat16ToFloat32, float16ToFloat32 } from './half.ts';
import { quoteName } from './quote.ts';

/** Element types that are read and written as they are. */
export const dtypes = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
} as const;
/** Element types that are read only, as float32, which holds each of their numbers exactly; others are refused by name. */
const halves = { F16: float16ToFloat32, BF16: bfloat16ToFloat32 } as const;
export type Dtype = keyof typeof dtypes | keyof typeof halves;
export type TensorData = Float64Array | Float32Array | Int32Array | BigInt64Array | Uint8Array;

export interface Tensor {
  readonly shape: Shape;
  /** As the file has it; `data` of F16 and BF16 is a Float32Array. */
  readonly dtype: Dtype;
  readonly data: TensorData;
}

export interface SafetensorsFile {
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Record<string, string>;
}

/** A model of a thousand tensors has a header of 100 kB; one that is read in more than a second is no model's. */
const MAXIMUM_HEADER = 16 * 1024 * 1024;
const MEND = 'Save or copy the file again';

/** Errors about `subject`; a received text is told as it is, any other value as a person would write it. */
const failure =
  (subject: string) =>
  (expected: string, received: unknown): FoveaError =>
    typeof received === 'string'
      ? mismatch(expected, subject, received, MEND)
      : invalid(expected, subject, received, MEND);

/**
 * Reads a .safetensors file: 8 bytes length of the header (little-endian), the header (JSON: name → dtype, shape,
 * data_offsets; `__metadata__` → strings), then the tensors' bytes, which fill the rest without hole or overlap
 * (github.com/huggingface/safetensors, format). Nothing is allocated before its size is known to be in the file.
 *
 * @param name the file's name, for errors. @throws FoveaError for anything that is not such a file.
 */
export function readSafetensors(bytes: Uint8Array, name: string): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = failure(`file '${name}'`);
  if (bytes.length < 8) throw fail('a safetensors file', `${bytes.length} bytes`);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > MAXIMUM_HEADER || headerLength < 2) {
    throw fail(`a safetensors header of 2 to ${MAXIMUM_HEADER} bytes`, 'other bytes (is it a safetensors file?)');
  }
  if (8 + headerLength > bytes.length)
    throw fail(`a header of ${headerLength} bytes`, `a file of ${bytes.length} bytes`);
  // Not subarray: of a Node Buffer that is a Buffer, whose slice does not copy.
  const body = new Uint8Array(bytes.buffer, bytes.byteOffset + 8 + headerLength, bytes.length - 8 - headerLength);
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), fail);

  const metadata: Record<string, string> = Object.create(null);
  const tensors = new Map<string, Tensor>();
  const ranges: { name: string; dtype: Dtype; shape: Shape; begin: number; end: number }[] = [];
  for (const [key, entry] of Object.entries(header)) {
    if (key === '__metadata__') {
      if (!isRecord(entry)) throw fail('metadata of names and strings', entry);
      for (const [field, value] of Object.entries(entry)) {
        if (typeof value !== 'string') throw fail(`a string for metadata ${quoteName(field)}`, value);
        metadata[field] = value;
      }
      continue;
    }
    ranges.push({ name: key, ...checkEntry(key, entry, body.length, name) });
  }

  let at = 0;
  for (const range of [...ranges].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (range.begin < at)
      throw fail('tensors that do not overlap', `${quoteName(range.name)} at ${range.begin}, before ${at}`);
    if (range.begin > at)
      throw fail('tensors without holes', `${quoteName(range.name)} at ${range.begin}, after ${at}`);
    at = range.end;
  }
  if (at !== body.length) throw fail(`${at} bytes of tensors`, `${body.length} bytes`);
  // Only now: tensors that share bytes could otherwise take many times the file's size.
  for (const { name: key, dtype, shape, begin, end } of ranges) {
    const bytes = body.subarray(begin, end);
    // A copy: it is aligned, and the file's bytes can be freed.
    const data = isHalf(dtype) ? halves[dtype](bytes) : new dtypes[dtype](bytes.slice().buffer);
    tensors.set(key, { shape, dtype, data });
  }
  return { tensors, metadata };
}

/** Writes a .safetensors file: names sorted, header padded with spaces so that the tensors' bytes start 8-byte aligned. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, { readonly shape: Shape; readonly data: TensorData }>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = Object.create(null);
  const sortedMetadata = Object.entries(metadata).sort(byName);
  if (sortedMetadata.length > 0) header.__metadata__ = Object.fromEntries(sortedMetadata);
  // Widest elements first, so that each tensor is aligned to its own size.
  const entries = [...tensors].sort(
    (a, b) => b[1].data.BYTES_PER_ELEMENT - a[1].data.BYTES_PER_ELEMENT || byName([a[0]], [b[0]]),
  );
  let offset = 0;
  for (const [name, { shape, data }] of entries) {
    if (name === '__metadata__') throw new Error('a tensor cannot be named __metadata__');
    if (sizeOf(shape) !== data.length) throw new Error(`tensor '${name}': ${data.length} elements for shape ${shape}`);
    header[name] = { dtype: dtypeOf(data), shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = headerText(header);
  const headerBytes = new TextEncoder().encode(text);
  const padded = Math.ceil(headerBytes.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, 8, 8 + padded);
  bytes.set(headerBytes, 8);
  let at = 8 + padded;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

const byName = (a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;

/** JSON with the names in sorted order, also names that look like numbers (which objects would put first). */
function headerText(header: Record<string, unknown>): string {
  const parts = Object.entries(header)
    .sort(byName)
    .map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  return `{${parts.join(',')}}`;
}

function dtypeOf(data: TensorData): Dtype {
  for (const [dtype, Type] of Object.entries(dtypes)) if (data instanceof Type) return dtype as Dtype;
  throw new Error('a tensor of this element type cannot be written');
}

const isHalf = (dtype: Dtype): dtype is keyof typeof halves => Object.hasOwn(halves, dtype);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function parseHeader(
  bytes: Uint8Array,
  fail: (expected: string, received: unknown) => FoveaError,
): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    throw fail('a header in JSON', 'other bytes (is it a safetensors file?)');
  }
  if (text[0] !== '{' || !isRecord(header)) throw fail('a header that is a JSON object', show(text.slice(0, 20)));
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw fail('each name once', `${quoteName(repeated)} twice`);
  return header;
}

/** The first key that stands twice in one object of a valid JSON text: JSON.parse would keep the last silently. */
function repeatedKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs;
  for (const match of text.matchAll(tokens)) {
    const [token, colon] = match;
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, -colon.length)) as string;
      const keys = open[open.length - 1];
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

function checkEntry(
  key: string,
  entry: unknown,
  bodyLength: number,
  name: string,
): { dtype: Dtype; shape: Shape; begin: number; end: number } {
  const fail = failure(`tensor ${quoteName(key)} in file '${name}'`);
  if (!isRecord(entry)) throw fail('dtype, shape and data_offsets', entry);
  const { dtype, shape, data_offsets: offsets } = entry;
  const known = [...Object.keys(dtypes), ...Object.keys(halves)];
  if (typeof dtype !== 'string' || !known.includes(dtype)) {
    const mend = 'Convert the tensor to F32 before saving it';
    throw invalid(`one of ${known.join(', ')}`, `dtype of tensor ${quoteName(key)} in file '${name}'`, dtype, mend);
  }
  if (!Array.isArray(shape) || shape.length > 32 || !shape.every(isSize)) throw fail('a shape of whole numbers', shape);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw fail('two data_offsets', offsets);
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > bodyLength) throw fail(`data_offsets within ${bodyLength} bytes`, `${begin} to ${end}`);
  const width = isHalf(dtype as Dtype) ? 2 : dtypes[dtype as keyof typeof dtypes].BYTES_PER_ELEMENT;
  const bytes = sizeOf(shape as number[]) * width;
  // A product beyond 2^53 is no longer exact, but also no longer equal to a size in the file.
  if (bytes !== end - begin)
    throw fail(`${bytes} bytes (${dtype} ${shape.join('x') || 'scalar'})`, `${end - begin} bytes`);
  return { dtype: dtype as Dtype, shape: shape as number[], begin, end };
}
