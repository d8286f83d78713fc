import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { FoveaError, mismatch } from '../core/errors.ts';
import { AddressError, bodyOf, describeStatus, type GetAnswer, type GetOptions, httpGet } from './http-get.ts';
import { fileError } from './storage.ts';

/** What is to be fetched and where it goes. */
export interface DownloadRequest extends Pick<GetOptions, 'plainHttp' | 'patience' | 'signal'> {
  /** Tried in order; at least one. */
  readonly addresses: readonly string[];
  /** The file that it becomes, when it is whole and right. Its folder must be there. */
  readonly path: string;
  /** Bytes, where they are known beforehand: an address that says otherwise is not used. */
  readonly size?: number;
  /** Where it is known beforehand. Absent: one that the server tells by `X-Linked-ETag` is checked. */
  readonly sha256?: string;
  /** Most bytes that a file of unknown size may have. */
  readonly limit: number;
  /** @param done bytes that lie on the disk. @param total undefined while unknown. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
  /** An address did not work, and why; the next is tried. Failures of all are told by the error. */
  readonly onFailure?: (address: string, reason: string) => void;
  /** What the person can do where no address works, as sentences. */
  readonly mend?: string;
}

export interface Download {
  readonly size: number;
  readonly sha256: string;
  /** Whether a checksum from elsewhere vouches for the content. */
  readonly verified: boolean;
  /** The address that gave it; undefined where it lay there already. */
  readonly address?: string;
  /** Bytes of an earlier attempt that were used. */
  readonly resumedAt: number;
}

/** What is remembered beside a part: without it nobody knows whether the file behind an address is still the same. */
interface PartFacts {
  readonly address: string;
  /** A strong validator (RFC 9110, 8.8.1), or empty. */
  readonly etag: string;
}

/** Attempts at one address that bring nothing, after which it is left. */
const mostCuts = 3;

/**
 * Fetches one file: into `PATH.part`, which an interruption leaves and the next attempt continues (Range with If-Range,
 * RFC 9110, 13.1.5 and 14), then verified and renamed. What lies at `path` already is verified instead.
 * @throws FoveaError when no address gives the file. @throws the signal's reason; the part is kept.
 */
export async function download(request: DownloadRequest): Promise<Download> {
  const { path, addresses, onFailure } = request;
  const before = await verifyPresent(request);
  if (before) return before;
  const failures: string[] = [];
  for (const address of addresses) {
    for (let cuts = 0; ; ) {
      const held = await sizeOf(partOf(path));
      try {
        return await fetchFrom(address, request);
      } catch (error) {
        if (!(error instanceof AddressError)) throw error;
        // As long as each attempt brings something, it is worth going on.
        cuts = (await sizeOf(partOf(path))) > held ? 1 : cuts + 1;
        if (error.cut && cuts < mostCuts) {
          await pause(Math.min(250 * 2 ** cuts, 4000), request.signal);
          continue;
        }
        if (address !== addresses[addresses.length - 1]) onFailure?.(address, error.message);
        failures.push(`${address}: ${error.message}`);
        break;
      }
    }
  }
  const kept = (await heldOf(path)) > 0 ? [`What came so far is kept in '${partOf(path)}'`] : [];
  throw new FoveaError(`Cannot fetch '${path}': ${failures.join('; ')}`, [...kept, request.mend ?? ''].join('. '));
}

export const partOf = (path: string): string => `${path}.part`;
const factsOf = (path: string): string => `${path}.part.json`;

/** Bytes that an earlier attempt left of a file; 0 where there is none. */
export const heldOf = (path: string): Promise<number> => sizeOf(partOf(path));

/** What lies there already, if it is right. @throws FoveaError when it is another file: it may be the person's. */
async function verifyPresent({ path, size, sha256, signal }: DownloadRequest): Promise<Download | undefined> {
  const there = await sizeOf(path);
  if (there === 0) return undefined;
  const hash = createHash('sha256');
  await hashFile(path, hash, signal);
  const found = hash.digest('hex');
  if ((size !== undefined && there !== size) || (sha256 !== undefined && found !== sha256))
    throw mismatch(
      size === undefined ? `SHA-256 ${sha256}` : `${size} bytes with SHA-256 ${sha256}`,
      `'${path}'`,
      `${there} bytes with ${found}`,
      'It is another file or a damaged one: move it away and run the command again',
    );
  return { size: there, sha256: found, verified: sha256 !== undefined, resumedAt: 0 };
}

async function fetchFrom(address: string, request: DownloadRequest): Promise<Download> {
  const { path, signal } = request;
  const part = partOf(path);
  let held = await sizeOf(part);
  const facts = await readFacts(path);
  const sameFile = facts?.address === address && facts.etag !== '';
  // With a checksum the content is checked in the end whatever address it came from; without one, only the same file
  // behind the same address may be continued.
  if (held > 0 && request.sha256 === undefined && !sameFile) held = 0;
  if (held > 0 && request.size !== undefined && held > request.size) held = 0;
  const whole = held > 0 && held === request.size;
  const answer = whole ? undefined : await askFor(address, held, sameFile ? facts.etag : '', request);
  if (answer) held = answer.held;
  const hash = createHash('sha256');
  if (held > 0) await hashFile(part, hash, signal, held);
  const size = answer ? await writeBody(answer, hash, address, request) : held;
  const sha256 = hash.digest('hex');
  const wanted = request.sha256 ?? answer?.sha256;
  const right = wanted === undefined || wanted === sha256;
  if (!right || (request.size !== undefined && size !== request.size)) {
    await discard(path);
    // Pieces of two different files: from the start it may be right.
    if (held > 0) return fetchFrom(address, request);
    throw new AddressError(
      right
        ? `${size} bytes instead of ${request.size}`
        : `its SHA-256 is ${sha256} instead of ${wanted}: a damaged or exchanged file`,
    );
  }
  try {
    await rename(part, path);
  } catch (error) {
    throw fileError('write', path, error);
  }
  await rm(factsOf(path), { force: true });
  return { size, sha256, verified: wanted !== undefined, address, resumedAt: held };
}

