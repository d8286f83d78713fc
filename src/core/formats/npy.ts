import { mismatch } from '../errors.ts';
import { type ByteSource, readHead } from './byte-source.ts';

/** What a .npy file's header says. */
export interface NpyHeader {
  /** Element type without its byte order: `u1`, `i8`, `f4`, `b1`, `U12`, `S5`. */
  readonly type: string;
  readonly littleEndian: boolean;
  /** The first index varies fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly start: number;
  /** Bytes of one element. */
  readonly elementSize: number;
  readonly count: number;
}

export const isNpy = (head: Uint8Array): boolean =>
  head[0] === 0x93 && String.fromCharCode(...head.subarray(1, 6)) === 'NUMPY';

const longestHeader = 1 << 16;
const numberTypes = /^(?:b1|[iu][1248]|f[248])$/;
const textTypes = /^([US])(\d{1,6})$/;

/**
 * Reads the header of a .npy file (NumPy Enhancement Proposal 1, versions 1 to 3). Nothing of it is ever executed: arrays
 * of Python objects are refused.
 * @param subject the file's quoted name. @throws FoveaError also when the file has not the bytes that its header claims.
 */
export async function readNpyHeader(source: ByteSource, subject: string): Promise<NpyHeader> {
  const head = await readHead(source, 12);
  if (head.length < 10 || !isNpy(head))
    throw mismatch(
      "a NumPy array (first bytes '\\x93NUMPY')",
      subject,
      head.length === 0 ? 'an empty file' : 'other bytes',
    );
  const version = head[6];
  if (version < 1 || version > 3 || (version > 1 && head.length < 12))
    throw mismatch('version 1 to 3 of .npy', subject, String(version));
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [before, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > longestHeader) throw mismatch(`a header of at most ${longestHeader} bytes`, subject, `one of ${length}`);
  if (before + length > source.size) throw cutShort(`a header of ${length} bytes`, subject, source.size);
  const text = new TextDecoder().decode(await source.read(before, length));
  const { descr, fortranOrder, shape } = parseHeader(text, subject);
  const [order, type] = [descr[0], descr.slice(1)];
  if (type.startsWith('O')) {
    const mend =
      "It would have to be unpickled, which runs code: save it again with NumPy as uint8, np.save(file, np.stack(list).astype('uint8'))";
    throw mismatch('numbers', subject, 'an array of Python objects', mend);
  }
  const characters = textTypes.exec(type);
  if (!numberTypes.test(type) && !characters)
    throw mismatch(
      'bytes, whole numbers, floats or text',
      subject,
      `elements of type ${show(descr)}`,
      "Save it with .astype('uint8')",
    );
  const elementSize = characters ? Number(characters[2]) * (characters[1] === 'U' ? 4 : 1) : Number(type[1]);
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (count > 2 ** 40)
      throw mismatch('an array that fits into memory', subject, `a header that says ${shape.join(' x ')}`);
  }
  const start = before + length;
  if (start + count * elementSize > source.size) {
    throw cutShort(
      `${start + count * elementSize} bytes (its header says ${shape.join(' x ') || 'one element'} of ${type})`,
      subject,
      source.size,
    );
  }
  return { type, littleEndian: order !== '>', fortranOrder, shape, start, elementSize, count };
}

export type NpyNumbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/**
 * All elements as numbers, outermost index first whatever the file's order; 64-bit integers must lie within ±2^53.
 * @param limit the most bytes that are read at once. @throws FoveaError for text, and past the limit.
 */
export async function readNpyNumbers(
  source: ByteSource,
  header: NpyHeader,
  subject: string,
  limit = 2 ** 31,
): Promise<NpyNumbers> {
  const { type, count, start, elementSize, littleEndian } = header;
  if (!numberTypes.test(type)) throw mismatch('numbers', subject, 'text');
  if (count * elementSize > limit)
    throw mismatch(`at most ${limit} bytes`, subject, `${count * elementSize} bytes of elements`);
  const bytes = await source.read(start, count * elementSize);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return inOrder(readElements(bytes, view, type, count, littleEndian, subject), header);
}

