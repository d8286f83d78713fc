import { sha256 } from '../../formats/sha256.ts';
import { toColour } from '../../image/channels.ts';
import { fitPicture } from '../../image/fit.ts';
import type { Cache } from '../adapters.ts';
import { inParallel } from '../pictures/in-parallel.ts';
import type { Gallery } from './host.ts';

/** Side of a picture in an overview, in pixels: enough to stand for it until it is there. */
export const overviewSide = 8;
const pictureBytes = 3 * overviewSide * overviewSide;
/** Pictures that are kept together: 12.6 MB. */
const shelfPictures = 65_536;
/** Pictures of a shelf whose bytes its name is made from. */
const sampled = 32;
/** Pictures that are read between two looks at whether somebody is waiting. */
const atOnce = 32;

/** All pictures of data, very small, as far as they were made: what a gallery shows until it has better. */
export interface Overview {
  /** [count, 8, 8, 3] from `from` on, as many of `limit` as there are or can be made. Shorter where it may not go on. */
  take(from: number, limit: number, mayWork: () => boolean, signal: AbortSignal): Promise<Uint8Array>;
  /** Bytes that it may come to hold. */
  readonly heldBytes: number;
}

/**
 * An overview that grows as it is asked for, from the first picture on. Shelves that are full go into the cache, named
 * by where their pictures lie and the content of some: a later studio has them at once.
 */
export function createOverview(gallery: Gallery, cache: Cache | undefined): Overview {
  const count = gallery.pictures.length;
  const shelves = new Map<number, Promise<Shelf>>();
  const shelfOf = (number: number): Promise<Shelf> => {
    const known = shelves.get(number) ?? openShelf(gallery, cache, number);
    shelves.set(number, known);
    return known;
  };
  return {
    heldBytes: count * pictureBytes,
    async take(from, limit, mayWork, signal) {
      const number = Math.floor(from / shelfPictures);
      const first = number * shelfPictures;
      const last = Math.min(count, first + shelfPictures, from + limit);
      if (from >= last) return new Uint8Array();
      const shelf = await shelfOf(number);
      for (let at = from; at < last && mayWork(); at += atOnce) {
        const end = Math.min(last, at + atOnce);
        if (shelf.done.subarray(at - first, end - first).every((made) => made === 1)) continue;
        await inParallel(end - at, async (i) => {
          signal.throwIfAborted();
          const place = at + i - first;
          if (shelf.done[place] === 1) return;
          const pixels = await smallest(gallery, at + i);
          if (pixels) shelf.pixels.set(pixels, place * pictureBytes);
          shelf.done[place] = 1;
        });
      }
      let end = from;
      while (end < last && shelf.done[end - first] === 1) end++;
      if (!shelf.kept && shelf.done.every((made) => made === 1)) {
        shelf.kept = true;
        await cache?.write(shelf.name, shelf.pixels);
      }
      return shelf.pixels.slice((from - first) * pictureBytes, (end - first) * pictureBytes);
    },
  };
}

interface Shelf {
  readonly name: string;
  readonly pixels: Uint8Array;
  /** 1 for pictures that were made, also those that cannot be read: they stay black. */
  readonly done: Uint8Array;
  kept: boolean;
}

async function openShelf(gallery: Gallery, cache: Cache | undefined, number: number): Promise<Shelf> {
  const first = number * shelfPictures;
  const pictures = gallery.pictures.slice(first, first + shelfPictures);
  const size = pictures.length * pictureBytes;
  const name = `overview-${(await nameOf(gallery, first, pictures.length)).slice(0, 32)}.bin`;
  const known = await cache?.read(name);
  if (known?.length === size) return { name, pixels: known, done: new Uint8Array(pictures.length).fill(1), kept: true };
  return { name, pixels: new Uint8Array(size), done: new Uint8Array(pictures.length), kept: false };
}

/** Names of all pictures and the content of some of them, spread evenly: other data have another name. */
async function nameOf(gallery: Gallery, first: number, count: number): Promise<string> {
  const text = new TextEncoder();
  const parts: string[] = [gallery.name, String(first)];
  for (let i = 0; i < count; i++) parts.push(gallery.pictures[first + i].origin);
  const step = Math.max(1, Math.floor(count / sampled));
  for (let i = 0; i < count; i += step) {
    try {
      parts.push(await sha256((await gallery.bytes(first + i)) ?? (await gallery.read(first + i)).data));
    } catch {
      parts.push('unreadable');
    }
  }
  return sha256(text.encode(parts.join('\n')));
}

async function smallest(gallery: Gallery, index: number): Promise<Uint8Array | undefined> {
  try {
    const picture = await gallery.readSmall(index, overviewSide);
    return toColour(fitPicture(picture, overviewSide, overviewSide, 'crop')).data;
  } catch {
    return undefined;
  }
}
