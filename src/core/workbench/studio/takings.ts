import { mismatch } from '../../errors.ts';
import type { StudioHost } from './host.ts';
import type { Places } from './places.ts';

/** A file that is made to be taken away, and read piece by piece. */
export interface Taking {
  readonly id: string;
  readonly path: string;
}

/** Of files that nobody took to their end. */
const mostKept = 3;

/** Files on their way out: the other side of `Uploads`. */
export interface Takings {
  /** A place for a new one. What an earlier studio left, and what nobody took for long, goes. */
  begin(): Promise<Taking>;
  /** Its bytes from `offset` on, `length` at most. @throws FoveaError for one that is not known. */
  read(id: string, offset: number, length: number): Promise<{ readonly bytes: Uint8Array; readonly total: number }>;
  end(id: string): Promise<void>;
}

export function createTakings({ storage, openFile, now }: StudioHost, places: Places): Takings {
  const all = new Map<string, Taking>();
  let count = 0;
  const end = async (id: string): Promise<void> => {
    const path = all.get(id)?.path;
    all.delete(id);
    if (path !== undefined) await storage.remove(path);
  };
  return {
    async begin() {
      if (count === 0) await storage.remove(places.outgoing);
      const id = `${now().replace(/\D/g, '')}-${++count}`;
      for (const old of [...all.keys()].slice(0, Math.max(0, all.size + 1 - mostKept))) await end(old);
      await storage.makeFolder(places.outgoing);
      const taking = { id, path: storage.join(places.outgoing, id) };
      all.set(id, taking);
      return taking;
    },
    async read(id, offset, length) {
      const found = all.get(id);
      if (!found) throw mismatch('a file that was made to be taken', 'the file', `'${id}'`, 'Make it again');
      const source = await openFile(found.path);
      const from = Math.min(offset, source.size);
      return { bytes: await source.read(from, Math.min(length, source.size - from)), total: source.size };
    },
    end,
  };
}
