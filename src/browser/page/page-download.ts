import { sha256 as hashOf } from '../../core/formats/sha256.ts';
import type { PlannedFile } from '../../core/workbench/fetch-plan.ts';
import type { FileStore } from './file-store.ts';
import type { PageStorage } from './page-storage.ts';

/** Bytes that are gathered before they are written: each writing opens the file anew. */
const gathered = 4 * 2 ** 20;

/** An address that did not give what it should, the end of a sentence. Another one may. */
class AddressError extends Error {}

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Bytes of the file that are here. */
  onProgress(done: number): void;
  /** An address did not work, and why. */
  onFailure(address: string, reason: string): void;
}

/**
 * Fetches one file: into `PATH.part`, which an interruption leaves and the next attempt continues, then compared with the
 * hash that is known of it, and put into its place.
 * @returns the address that gave it and the bytes that lay here; undefined where no address did.
 * @throws the signal's reason. @throws FoveaError where it cannot be written.
 */
export async function downloadInto(
  { files, storage }: { readonly files: FileStore; readonly storage: PageStorage },
  path: string,
  file: PlannedFile,
  options: DownloadOptions,
): Promise<{ readonly address: string; readonly resumedAt: number } | undefined> {
  const part = `${path}.part`;
  for (const address of file.addresses) {
    try {
      const resumedAt = await fetchPart(address, part, file, storage, files, options);
      const blob = await files.read(part);
      const bytes = blob ? new Uint8Array(await blob.arrayBuffer()) : new Uint8Array(0);
      if (bytes.length !== file.size || (await hashOf(bytes)) !== file.sha256) {
        await storage.remove(part);
        throw new AddressError('its content is not what its SHA-256 says: a damaged or exchanged file');
      }
      await storage.rename(part, path);
      return { address, resumedAt };
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof AddressError)) throw error;
      options.onFailure(address, error.message);
    }
  }
  return undefined;
}

/** @returns the bytes that were here before. */
async function fetchPart(
  address: string,
  part: string,
  { size }: PlannedFile,
  storage: PageStorage,
  files: FileStore,
  { signal, onProgress }: DownloadOptions,
): Promise<number> {
  let done = (await files.read(part))?.size ?? 0;
  if (done === size) return done;
  if (done > size) done = 0;
  const answer = await ask(address, done, signal);
  if (answer.status !== 206) done = 0;
  if (done === 0) await storage.remove(part);
  const resumedAt = done;
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  const write = async (): Promise<void> => {
    if (bytes > 0) await storage.append(part, joined(waiting, bytes));
    waiting = [];
    bytes = 0;
  };
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const piece = await reader.read().catch(() => {
        signal?.throwIfAborted();
        throw new AddressError(`the connection was cut at ${done} of ${size} bytes`);
      });
      if (piece.done) break;
      done += piece.value.length;
      if (done > size) throw new AddressError(`it sends more than the ${size} bytes that are right`);
      waiting.push(piece.value);
      bytes += piece.value.length;
      if (bytes >= gathered) await write();
      onProgress(done);
    }
  } finally {
    await write();
    await reader.cancel().catch(() => undefined);
  }
  if (done < size) throw new AddressError(`it ends at ${done} of ${size} bytes`);
  return resumedAt;
}

async function ask(address: string, from: number, signal?: AbortSignal): Promise<Response> {
  let answer: Response;
  try {
    // No cookies, no referrer: the host learns nothing but that somebody fetches the file.
    answer = await fetch(address, {
      signal,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      ...(from > 0 ? { headers: { range: `bytes=${from}-` } } : {}),
    });
  } catch {
    signal?.throwIfAborted();
    // Browsers do not tell pages which of the two it was.
    throw new AddressError('its host does not let pages of other sites read it, or it is not reached');
  }
  if (answer.ok && answer.body) return answer;
  throw new AddressError(answer.status === 404 ? 'it is not there (404)' : `answer ${answer.status}`);
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
