import { createHash } from 'node:crypto';
import type { DataSource } from '../src/core/dataset/dataset.ts';
import { type StoreFiles, sha256Hex } from '../src/core/dataset/store/files.ts';
import type { StoreSettings } from '../src/core/dataset/store/head.ts';
import {
  type PreparedStore,
  prepareStore,
  type StoreInput,
  type StoreRequest,
} from '../src/core/dataset/store/prepare.ts';
import { readStore } from '../src/core/dataset/store/read-store.ts';
import { bytesSource, bytesSyncSource } from '../src/core/formats/byte-source.ts';

/** A folder in memory. After `bytesLeft` more bytes, or renames and writes, the process that writes is dead. */
export function memoryFiles(content = new Map<string, Uint8Array>()) {
  let left = Infinity;
  const spend = (bytes: number): void => {
    left -= bytes;
    if (left < 0) throw new Killed();
  };
  const files: StoreFiles = {
    path: 'a.store',
    list: async () => new Map([...content].map(([name, bytes]) => [name, bytes.length])),
    open: async (name) => bytesSource(content.get(name)!),
    async write(name, bytes) {
      spend(100);
      content.set(name, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes.slice());
    },
    grow(name, fresh) {
      spend(1);
      if (fresh === content.has(name)) throw new Error(`${name} ${fresh ? 'is there' : 'is not there'}`);
      if (fresh) content.set(name, new Uint8Array(0));
      const sha256 = createHash('sha256');
      return {
        append(bytes) {
          const before = content.get(name)!;
          const written = bytes.subarray(0, Math.max(0, Math.min(bytes.length, left)));
          content.set(name, new Uint8Array(Buffer.concat([before, written])));
          spend(bytes.length);
          sha256.update(bytes);
        },
        async finish() {
          spend(1);
          return sha256.digest('hex');
        },
      };
    },
    async rename(from, to) {
      spend(100);
      content.set(to, content.get(from)!);
      content.delete(from);
    },
    async remove(name) {
      spend(1);
      content.delete(name);
    },
  };
  return {
    content,
    files,
    /** Kills the process after so many bytes. */
    killAfter(bytes: number): void {
      left = bytes;
    },
  };
}

/** What a killed process throws here, so that nothing after it is done. */
export class Killed extends Error {}

export const settings: StoreSettings = { height: 2, width: 2, channels: 1, fit: 'stretch', decoder: 'test 1' };

/** A file of made-up data: its text says what its pixels are; a text that begins with `bad` cannot be decoded. */
export interface MadeFile {
  readonly origin: string;
  readonly text: string;
  readonly label?: number;
  readonly part?: 'train' | 'val' | 'test';
  /** Absent: nothing is known without reading. */
  readonly time?: number;
}

/** The pixels that such a file decodes to. */
export const pixelsOf = (text: string, size = 4): Uint8Array =>
  new Uint8Array(Buffer.alloc(size, createHash('sha256').update(text).digest()));

/** Prepares made-up files. @returns what came of it, and the texts that were read and decoded, in order. */
export async function prepareMade(
  files: StoreFiles,
  made: readonly MadeFile[],
  changes: Partial<StoreRequest> = {},
): Promise<PreparedStore & { readonly read: readonly string[]; readonly texts: readonly string[] }> {
  const read: string[] = [];
  const texts: string[] = [];
  const wanted = changes.settings ?? settings;
  const inputs = made.map(
    ({ origin, text, label = 0, part = 'train', time }): StoreInput => ({
      ...{ origin, label, part },
      hint: () => (time === undefined ? undefined : { bytes: text.length, time }),
      async load() {
        read.push(text);
        const hash = await sha256Hex(new TextEncoder().encode(text));
        return {
          source: { hash, bytes: text.length, ...(time === undefined ? {} : { time }) },
          async decode() {
            texts.push(text);
            if (text.startsWith('bad')) return { reason: 'one that is damaged' };
            const size = wanted.height * wanted.width * wanted.channels;
            return { data: pixelsOf(text, size), height: 5, width: 6 };
          },
        };
      },
    }),
  );
  const prepared = await prepareStore({
    files,
    settings: wanted,
    content: { name: 'made', from: '/made', classNames: ['a', 'b'], inputs, skipped: [], notes: [] },
    async inParallel(count, work) {
      for (let i = 0; i < count; i++) await work(i);
    },
    now: () => '2026-01-02T03:04:05.678Z',
    ...changes,
  });
  return { ...prepared, read, texts };
}

/** Opens a store in memory. */
export const openMade = (content: ReadonlyMap<string, Uint8Array>, verify = false): Promise<DataSource> =>
  readStore(
    {
      path: 'a.store',
      open: async (name) => bytesSource(content.get(name) ?? new Uint8Array(0)),
      openSync: async (name) => bytesSyncSource(content.get(name) ?? new Uint8Array(0)),
    },
    { verify },
  );