function readElements(
  bytes: Uint8Array,
  view: DataView,
  type: string,
  count: number,
  little: boolean,
  subject: string,
): NpyNumbers {
  const fill = <T extends NpyNumbers>(out: T, at: (i: number) => number): T => {
    for (let i = 0; i < count; i++) out[i] = at(i);
    return out;
  };
  switch (type) {
    case 'u1':
    case 'b1':
      return bytes;
    case 'i1':
      return fill(new Int8Array(count), (i) => view.getInt8(i));
    case 'u2':
      return fill(new Uint16Array(count), (i) => view.getUint16(2 * i, little));
    case 'i2':
      return fill(new Int16Array(count), (i) => view.getInt16(2 * i, little));
    case 'u4':
      return fill(new Uint32Array(count), (i) => view.getUint32(4 * i, little));
    case 'i4':
      return fill(new Int32Array(count), (i) => view.getInt32(4 * i, little));
    case 'f2':
      return fill(new Float32Array(count), (i) => fromHalf(view.getUint16(2 * i, little)));
    case 'f4':
      return fill(new Float32Array(count), (i) => view.getFloat32(4 * i, little));
    case 'f8':
      return fill(new Float64Array(count), (i) => view.getFloat64(8 * i, little));
    default: {
      const read = type === 'i8' ? view.getBigInt64 : view.getBigUint64;
      return fill(new Float64Array(count), (i) => {
        const value = Number(read.call(view, 8 * i, little));
        if (!Number.isSafeInteger(value)) throw mismatch('whole numbers within 2^53', subject, String(value));
        return value;
      });
    }
  }
}

/** Text elements, `U` (UTF-32) or `S` (bytes), trailing zeros removed. */
export async function readNpyText(source: ByteSource, header: NpyHeader, subject: string): Promise<string[]> {
  const { type, count, start, elementSize, littleEndian } = header;
  if (!textTypes.test(type)) throw mismatch('text', subject, 'numbers');
  if (count * elementSize > 2 ** 28)
    throw mismatch(`at most ${2 ** 28} bytes of text`, subject, `${count * elementSize}`);
  const bytes = await source.read(start, count * elementSize);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, i) => {
    let text = '';
    const wide = type[0] === 'U';
    for (let at = i * elementSize; at < (i + 1) * elementSize; at += wide ? 4 : 1) {
      const point = wide ? view.getUint32(at, littleEndian) : bytes[at];
      if (point > 0x10ffff) throw mismatch('text', subject, 'characters that do not exist');
      text += String.fromCodePoint(point);
    }
    return text.replace(/\0+$/, '');
  });
}

/** Outermost index first: Fortran order is turned around. */
function inOrder(values: NpyNumbers, { fortranOrder, shape, count }: NpyHeader): NpyNumbers {
  if (!fortranOrder || shape.length < 2) return values;
  const out = values.slice();
  const index = new Array<number>(shape.length).fill(0);
  const strides: number[] = [];
  for (let axis = 0, stride = 1; axis < shape.length; stride *= shape[axis], axis++) strides.push(stride);
  for (let to = 0; to < count; to++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) from += index[axis] * strides[axis];
    out[to] = values[from];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return out;
}

/** IEEE 754 binary16; exact in 32 bits. */
function fromHalf(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return (sign * fraction) / 16777216;
  // 2^(exponent - 25) as a quotient of powers that are whole numbers.
  return exponent >= 25
    ? sign * (fraction + 1024) * (1 << (exponent - 25))
    : (sign * (fraction + 1024)) / (1 << (25 - exponent));
}

/** The header is a Python dictionary of three entries; only such a literal is understood. */
function parseHeader(text: string, subject: string): { descr: string; fortranOrder: boolean; shape: number[] } {
  const descr = /'descr'\s*:\s*'([<>|=][^']{1,20})'/.exec(text)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d,\sL]{0,400})\)/.exec(text)?.[1];
  if (descr === undefined && /'descr'\s*:\s*\[/.test(text))
    throw mismatch(
      'an array of numbers',
      subject,
      'a structured array',
      'Save the pictures and the labels as arrays of their own',
    );
  if (descr === undefined || fortran === undefined || shape === undefined)
    throw mismatch("a header with 'descr', 'fortran_order' and 'shape'", subject, show(text.trim().slice(0, 60)));
  const sizes = shape
    .split(',')
    .map((size) => size.trim().replace(/L$/, ''))
    .filter((size) => size !== '')
    .map(Number);
  if (sizes.length > 32 || !sizes.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw mismatch('a shape of whole numbers', subject, `(${shape.slice(0, 60)})`);
  return { descr, fortranOrder: fortran === 'True', shape: sizes };
}

const show = (text: string): string => `'${text.replace(/[^\x20-\x7e]/g, '?')}'`;

const cutShort = (expected: string, subject: string, received: number) =>
  mismatch(expected, subject, `${received} bytes`, 'The file is cut short: fetch or save it again');
