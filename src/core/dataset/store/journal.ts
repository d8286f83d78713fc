import { contentHash } from '../content-hash.ts';
import type { GrowingFile, StoreFiles } from './files.ts';
import { journalFile, type StoreSettings, type StoreShard, sameSettings, shardName, workName } from './head.ts';
import { readKnown } from './known-lines.ts';
import { hasPixels, type Known, type KnownPixels, type PixelFile } from './plan.ts';

/** The record of a preparation that is under way, a line of JSON for each picture. */
export interface Journal {
  /** Keeps a line until the pixels that it tells of are written. */
  note(line: unknown): void;
  flush(): void;
  finish(): Promise<void>;
}

const head = { format: 'fovea-store-work', version: 1 } as const;

/** Begins a record, or goes on with it. */
export function openJournal(files: StoreFiles, settings: StoreSettings, fresh: boolean): Journal {
  const file: GrowingFile = files.grow(journalFile, fresh);
  // A first line feed ends a line that a killed process left half.
  let waiting: string[] = [fresh ? JSON.stringify({ ...head, settings }) : ''];
  const flush = (): void => {
    if (waiting.length > 0) file.append(new TextEncoder().encode(`${waiting.join('\n')}\n`));
    waiting = [];
  };
  return {
    note: (line) => void waiting.push(JSON.stringify(line)),
    flush,
    async finish() {
      flush();
      await file.finish();
    },
  };
}

/** What a preparation that did not finish left behind. */
export interface Leftover {
  readonly known: readonly Known[];
  readonly files: readonly PixelFile[];
  /** Those of the files that are finished shards. */
  readonly shards: readonly StoreShard[];
}

/**
 * Reads the record of a preparation with the same settings; anything else counts as nothing. Lines are believed only where
 * the pixels are there and have the hash that was noted: a crash of the machine may have kept one without the other.
 */
export async function readJournal(
  files: StoreFiles,
  there: ReadonlyMap<string, number>,
  settings: StoreSettings,
  size: number,
): Promise<Leftover | undefined> {
  if (!there.has(journalFile)) return undefined;
  const source = await files.open(journalFile);
  const text = new TextDecoder().decode(await source.read(0, source.size));
  const lines = text.split('\n').flatMap((line) => parseLine(line));
  const [first, ...rest] = lines as [{ format?: unknown; version?: unknown; settings?: StoreSettings }?, ...unknown[]];
  if (first?.format !== head.format || first.version !== head.version || !first.settings) return undefined;
  if (!sameSettings(first.settings, settings)) return undefined;
  const shards = new Map<string, StoreShard>();
  const known: Known[] = [];
  for (const line of rest) {
    const { work, shard } = line as { work?: unknown; shard?: StoreShard };
    if (typeof work === 'string' && workName.test(work) && shard && shardName.test(shard.name)) shards.set(work, shard);
    else {
      const picture = readKnown(line);
      if (picture) known.push(picture);
    }
  }
  const believed: Known[] = known.filter((one) => !hasPixels(one));
  const found: PixelFile[] = [];
  for (const [work, pictures] of byFile(known)) {
    const shard = shards.get(work);
    const name = shard && there.get(shard.name) === shard.pictures * size ? shard.name : work;
    const bytes = there.get(name);
    if (bytes === undefined) continue;
    const whole = await files.open(name);
    const pixels = await whole.read(0, Math.floor(bytes / size) * size);
    const good = pictures.filter(
      ({ place, pixels: hash }) =>
        (place + 1) * size <= pixels.length && contentHash(pixels.subarray(place * size, (place + 1) * size)) === hash,
    );
    believed.push(...good.map((one) => ({ ...one, file: name })));
    // A shard that is finished but not yet in a store is told again by its own hash: it may be kept as it is.
    found.push({ name, pictures: Math.floor(bytes / size), isShard: name !== work });
  }
  const finished = [...shards.values()].filter(({ name }) => found.some((file) => file.name === name));
  return { known: believed, files: found, shards: finished };
}

function parseLine(line: string): unknown[] {
  try {
    const value = JSON.parse(line);
    return value !== null && typeof value === 'object' ? [value] : [];
  } catch {
    return [];
  }
}

function byFile(known: readonly Known[]): Map<string, KnownPixels[]> {
  const found = new Map<string, KnownPixels[]>();
  for (const one of known) {
    if (!hasPixels(one)) continue;
    const same = found.get(one.file);
    if (same) same.push(one);
    else found.set(one.file, [one]);
  }
  return found;
}
