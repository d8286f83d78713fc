import type { GrowingFile, StoreFiles } from './files.ts';
import { type StoreShard, shardCapacity, workName } from './head.ts';
import type { Journal } from './journal.ts';

/** Where pixels were written, until their file has its last name. */
export interface WrittenPlace {
  readonly file: string;
  readonly place: number;
}

/** Bytes that are gathered before they are written. */
const gathered = 2 ** 20;

/**
 * Packs pictures into shards: into a file of work first, which takes its name from its hash when it is full. What is
 * written is noted in the journal right after, so that a preparation that is killed goes on there.
 */
export function createShardWriter(files: StoreFiles, size: number, journal: Journal, firstNumber: number) {
  const capacity = shardCapacity(size);
  const room = new Uint8Array(Math.max(size, Math.min(gathered, capacity * size)));
  const finished = new Map<string, StoreShard>();
  const finishing: Promise<void>[] = [];
  let problem: unknown;
  let number = firstNumber;
  let open: { readonly name: string; readonly file: GrowingFile; pictures: number } | undefined;
  let filled = 0;
  let count = 0;

  const flush = (): void => {
    if (open && filled > 0) open.file.append(room.subarray(0, filled));
    filled = 0;
    journal.flush();
  };

  const close = (): void => {
    if (!open) return;
    flush();
    const { name, file, pictures } = open;
    open = undefined;
    finishing.push(
      finishShard(files, name, file, pictures, journal).then(
        (shard) => void finished.set(name, shard),
        (error) => void (problem ??= error),
      ),
    );
  };

  return {
    /** Pictures taken so far. */
    count: () => count,
    /** Takes a picture's pixels; `note` is what the journal keeps of it. */
    add(pixels: Uint8Array, note: (at: WrittenPlace) => unknown): WrittenPlace {
      if (problem) throw problem;
      if (!open) {
        const name = `work-${number++}.bin`;
        open = { name, file: files.grow(name, true), pictures: 0 };
      }
      if (filled + size > room.length) flush();
      room.set(pixels, filled);
      filled += size;
      count++;
      const at = { file: open.name, place: open.pictures++ };
      journal.note(note(at));
      if (open.pictures === capacity) close();
      return at;
    },
    flush,
    /** Ends the last shard. @returns all shards by the name of the file that they were written as. */
    async finish(): Promise<ReadonlyMap<string, StoreShard>> {
      close();
      await Promise.all(finishing);
      if (problem) throw problem;
      return finished;
    },
    /** Leaves the last file as it is, for a preparation that goes on. */
    async leave(): Promise<void> {
      flush();
      await open?.file.finish();
      open = undefined;
      await Promise.all(finishing);
    },
  };
}

async function finishShard(
  files: StoreFiles,
  work: string,
  file: GrowingFile,
  pictures: number,
  journal: Journal,
): Promise<StoreShard> {
  const sha256 = await file.finish();
  const shard = { name: `shard-${sha256.slice(0, 16)}.bin`, pictures, sha256 };
  journal.note({ work, shard });
  journal.flush();
  await files.rename(work, shard.name);
  return shard;
}

/** The first number that no file of work has. */
export function nextNumber(names: Iterable<string>): number {
  let next = 0;
  for (const name of names) if (workName.test(name)) next = Math.max(next, Number(name.slice(5, -4)) + 1);
  return next;
}
