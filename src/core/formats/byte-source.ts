import { mismatch } from '../errors.ts';

/**
 * Bytes that can be read from any place: a file on disk, a Blob in a page, an array, or a piece of one of these. What a
 * format reader gets, so that it holds in memory only what it looks at.
 */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** Exactly `length` bytes from `offset` on; the caller stays within `size`. The result is the caller's to keep, not to write into. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Bytes that can be read at once, without waiting: a file's descriptor, a page's access handle, an array. */
export interface SyncSource {
  /** Bytes in all. */
  readonly size: number;
  /** Of a file that other programs can open, too. */
  readonly path?: string;
  /** Writes `length` bytes from `offset` on into `to`, from `at` on. @throws FoveaError when they cannot be read. */
  readInto(offset: number, to: Uint8Array, at: number, length: number): void;
}

/** An array as a source that can be read at once. */
export function bytesSyncSource(bytes: Uint8Array): SyncSource {
  return {
    size: bytes.length,
    readInto(offset, to, at, length) {
      checkRange(offset, length, bytes.length);
      to.set(bytes.subarray(offset, offset + length), at);
    },
  };
}

/** An array as a source; reads are views into it. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    async read(offset, length) {
      checkRange(offset, length, bytes.length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** What of a Blob or File is needed. */
export interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A Blob or a File of a page. */
export function blobSource(blob: BlobLike): ByteSource {
  return {
    size: blob.size,
    async read(offset, length) {
      checkRange(offset, length, blob.size);
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    },
  };
}

/** The `size` bytes of a source from `start` on, as a source of their own. */
export function sectionOf(source: ByteSource, start: number, size: number): ByteSource {
  checkRange(start, size, source.size);
  return {
    size,
    read(offset, length) {
      checkRange(offset, length, size);
      return source.read(start + offset, length);
    },
  };
}

/** All bytes. @throws FoveaError when there are more than `limit`. */
export async function readAll(source: ByteSource, subject: string, limit: number): Promise<Uint8Array> {
  if (source.size > limit) throw mismatch(`at most ${limit} bytes`, subject, `${source.size} bytes`);
  return source.read(0, source.size);
}

/** The first bytes, `length` or as many as there are. */
export const readHead = (source: ByteSource, length: number): Promise<Uint8Array> =>
  source.read(0, Math.min(length, source.size));

/**
 * The same bytes, read in windows: many small reads one after the other cost one large one. After a jump only a little is
 * read ahead, so that the headers of large members do not cost the members. @param window bytes read at once.
 */
export function buffered(source: ByteSource, window = 1 << 16): ByteSource {
  let start = 0;
  let held = new Uint8Array(0);
  return {
    size: source.size,
    async read(offset, length) {
      checkRange(offset, length, source.size);
      if (length > window) return source.read(offset, length);
      if (offset < start || offset + length > start + held.length) {
        const gap = offset - (start + held.length);
        const ahead = gap >= 0 && gap <= window / 4 ? window : Math.max(length, window / 16);
        held = (await source.read(offset, Math.min(ahead, source.size - offset))) as Uint8Array<ArrayBuffer>;
        start = offset;
      }
      return held.subarray(offset - start, offset - start + length);
    },
  };
}

/** The same bytes. @param onRead told how far into them somebody read. */
export function watchedSource(source: ByteSource, onRead: (done: number, total: number) => void): ByteSource {
  let furthest = 0;
  return {
    size: source.size,
    async read(offset, length) {
      const bytes = await source.read(offset, length);
      if (offset + length > furthest) {
        furthest = offset + length;
        onRead(furthest, source.size);
      }
      return bytes;
    },
  };
}

/** A mistake of ours, not of a person: readers check sizes before they read. */
function checkRange(offset: number, length: number, size: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
    throw new RangeError(`${length} bytes from ${offset} on of ${size}`);
  }
}
