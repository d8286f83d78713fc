import { mismatch } from '../../errors.ts';

const powers = [1, 128, 16384, 2097152, 268435456] as const;

/**
 * Reads `count` numbers of Parquet's hybrid of run lengths and packed bits (parquet-format, Encodings.md, RLE). Runs
 * longer than what is asked for are cut, so that no claim of a run makes work or memory.
 * @param width bits of a number, 0 to 32.
 */
export function readHybrid(
  bytes: Uint8Array,
  from: number,
  to: number,
  width: number,
  count: number,
  subject: string,
): Uint32Array {
  const fail = (what: string) =>
    mismatch(`${count} packed numbers`, subject, what, 'The file is damaged: fetch it again');
  if (width > 32) throw fail(`numbers of ${width} bits`);
  const out = new Uint32Array(count);
  const runBytes = (width + 7) >> 3;
  let at = from;
  let done = 0;
  while (done < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= to || shift > 28) throw fail('an early end');
      const byte = bytes[at++];
      header += (byte & 127) * powers[shift / 7];
      if (byte < 128) break;
    }
    if (header % 2 === 0) {
      if (at + runBytes > to) throw fail('an early end');
      const run = Math.min(header / 2, count - done);
      if (run === 0) throw fail('a run of none');
      let value = 0;
      for (let i = 0; i < runBytes; i++) value |= bytes[at++] << (8 * i);
      out.fill(value >>> 0, done, done + run);
      done += run;
    } else {
      const packed = (header - 1) / 2;
      const run = Math.min(packed * 8, count - done);
      if (run === 0) throw fail('a run of none');
      // The last group may be cut where its numbers are not needed.
      if (at + Math.ceil((run * width) / 8) > to) throw fail('an early end');
      for (let i = 0, bit = 0; i < run; i++) {
        let value = 0;
        for (let b = 0; b < width; b++, bit++) value |= ((bytes[at + (bit >> 3)] >> (bit & 7)) & 1) << b;
        out[done++] = value >>> 0;
      }
      at += Math.min(packed * width, to - at);
    }
  }
  return out;
}
