import type { Part, Skipped } from '../dataset.ts';
import type { SourceFacts } from './line-fields.ts';

/** What the host knows of a file without reading it. */
export type FileHint = Pick<SourceFacts, 'bytes'> & { readonly time: number };

/** A picture of the data, as it was found. */
export interface FoundPicture {
  readonly origin: string;
  readonly label: number;
  readonly part: Part;
  readonly group?: string;
}

/** What an earlier preparation left of a picture: its pixels, or why it has none. */
export type Known = KnownPixels | KnownSkip;

export interface KnownPixels {
  readonly origin: string;
  readonly source: SourceFacts;
  /** The file that holds the pixels, and the picture's number in it. */
  readonly file: string;
  readonly place: number;
  readonly pixels: string;
  readonly height: number;
  readonly width: number;
}

export interface KnownSkip extends Skipped {
  readonly source: SourceFacts;
}

export const hasPixels = (known: KnownPixels | Skipped): known is KnownPixels => 'file' in known;

/** Finds what is known of a picture, so that it is neither read nor decoded again. */
export interface KnownPictures {
  /** By name, where size and time of its file are as they were. */
  byHint(origin: string, hint: FileHint | undefined): Known | undefined;
  /** By the hash of its file, whatever it is called; of several the one of that name. */
  byHash(hash: string, origin: string): Known | undefined;
}

export function knownPictures(list: readonly Known[]): KnownPictures {
  const named = new Map<string, Known>();
  const hashed = new Map<string, Known[]>();
  for (const known of list) {
    named.set(known.origin, known);
    const same = hashed.get(known.source.hash);
    if (same) same.push(known);
    else hashed.set(known.source.hash, [known]);
  }
  return {
    byHint(origin, hint) {
      const known = named.get(origin);
      if (!known || !hint || known.source.time === undefined) return undefined;
      return known.source.bytes === hint.bytes && known.source.time === hint.time ? known : undefined;
    },
    byHash(hash, origin) {
      const same = hashed.get(hash);
      return same?.find((known) => known.origin === origin) ?? same?.[0];
    },
  };
}

/** A file of pixels that is there, whole. */
export interface PixelFile {
  readonly name: string;
  readonly pictures: number;
  /** A shard may stay as it is; what was left by a preparation that stopped is always written anew. */
  readonly isShard: boolean;
}

/**
 * Which shards stay as they are: those all of whose pictures are still wanted. A shard with a hole is written anew without
 * it, so that nothing of a removed picture stays; one that is not full, when there is more to come.
 * @param uses of each file: the places that are wanted. @param more pictures that lie in no file yet.
 */
export function shardsToKeep(
  files: readonly PixelFile[],
  uses: ReadonlyMap<string, ReadonlySet<number>>,
  capacity: number,
  more: boolean,
): ReadonlySet<string> {
  const usesOf = (name: string): number => uses.get(name)?.size ?? 0;
  const whole = files.filter(({ name, pictures, isShard }) => isShard && usesOf(name) === pictures);
  const moved = files.some((file) => usesOf(file.name) > 0 && !whole.includes(file));
  const partly = whole.filter(({ pictures }) => pictures < capacity).length;
  const repacks = more || moved || partly > 1;
  return new Set(whole.filter(({ pictures }) => !repacks || pictures >= capacity).map(({ name }) => name));
}
