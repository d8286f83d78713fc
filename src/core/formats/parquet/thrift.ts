import { mismatch } from '../../errors.ts';

/** A value of Thrift's compact protocol: structs are maps from field number to value. */
export type ThriftValue = number | boolean | Uint8Array | readonly ThriftValue[] | ThriftStruct;
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

const deepest = 24;
const mend = 'The file is damaged: fetch it again';

/**
 * Reads one struct of Thrift's compact protocol (apache/thrift, doc/specs/thrift-compact-protocol.md). Every claimed
 * length is checked against the bytes that are there, and every element of a list takes at least one, so that nothing
 * grows beyond its file. 64-bit integers beyond 2^53 lose their last digits; sizes are checked by the caller.
 * @returns the struct and the place after it. @throws FoveaError for anything else.
 */
export function readThrift(bytes: Uint8Array, from: number, subject: string): { struct: ThriftStruct; end: number } {
  let at = from;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = () => mismatch('a header of Parquet', subject, 'other bytes', mend);
  const byte = (): number => {
    if (at >= bytes.length) throw fail();
    return bytes[at++];
  };
  /** Unsigned; at most 10 bytes. Exact below 2^53. */
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++, scale *= 128) {
      const next = byte();
      value += (next & 127) * scale;
      if (next < 128) return value;
    }
    throw fail();
  };
  const zigzag = (): number => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const element = (type: number, depth: number): ThriftValue => {
    if (depth > deepest) throw fail();
    switch (type) {
      case 1:
        return true;
      case 2:
        return false;
      case 3:
        return (byte() << 24) >> 24;
      case 4:
      case 5:
      case 6:
        return zigzag();
      case 7:
        if (at + 8 > bytes.length) throw fail();
        at += 8;
        return view.getFloat64(at - 8, true);
      case 8: {
        const length = varint();
        if (!(at + length <= bytes.length)) throw fail();
        at += length;
        return bytes.subarray(at - length, at);
      }
      case 9:
      case 10:
        return list(depth);
      case 12:
        return struct(depth);
      default:
        throw fail();
    }
  };
  const list = (depth: number): ThriftValue[] => {
    const head = byte();
    const count = head >> 4 === 15 ? varint() : head >> 4;
    const type = head & 15;
    if (!(count <= bytes.length - at)) throw fail();
    const values: ThriftValue[] = [];
    for (let i = 0; i < count; i++) values.push(type === 1 || type === 2 ? byte() === 1 : element(type, depth + 1));
    return values;
  };
  const struct = (depth: number): ThriftStruct => {
    const fields = new Map<number, ThriftValue>();
    let id = 0;
    for (;;) {
      const head = byte();
      if (head === 0) return fields;
      id = head >> 4 ? id + (head >> 4) : zigzag();
      fields.set(id, element(head & 15, depth + 1));
    }
  };
  const found = struct(0);
  return { struct: found, end: at };
}

/** A field of a wanted kind, or undefined where it is absent or of another. */
export const numberField = (struct: ThriftStruct, id: number): number | undefined => {
  const value = struct.get(id);
  return typeof value === 'number' ? value : undefined;
};
export const textField = (struct: ThriftStruct, id: number): string | undefined => {
  const value = struct.get(id);
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
};
export const structField = (struct: ThriftStruct, id: number): ThriftStruct | undefined => {
  const value = struct.get(id);
  return value instanceof Map ? (value as ThriftStruct) : undefined;
};
export const listField = (struct: ThriftStruct, id: number): readonly ThriftValue[] => {
  const value = struct.get(id);
  return Array.isArray(value) ? (value as ThriftValue[]) : [];
};
