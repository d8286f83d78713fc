import { Gunzip, Inflate } from 'fflate';
import { FoveaError, mismatch } from '../errors.ts';

/** Deflate cannot make more than 1032 bytes of one (RFC 1951: 258 bytes from 2 bits): a larger claim is a lie. */
const largestRatio = 1032;
const piece = 1 << 15;

/**
 * Inflates raw deflate data (RFC 1951) that is known to hold `size` bytes. Stops where more comes out, and allocates
 * nothing that the packed bytes could not fill.
 * @throws FoveaError naming `subject` when the data are damaged or hold another number of bytes.
 */
export const inflate = (packed: Uint8Array, size: number, subject: string): Uint8Array =>
  unpack(packed, size, subject, Inflate);

/** The same for gzip data (RFC 1952). */
export const inflateGzip = (packed: Uint8Array, size: number, subject: string): Uint8Array =>
  unpack(packed, size, subject, Gunzip);

function unpack(packed: Uint8Array, size: number, subject: string, Stream: typeof Inflate | typeof Gunzip): Uint8Array {
  const mend = 'The file is damaged: fetch it again';
  if (size > packed.length * largestRatio + largestRatio)
    throw mismatch(`${size} unpacked bytes`, subject, `${packed.length} packed bytes, which cannot hold them`, mend);
  const out = new Uint8Array(size);
  let at = 0;
  let ended = false;
  const stream = new Stream((data: Uint8Array, final: boolean) => {
    if (at + data.length > size) throw mismatch(`${size} unpacked bytes`, subject, 'more than that', mend);
    out.set(data, at);
    at += data.length;
    ended ||= final;
  });
  try {
    for (let from = 0; from < packed.length || from === 0; from += piece) {
      stream.push(packed.subarray(from, from + piece), from + piece >= packed.length);
    }
  } catch (error) {
    if (error instanceof FoveaError) throw error;
    throw mismatch('whole deflate data', subject, `data cut short or damaged after ${at} unpacked bytes`, mend);
  }
  if (!ended || at !== size) throw mismatch(`${size} unpacked bytes`, subject, String(at), mend);
  return out;
}
