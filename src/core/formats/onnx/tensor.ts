import type { PbfReader } from 'pbf';
import { mismatch } from '../../errors.ts';
import { quoteName } from '../quote.ts';
import { type ElementType, elementTypes, type OnnxTensor } from './messages.ts';
import { eachField, limited, readBytes, readInteger, readText, varints } from './wire.ts';

/** Whole numbers say shapes and axes: more of them are no such thing, and are only read if they are asked for. */
const mostIntegers = 1 << 16;
const mostDimensions = 32;

interface Stored {
  raw?: Uint8Array;
  /** float_data and double_data: packed, or one by one. */
  floats: Uint8Array[];
  doubles: Uint8Array[];
  integers: number[];
  tooMany: boolean;
}

/**
 * A TensorProto that ends at `end`. Dimensions are checked against the bytes that are there before anything is
 * allocated. @throws FoveaError naming the tensor when they differ, or when its weights lie in another file.
 */
export function readTensorMessage(reader: PbfReader, end: number, subject: string): OnnxTensor {
  let name = '';
  let type = 0;
  let external = false;
  const dims: number[] = [];
  const stored: Stored = { floats: [], doubles: [], integers: [], tooMany: false };
  eachField(reader, end, subject, (field) => {
    if (field === 1) {
      varints(reader, end, (size) => {
        limited(dims.length, mostDimensions, 'dimensions of a tensor', subject);
        dims.push(size);
        return true;
      });
    } else if (field === 2) type = readInteger(reader);
    else if (field === 4) stored.floats.push(readNumbers(reader, 5, 4, subject));
    else if (field === 10) stored.doubles.push(readNumbers(reader, 1, 8, subject));
    else if (field === 5 || field === 7) {
      varints(reader, end, (value) => {
        stored.tooMany = stored.integers.length >= mostIntegers;
        if (!stored.tooMany) stored.integers.push(value);
        return !stored.tooMany;
      });
    } else if (field === 8) name = readText(reader, 4096, subject);
    else if (field === 9) stored.raw = readBytes(reader, subject);
    else if (field === 13) external = true;
    else if (field === 14) external = readInteger(reader) !== 0 || external;
  });
  const owner = `tensor ${quoteName(name)} in ${subject}`;
  if (external) {
    const mend = 'Save the model as one file (onnx.save_model(..., save_as_external_data=False))';
    throw mismatch('weights within the file', owner, 'weights in another file, which are not followed', mend);
  }
  if (!dims.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw mismatch('dimensions of at least 0', owner, dims.join('x'));
  }
  return { name, dims, ...elements(type, dims, stored, owner) };
}

/** A repeated number of fixed width: packed as one piece of bytes, or a single one. */
function readNumbers(reader: PbfReader, wireType: number, width: number, subject: string): Uint8Array {
  if (reader.type === 2) return readBytes(reader, subject);
  if (reader.type !== wireType || reader.pos + width > reader.length) {
    throw mismatch('a number', subject, `wire type ${reader.type}`);
  }
  const bytes = reader.buf.subarray(reader.pos, reader.pos + width);
  reader.pos += width;
  return bytes;
}

const widths: Readonly<Partial<Record<ElementType, number>>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  int64: 8,
  int32: 4,
  uint8: 1,
  int8: 1,
  bool: 1,
};

type Elements = Pick<OnnxTensor, 'type' | 'data' | 'why'>;

function elements(code: number, dims: readonly number[], stored: Stored, owner: string): Elements {
  const type = (Object.keys(elementTypes) as ElementType[]).find((known) => elementTypes[known] === code);
  if (type === undefined) return { type: 'other', why: `elements of type ${code}` };
  const count = dims.reduce((product, size) => product * size, 1);
  const isFloat = type === 'float32' || type === 'float64' || type === 'float16';
  // Zeros are only for a tensor that has no element; it then needs no bytes.
  const width = widths[type]!;
  const numbers = isFloat && type !== 'float16' ? (type === 'float32' ? stored.floats : stored.doubles) : [];
  const given = stored.raw
    ? stored.raw.length / width
    : numbers.length > 0
      ? numbers.reduce((sum, bytes) => sum + bytes.length, 0) / width
      : stored.integers.length;
  if (stored.tooMany || (!isFloat && given > mostIntegers))
    return { type, why: `more than ${mostIntegers} of ${type}` };
  if (given !== count) {
    throw mismatch(`${count} elements (${dims.join('x') || 'a scalar'})`, owner, `${given}`);
  }
  if (stored.raw) return { type, data: decode(type, [stored.raw], count) };
  if (numbers.length > 0) return { type, data: decode(type, numbers, count) };
  // In int32_data a float16 stands as its bits.
  if (type === 'float16') return { type, data: Float32Array.from(stored.integers, fromHalf) };
  return { type, data: isFloat ? Float32Array.from(stored.integers) : Float64Array.from(stored.integers) };
}

/** Little-endian pieces, one after the other. */
function decode(type: ElementType, pieces: readonly Uint8Array[], count: number): Float32Array | Float64Array {
  const isFloat = type === 'float32' || type === 'float64' || type === 'float16';
  const data = isFloat ? new Float32Array(count) : new Float64Array(count);
  const width = widths[type]!;
  let at = 0;
  for (const piece of pieces) {
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    const read = readers[type](view);
    // A number that is cut in two by packing is no number; `count` then does not match.
    for (let offset = 0; offset + width <= piece.length && at < count; offset += width) data[at++] = read(offset);
  }
  return data;
}

const readers: Readonly<Record<ElementType, (view: DataView) => (offset: number) => number>> = {
  float32: (view) => (offset) => view.getFloat32(offset, true),
  float64: (view) => (offset) => view.getFloat64(offset, true),
  float16: (view) => (offset) => fromHalf(view.getUint16(offset, true)),
  int64: (view) => (offset) => Number(view.getBigInt64(offset, true)),
  int32: (view) => (offset) => view.getInt32(offset, true),
  uint8: (view) => (offset) => view.getUint8(offset),
  int8: (view) => (offset) => view.getInt8(offset),
  bool: (view) => (offset) => view.getUint8(offset),
};

/** A float16 by its bits (IEEE 754, binary16). */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return (sign * fraction) / 2 ** 24;
  return exponent >= 25
    ? sign * (1024 + fraction) * (1 << (exponent - 25))
    : (sign * (1024 + fraction)) / (1 << (25 - exponent));
}
