import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { FoveaError } from '../errors.ts';

/** A file on its way into an archive; read when its turn comes. */
export interface ZipItem {
  /** With slashes. */
  readonly path: string;
  read(): Promise<Uint8Array>;
}

export interface ZipOptions {
  /** How errors name the file, quoted. */
  readonly subject: string;
  /** What a person can do where it would be too large. */
  readonly mend: string;
  readonly signal?: AbortSignal;
  /** Told of each file that is in it. */
  readonly onPacked?: (item: { readonly path: string; readonly bytes: number }) => void;
}

/** Beyond this a zip file needs its 64-bit form, which many programs do not read. */
export const mostZipBytes = 2 ** 32 - 2 ** 24;

/** What gains nothing or little by packing: it is packed already, or is weights or pixels. */
const gainsLittle = /\.(jpe?g|png|webp|gif|avif|heic|zip|gz|tgz|npz|parquet|safetensors|bin)$/i;

/**
 * The bytes of a zip file, piece by piece: one of its files is in memory at a time. The same files give the same bytes.
 * @throws FoveaError when it takes more than 4 GB; the signal's reason.
 */
export async function* packZip(
  items: Iterable<ZipItem> | AsyncIterable<ZipItem>,
  { subject, mend, signal, onPacked }: ZipOptions,
): AsyncGenerator<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let failure: Error | undefined;
  let total = 0;
  const zip = new Zip((error, piece) => {
    if (error) failure = error;
    else pieces.push(piece);
  });
  for await (const { path, read } of items) {
    signal?.throwIfAborted();
    const bytes = await read();
    total += bytes.length;
    if (total > mostZipBytes) throw new FoveaError(`Expected at most 4 GB for ${subject} but received more`, mend);
    const entry = gainsLittle.test(path) ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
    // No time of this machine: the same content gives the same file.
    entry.mtime = new Date(2000, 0, 1);
    zip.add(entry);
    entry.push(bytes, true);
    if (failure) throw failure;
    yield* pieces.splice(0);
    onPacked?.({ path, bytes: bytes.length });
  }
  zip.end();
  yield* pieces.splice(0);
}
