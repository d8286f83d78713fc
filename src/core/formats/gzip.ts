import { FoveaError, mismatch } from '../errors.ts';

/** Whether bytes begin as a gzip member does (RFC 1952): 1f 8b, method 8. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

export interface GunzipOptions {
  /** What the bytes are, for error messages: a file name. */
  readonly subject: string;
  /** The most bytes that may come out. Default 2 GiB. */
  readonly limit?: number;
  /**
   * Called once with the first bytes that came out (at least `headBytes`, unless there are fewer): the number of bytes
   * that the whole must have, or a throw. So a small file that inflates without end is stopped where its own header ends.
   */
  readonly expect?: (head: Uint8Array) => number;
  /** Bytes that `expect` needs. Default 64. */
  readonly headBytes?: number;
}

const inputPiece = 1 << 16;

/**
 * Inflates a gzip file (RFC 1952, several members too). Memory is bounded by what really comes out, never by a claim.
 * @throws FoveaError when the bytes are no gzip, are cut short or corrupt, or inflate past the limit.
 */
export async function gunzip(bytes: Uint8Array, options: GunzipOptions): Promise<Uint8Array> {
  const { subject, limit = 2 ** 31, expect, headBytes = 64 } = options;
  if (!isGzip(bytes)) {
    throw mismatch(
      'gzip data (first bytes 1f 8b 08)',
      subject,
      describeHead(bytes),
      'Unpack it or fetch the file again',
    );
  }
  const reader = inflating(bytes).getReader();
  const pieces: Uint8Array[] = [];
  let total = 0;
  let expected: number | undefined;
  const check = (): void => {
    if (expect && expected === undefined) expected = expect(concatenate(pieces, Math.min(total, headBytes)));
    if (expected !== undefined && total > expected) {
      throw mismatch(`${expected} bytes, as its header says,`, subject, 'more than that', 'The file is damaged');
    }
    if (total > limit) throw mismatch(`at most ${limit} unpacked bytes`, subject, 'more than that');
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!value?.length) continue;
      pieces.push(value);
      total += value.length;
      if (total >= headBytes) check();
    }
    check();
  } catch (error) {
    // Not awaited: a host whose stream has failed already may never settle it.
    reader.cancel().catch(() => {});
    if (error instanceof FoveaError) throw error;
    throw mismatch(
      'a whole gzip stream',
      subject,
      `one that is cut short or damaged after ${total} unpacked bytes`,
      'Fetch the file again',
    );
  }
  return concatenate(pieces, total);
}

function inflating(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += inputPiece) controller.enqueue(bytes.subarray(at, at + inputPiece));
      controller.close();
    },
  });
  return source.pipeThrough(gunzipping());
}

/** As core and pages agree on its type: theirs is narrower about what is written to it. */
export const gunzipping = (): { readonly readable: ReadableStream<Uint8Array>; readonly writable: never } =>
  new DecompressionStream('gzip') as never;

function concatenate(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    if (at === length) break;
    const part = piece.length > length - at ? piece.subarray(0, length - at) : piece;
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const describeHead = (bytes: Uint8Array): string =>
  bytes.length === 0
    ? 'an empty file'
    : `bytes ${[...bytes.subarray(0, 4)].map((b) => b.toString(16).padStart(2, '0')).join(' ')}`;
