import type { PbfReader } from 'pbf';
import { type FoveaError, mismatch } from '../../errors.ts';

/** What PbfReader leaves to its caller: whether lengths stay within what holds them, and how many of a thing there are. */

const cutShort = (subject: string): FoveaError =>
  mismatch('a whole ONNX model', subject, 'a length that leads out of it', 'Save or copy the file again');

/**
 * Visits the fields of the message that ends at `end`; those that `visit` does not read are passed over.
 * @throws FoveaError when a field leads out of the message.
 */
export function eachField(reader: PbfReader, end: number, subject: string, visit: (field: number) => void): void {
  for (;;) {
    const field = reader.nextField(end);
    if (reader.pos > end) throw cutShort(subject);
    if (field === 0) {
      // pbf says 0 at the end, and for a field of that number, which no message has.
      if (reader.pos !== end) throw new Error('a field without a number');
      return;
    }
    visit(field);
    if (reader.pos > end) throw cutShort(subject);
  }
}

/** A message within a message. @param read is given its end. */
export function readMessage<T>(reader: PbfReader, subject: string, read: (end: number) => T): T {
  const end = lengthAt(reader, subject) + reader.pos;
  return read(end);
}

/** The length of what follows. @throws FoveaError when there is less, or the field has no length. */
function lengthAt(reader: PbfReader, subject: string): number {
  if (reader.type !== 2) throw mismatch('a field with a length', subject, `a field of wire type ${reader.type}`);
  const length = reader.readVarint();
  if (!(length >= 0 && reader.pos + length <= reader.length)) throw cutShort(subject);
  return length;
}

/** A view of bytes. */
export function readBytes(reader: PbfReader, subject: string): Uint8Array {
  const length = lengthAt(reader, subject);
  const bytes = reader.buf.subarray(reader.pos, reader.pos + length);
  reader.pos += length;
  return bytes;
}

const decoder = new TextDecoder('utf-8');

/** A text of at most `most` bytes. */
export function readText(reader: PbfReader, most: number, subject: string): string {
  const bytes = readBytes(reader, subject);
  if (bytes.length > most) throw mismatch(`a text of at most ${most} bytes`, subject, `${bytes.length} bytes`);
  return decoder.decode(bytes);
}

/** int32, int64 or an enum. Beyond 2^53 the nearest number. */
export function readInteger(reader: PbfReader): number {
  if (reader.type !== 0) throw new Error(`wire type ${reader.type} for a whole number`);
  return reader.readVarint(true);
}

/** One of a repeated whole number, or many of them packed. `visit` says false to pass over the rest. */
export function varints(reader: PbfReader, end: number, visit: (value: number) => boolean | undefined): void {
  if (reader.type !== 2) {
    visit(readInteger(reader));
    return;
  }
  const last = reader.readVarint() + reader.pos;
  if (!(last <= end)) throw new Error('packed numbers lead out of their message');
  while (reader.pos < last) if (visit(reader.readVarint(true)) === false) reader.pos = last;
}

/** @throws FoveaError when there are `most` already. */
export function limited(count: number, most: number, what: string, subject: string): void {
  if (count >= most) throw mismatch(`at most ${most} ${what}`, subject, 'more than that');
}