interface Answer extends GetAnswer {
  /** Bytes of the part that stay. */
  readonly held: number;
  readonly total: number | undefined;
  /** As the server tells it on the way. */
  readonly sha256: string | undefined;
}

/** Asks for the rest, or for all where the server does not give the rest. */
async function askFor(address: string, held: number, etag: string, request: DownloadRequest): Promise<Answer> {
  const range: Record<string, string> = held === 0 ? {} : { range: `bytes=${held}-` };
  const headers = held > 0 && etag !== '' ? { ...range, 'if-range': etag } : range;
  const answer = await httpGet(address, { ...request, headers });
  const { response, status } = answer;
  const again = (): Promise<Answer> => {
    response.destroy();
    return askFor(address, 0, '', request);
  };
  const length = wholeNumber(answer.response.headers['content-length']);
  const linked = answer.header('x-linked-etag')?.replace(/^W\/|"/g, '');
  const sha256 = linked !== undefined && /^[0-9a-f]{64}$/.test(linked) ? linked : undefined;
  let total = length;
  if (status === 206 && held > 0) {
    // Some servers give a piece of another file than If-Range names.
    const tag = answer.response.headers.etag;
    if (etag !== '' && tag !== undefined && tag !== etag) return again();
    const [, first, of] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.response.headers['content-range'] ?? '') ?? [];
    if (Number(first) !== held) return again();
    total = wholeNumber(of) ?? (length === undefined ? undefined : held + length);
  } else if (status === 416 && held > 0) {
    return again();
  } else if (status !== 200) {
    response.destroy();
    throw new AddressError(describeStatus(status), status === 429 || status === 503);
  }
  const keep = status === 206 ? held : 0;
  const { size, limit } = request;
  if (size !== undefined && total !== undefined && total !== size) {
    response.destroy();
    throw new AddressError(`it says ${total} bytes where ${size} are right`);
  }
  if (total !== undefined && total > limit) {
    response.destroy();
    throw new AddressError(`it says ${total} bytes, more than the limit of ${limit}`);
  }
  return { ...answer, held: keep, total: size ?? total, sha256 };
}

/** Writes the body behind what is held. @returns the bytes of the part. */
async function writeBody(answer: Answer, hash: Hash, address: string, request: DownloadRequest): Promise<number> {
  const { path, size, limit, onProgress } = request;
  const { response, held, total } = answer;
  const tag = response.headers.etag ?? '';
  const file = await openPart(path, held, { address, etag: tag.startsWith('"') ? tag : '' }).catch((error) => {
    response.destroy();
    throw error;
  });
  let done = held;
  try {
    onProgress?.(done, total);
    for await (const piece of bodyOf(response, request)) {
      if (done + piece.length > (size ?? limit)) {
        await discard(path);
        throw new AddressError(`it sends more than the ${size === undefined ? 'limit of ' : ''}${size ?? limit} bytes`);
      }
      try {
        await file.writeFile(piece);
      } catch (error) {
        throw fileError('write', partOf(path), error);
      }
      hash.update(piece);
      done += piece.length;
      onProgress?.(done, total);
    }
    // A chunked answer, or one without a length, can end early without a sign.
    if (total !== undefined && done < total) throw new AddressError(`it ends at ${done} of ${total} bytes`, true);
    await file.sync();
  } finally {
    await file.close();
  }
  return done;
}

async function openPart(path: string, held: number, facts: PartFacts): Promise<FileHandle> {
  try {
    await writeFile(factsOf(path), JSON.stringify(facts));
    const file = await open(partOf(path), held > 0 ? 'r+' : 'w');
    try {
      await file.truncate(held);
    } finally {
      await file.close();
    }
    return await open(partOf(path), 'a');
  } catch (error) {
    throw fileError('write', partOf(path), error);
  }
}

async function readFacts(path: string): Promise<PartFacts | undefined> {
  try {
    const { address, etag } = JSON.parse(await readFile(factsOf(path), 'utf8'));
    return typeof address === 'string' && typeof etag === 'string' ? { address, etag } : undefined;
  } catch {
    return undefined;
  }
}

async function discard(path: string): Promise<void> {
  await rm(partOf(path), { force: true });
  await rm(factsOf(path), { force: true });
}

/** 0 where there is none. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw fileError('read', path, error);
  }
}

/** Feeds the first `length` bytes of a file to `hash`. */
async function hashFile(path: string, hash: Hash, signal?: AbortSignal, length = Number.POSITIVE_INFINITY) {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const buffer = new Uint8Array(2 ** 20);
    for (let done = 0; done < length; ) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, length - done), done);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      done += bytesRead;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw fileError('read', path, error);
  } finally {
    await file?.close();
  }
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : undefined;

const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
