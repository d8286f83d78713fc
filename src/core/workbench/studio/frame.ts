import { invalid } from '../../errors.ts';

/**
 * Values with typed arrays as bytes, for where a message can hold nothing else: the length of a JSON text (uint32, little
 * endian), the text, zeros up to a multiple of 8, then the arrays, each at a multiple of 8. In the text an array is
 * `{"$": "array", "type": "Uint8Array", "at": 0, "length": 3}`, its place counted from where the arrays begin; NaN and the
 * infinities are `{"$": "number", "value": "NaN"}`; an object that has a key `$` itself is wrapped as
 * `{"$": "object", "value": {…}}`.
 */
const arrays = { Uint8Array, Int32Array, Uint32Array, Float32Array, Float64Array } as const;
type ArrayName = keyof typeof arrays;
type AnyArray = InstanceType<(typeof arrays)[ArrayName]>;

export const isArray = (value: unknown): value is AnyArray =>
  ArrayBuffer.isView(value) && Object.hasOwn(arrays, nameOf(value as AnyArray));

/** A subclass, such as Node's Buffer, counts as what it is made of. */
const nameOf = (value: AnyArray): string => (value instanceof Uint8Array ? 'Uint8Array' : value.constructor.name);

const align = (bytes: number): number => (bytes + 7) & ~7;
/** JSON text and nesting that a frame may have: more is no honest request. */
const mostText = 2 ** 28;

/** Whether plain JSON would lose something of a value. */
export function needsFrame(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  if (isArray(value)) return true;
  if (Array.isArray(value)) return value.some(needsFrame);
  return '$' in value || Object.values(value).some(needsFrame);
}

export function encodeFrame(value: unknown): Uint8Array<ArrayBuffer> {
  const found: { readonly array: AnyArray; readonly at: number }[] = [];
  let total = 0;
  const plain = (one: unknown): unknown => {
    if (typeof one === 'number' && !Number.isFinite(one)) return { $: 'number', value: String(one) };
    if (typeof one !== 'object' || one === null) return one;
    if (isArray(one)) {
      const at = total;
      found.push({ array: one, at });
      total = align(at + one.byteLength);
      return { $: 'array', type: nameOf(one), at, length: one.length };
    }
    if (Array.isArray(one)) return one.map(plain);
    const object = Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, plain(inner)]));
    return '$' in one ? { $: 'object', value: object } : object;
  };
  const text = new TextEncoder().encode(JSON.stringify(plain(value)) ?? 'null');
  const begin = align(4 + text.length);
  const frame = new Uint8Array(begin + total);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  frame.set(text, 4);
  for (const { array, at } of found) {
    frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), begin + at);
  }
  return frame;
}

/** @throws FoveaError for bytes that are no frame. The arrays are copies of nothing: they lie in the frame's memory. */
export function decodeFrame(bytes: Uint8Array): unknown {
  const broken = (received: string) => invalid('a frame of Fovea', 'the bytes', received);
  if (bytes.length < 4) throw broken(`${bytes.length} bytes`);
  const textLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (textLength > mostText || 4 + textLength > bytes.length) throw broken(`a text of ${textLength} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(4, 4 + textLength)));
  } catch {
    throw broken('a text that is no JSON');
  }
  // Views of wider numbers need an even place: from a network, bytes may begin anywhere.
  const begin = align(4 + textLength);
  const body = bytes.slice(Math.min(begin, bytes.length));
  const restore = (one: unknown): unknown => {
    if (typeof one !== 'object' || one === null) return one;
    if (Array.isArray(one)) return one.map(restore);
    const { $: mark, type, at, length, value: inner } = one as Record<string, unknown>;
    if (mark === 'array') {
      const Kind = Object.hasOwn(arrays, String(type)) ? arrays[type as ArrayName] : undefined;
      const fits =
        Kind !== undefined &&
        Number.isInteger(at) &&
        Number.isInteger(length) &&
        (at as number) >= 0 &&
        (length as number) >= 0 &&
        (at as number) % 8 === 0 &&
        (at as number) + (length as number) * Kind.BYTES_PER_ELEMENT <= body.length;
      if (!fits) throw broken('an array that is not there');
      return new Kind(body.buffer, body.byteOffset + (at as number), length as number);
    }
    if (mark === 'number') return Number(inner);
    const object = mark === 'object' ? (inner as object) : one;
    return Object.fromEntries(Object.entries(object ?? {}).map(([key, part]) => [key, restore(part)]));
  };
  return restore(value);
}

/** The memory of all arrays of a value, once each: what a message between threads may hand over. */
export function buffersOf(value: unknown, found = new Set<ArrayBufferLike>()): Set<ArrayBufferLike> {
  if (isArray(value)) found.add(value.buffer);
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) buffersOf(inner, found);
  return found;
}
