import type { SyncSource } from '../../formats/byte-source.ts';
import type { Pixels } from '../pixels.ts';
import type { StoredPlace } from './index-lines.ts';

/**
 * Pixels that lie in shards: a picture is read when it is asked for, so memory holds one picture and where each lies.
 * @param places of the pictures, in their order, with the hashes of their pixels.
 */
export function shardPixels(
  shards: readonly SyncSource[],
  size: number,
  places: readonly (StoredPlace & { readonly pixels: string })[],
): Pixels {
  const shardOf = Uint32Array.from(places, ({ shard }) => shard);
  const placeOf = Uint32Array.from(places, ({ place }) => place);
  const hashes = places.map(({ pixels }) => pixels);
  const room = new Uint8Array(size);
  const read = (index: number, to: Uint8Array, offset: number): void =>
    shards[shardOf[index]].readInto(placeOf[index] * size, to, offset, size);
  return {
    count: places.length,
    size,
    at(index) {
      read(index, room, 0);
      return room;
    },
    copy: read,
    held: [],
    hashAt: (index) => hashes[index],
    fileAt(index) {
      const { path } = shards[shardOf[index]];
      return path === undefined ? undefined : { path, place: placeOf[index] };
    },
  };
}
