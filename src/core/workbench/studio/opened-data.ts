import type { Part } from '../../dataset/dataset.ts';
import type { Finding } from '../../dataset/findings.ts';
import { fixesFile } from '../../dataset/fixes.ts';
import { mismatch } from '../../errors.ts';
import { toColour } from '../../image/channels.ts';
import { fitPicture } from '../../image/fit.ts';
import type { Picture } from '../../image/picture.ts';
import type { DataDescription } from '../adapters.ts';
import type { Gallery, ListedPicture, StudioHost } from './host.ts';
import { createMemoryCache, type MemoryCache } from './memory-cache.ts';
import { createOverview, type Overview } from './overview.ts';
import type { LocatedData } from './places.ts';

type OnRead = (done: number, total: number) => void;

/** Data that are open: their pictures by number. */
export interface OpenedData {
  readonly place: LocatedData;
  readonly gallery: Gallery;
  /** Its pictures, very small. */
  readonly overview: Overview;
  /** As `Gallery.describe` tells it, asked once. */
  describe(): Promise<DataDescription>;
  /** Grows with every change of what the data are; what was known of pictures before may be otherwise. */
  readonly version: number;
  /** What the last examination found; undefined before the first. */
  findings: readonly Finding[] | undefined;
  /** The place of a picture in the gallery. @throws FoveaError for a number that none has. */
  indexOf(id: number): number;
  /** Numbers of the gallery's pictures, in its order. A picture keeps its number whatever is decided about others. */
  readonly ids: Uint32Array;
  idOf(origin: string): number | undefined;
}

/** Keeps data open, as much as there is room for. */
export interface DataKeeper {
  /** @param onRead told how many bytes of an archive were looked through, where it is opened now. */
  open(place: LocatedData, signal?: AbortSignal, onRead?: OnRead): Promise<OpenedData>;
  /** What was opened is opened anew when it is asked for again: a decision about it was made. */
  change(id: string): void;
  /** The square middle of a picture, colour: `side` pixels a side, or fewer where it has no more. Undefined: unreadable. */
  thumbnail(data: OpenedData, id: number, side: number): Promise<Picture | undefined>;
  /** A whole picture. @throws FoveaError. */
  picture(data: OpenedData, id: number): Promise<Picture>;
}

interface Numbers {
  readonly byOrigin: Map<string, number>;
  version: number;
  findings: readonly Finding[] | undefined;
}

/** What small pictures take beside their pixels: the entry of the cache. */
const entryBytes = 200;

/** @param room bytes for small pictures, and the same again for whole ones. */
export function createDataKeeper(host: StudioHost, room: number): DataKeeper {
  /** Numbers of pictures outlive what is open, so that a link to a picture holds. */
  const numbers = new Map<string, Numbers>();
  const opened: MemoryCache<{ readonly data: Promise<OpenedData>; readonly decided: number }> = createMemoryCache(
    4 * room,
  );
  const small = createMemoryCache<Picture>(room);
  const whole = createMemoryCache<Picture>(room);

  const numbersOf = (id: string): Numbers => {
    const known = numbers.get(id) ?? { byOrigin: new Map(), version: 0, findings: undefined };
    numbers.set(id, known);
    return known;
  };

  const openNow = async (place: LocatedData, onRead?: OnRead): Promise<OpenedData> => {
    const gallery = await host.openGallery(place.path, { beside: place.beside, onRead });
    const known = numbersOf(place.id);
    known.version++;
    const ids = new Uint32Array(gallery.pictures.length);
    const places = new Map<number, number>();
    gallery.pictures.forEach(({ origin }, i) => {
      const id = known.byOrigin.get(origin) ?? known.byOrigin.size;
      known.byOrigin.set(origin, id);
      ids[i] = id;
      places.set(id, i);
    });
    let described: Promise<DataDescription> | undefined;
    return {
      place,
      gallery,
      overview: createOverview(gallery, host.cache),
      describe() {
        described ??= gallery.describe();
        return described;
      },
      version: known.version,
      ids,
      get findings() {
        return known.findings;
      },
      set findings(found) {
        known.findings = found;
      },
      indexOf(id) {
        const index = places.get(id);
        if (index !== undefined) return index;
        throw mismatch(`a picture of '${gallery.name}'`, 'the number', String(id), 'It may have been excluded');
      },
      idOf: (origin) => {
        const id = known.byOrigin.get(origin);
        return id !== undefined && places.has(id) ? id : undefined;
      },
    };
  };

  const read = async (data: OpenedData, id: number): Promise<Picture> => {
    const key = `${data.place.id}\n${id}`;
    const known = whole.get(key);
    if (known) return known;
    const picture = await data.gallery.read(data.indexOf(id));
    whole.set(key, picture, picture.data.length + entryBytes);
    return picture;
  };

  return {
    async open(place, signal, onRead) {
      // Others may decide, too: the command line beside an open studio.
      const decided = await host.bytesOf(fixesFile(place.beside ?? host.beside(place.path)));
      const known = opened.get(place.id);
      if (known && known.decided === decided) return unlessAborted(known.data, signal);
      // Several wait for it: that one of them went away is no reason to give up.
      const data = openNow(place, onRead);
      // Told to be small until it is known, so that two who ask at once get the same.
      opened.set(place.id, { data, decided }, 1);
      try {
        const { gallery, overview } = await data;
        opened.set(place.id, { data, decided }, gallery.heldBytes + overview.heldBytes);
      } catch (error) {
        opened.delete(place.id);
        throw error;
      }
      return unlessAborted(data, signal);
    },
    change: (id) => opened.delete(id),
    async thumbnail(data, id, side) {
      const key = `${data.place.id}\n${id}\n${side}`;
      const known = small.get(key);
      if (known) return known;
      let picture: Picture;
      try {
        picture = await data.gallery.readSmall(data.indexOf(id), side);
      } catch {
        return undefined;
      }
      const shown = Math.min(side, picture.width, picture.height);
      const thumbnail = toColour(fitPicture(picture, shown, shown, 'crop'));
      small.set(key, thumbnail, thumbnail.data.length + entryBytes);
      return thumbnail;
    },
    picture: read,
  };
}

/** @throws the signal's reason, where whoever waits went away meanwhile: what was waited for stays. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const value = await work;
  signal?.throwIfAborted();
  return value;
}

/** A picture's part, once a split was applied. */
export type PartOf = (picture: ListedPicture, index: number) => Part | undefined;
