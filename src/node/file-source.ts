import { randomBytes } from 'node:crypto';
import { close, closeSync, fstatSync, openSync, read, readSync, rmSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FoveaError, mismatch } from '../core/errors.ts';
import type { ByteSource, SyncSource } from '../core/formats/byte-source.ts';
import { quotePath } from '../core/formats/quote.ts';
import { memorySpool, type Spool } from '../core/formats/spool.ts';
import { fileError } from './storage.ts';

/** From this read on a file is kept open: it is an archive then, of which thousands follow. */
const keptFrom = 4;

/**
 * A file on disk as a source of bytes. It is opened for each read and closed again, so that a tree of any size holds no
 * descriptors; a file that is read many times is kept open until its source is no longer in use.
 */
export async function fileSource(path: string): Promise<ByteSource> {
  const size = await sizeOf(path);
  let reads = 0;
  let kept: ByteSource | undefined;
  return {
    size,
    async read(offset, length) {
      try {
        if (++reads >= keptFrom) kept ??= descriptorSource(openSync(path, 'r'), path, size);
        if (kept) return await kept.read(offset, length);
        const file = await open(path);
        try {
          const buffer = new Uint8Array(length);
          let done = 0;
          while (done < length) {
            const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
            if (bytesRead === 0) throw changed(path, size);
            done += bytesRead;
          }
          return buffer;
        } finally {
          await file.close();
        }
      } catch (error) {
        throw error instanceof FoveaError ? error : fileError('read', path, error);
      }
    },
  };
}

/**
 * A file of which pieces are read at once, by position; the system keeps what is read often. Open until the source is no
 * longer in use, so that it outlives a newer file of its name.
 */
export function syncFileSource(path: string): SyncSource {
  try {
    const descriptor = openSync(path, 'r');
    const { size } = fstatSync(descriptor);
    const source: SyncSource = {
      size,
      path: resolve(path),
      readInto(offset, to, at, length) {
        for (let done = 0; done < length; ) {
          const count = readAt(descriptor, path, to, at + done, length - done, offset + done);
          if (count === 0) throw changed(path, size);
          done += count;
        }
      },
    };
    abandoned.register(source, descriptor);
    return source;
  } catch (error) {
    throw error instanceof FoveaError ? error : fileError('read', path, error);
  }
}

function readAt(
  descriptor: number,
  path: string,
  to: Uint8Array,
  at: number,
  length: number,
  position: number,
): number {
  try {
    return readSync(descriptor, to, at, length, position);
  } catch (error) {
    throw fileError('read', path, error);
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const file = await open(path);
    try {
      return (await file.stat()).size;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError('read', path, error);
  }
}

const changed = (path: string, size: number) =>
  mismatch(
    `${size} bytes, as when it was opened,`,
    quotePath(path),
    'fewer',
    'It changed while it was read: try again',
  );

/** Up to this a .tar.gz is unpacked in memory, beyond it into a temporary file. */
const memoryBytes = 2 ** 26;

/** Descriptors whose source is no longer in use. */
const abandoned = new FinalizationRegistry<number>((descriptor) => close(descriptor, () => undefined));

/**
 * A spool in memory that moves to a temporary file when it grows past 64 MiB. The file has no name as soon as it is open,
 * so that it goes away with the process, whatever ends it.
 */
export function diskSpool(): Spool {
  const memory = memorySpool();
  let descriptor: number | undefined;
  let size = 0;
  const write = (piece: Uint8Array): void => {
    for (let done = 0; done < piece.length; ) {
      try {
        done += writeSync(descriptor!, piece, done, piece.length - done);
      } catch (error) {
        throw fileError('unpack into', tmpdir(), error);
      }
    }
  };
  return {
    async write(piece) {
      if (descriptor === undefined && size + piece.length > memoryBytes) {
        const held = await memory.finish();
        descriptor = openNameless();
        write(await held.read(0, held.size));
      }
      if (descriptor === undefined) await memory.write(piece);
      else write(piece);
      size += piece.length;
    },
    async finish() {
      return descriptor === undefined ? memory.finish() : descriptorSource(descriptor, tmpdir(), size);
    },
    async discard() {
      await memory.discard();
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

function openNameless(): number {
  const path = join(tmpdir(), `fovea-${randomBytes(8).toString('hex')}.tmp`);
  try {
    const descriptor = openSync(path, 'wx+', 0o600);
    rmSync(path, { force: true });
    return descriptor;
  } catch (error) {
    throw fileError('unpack into', tmpdir(), error);
  }
}

/** A source that closes its descriptor when it is no longer in use. */
function descriptorSource(descriptor: number, path: string, size: number): ByteSource {
  const source: ByteSource = {
    size,
    read: (offset, length) =>
      new Promise((resolve, reject) => {
        // The source is held until the read is done, or its descriptor could be closed under it.
        const held = source;
        const buffer = new Uint8Array(length);
        const next = (done: number): void => {
          if (done === length || held.size === 0) resolve(buffer);
          else
            read(descriptor, buffer, done, length - done, offset + done, (error, count) => {
              if (error) reject(fileError('read', path, error));
              else if (count === 0) reject(changed(path, size));
              else next(done + count);
            });
        };
        next(0);
      }),
  };
  abandoned.register(source, descriptor);
  return source;
}
