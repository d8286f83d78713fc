import { FoveaError, mismatch } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { gunzipping } from './gzip.ts';
import type { CreateSpool } from './spool.ts';

export interface GunzipSourceOptions {
  /** The file's quoted name, for errors. */
  readonly subject: string;
  readonly createSpool: CreateSpool;
  /** The most bytes that may come out. Default 64 GiB. */
  readonly limit?: number;
  /** Unpacked bytes for each packed byte beyond the first 16 MiB. Default 200. */
  readonly ratio?: number;
  readonly signal?: AbortSignal;
}

const inputPiece = 1 << 17;
const harmlessBytes = 2 ** 24;

/**
 * Inflates a gzip file once, from the first byte to the last, into a spool: gzip cannot be entered in the middle, and
 * reading a picture out of a .tar.gz by unpacking all before it would cost the square of its length.
 * @throws FoveaError when the data are cut short or damaged, or unpack past the limits; nothing is kept then.
 */
export async function gunzipSource(source: ByteSource, options: GunzipSourceOptions): Promise<ByteSource> {
  const { subject, createSpool, limit = 2 ** 36, ratio = 200, signal } = options;
  let taken = 0;
  const input = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const length = Math.min(inputPiece, source.size - taken);
      if (length === 0) return controller.close();
      const piece = await source.read(taken, length);
      taken += length;
      controller.enqueue(piece);
    },
  });
  const reader = input.pipeThrough(gunzipping()).getReader();
  const spool = createSpool();
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!value?.length) continue;
      signal?.throwIfAborted();
      total += value.length;
      if (total > limit) throw mismatch(`at most ${limit} unpacked bytes`, subject, 'more than that');
      if (total > harmlessBytes + ratio * taken) {
        const mend = 'It is damaged, or made to fill the disk';
        throw mismatch(`at most ${ratio} unpacked bytes for each packed one`, subject, 'more than that', mend);
      }
      await spool.write(value);
    }
    return await spool.finish();
  } catch (error) {
    // Not awaited: a host whose stream has failed already may never settle it.
    reader.cancel().catch(() => {});
    await spool.discard();
    if (error instanceof FoveaError || signal?.aborted) throw error;
    throw mismatch(
      'a whole gzip stream',
      subject,
      `one that is cut short or damaged after ${total} unpacked bytes`,
      'Fetch the file again',
    );
  }
}
