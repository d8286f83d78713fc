import { type Dataset, pictureSize } from '../../dataset/dataset.ts';
import type { Storage } from '../storage.ts';

/** Where the Python program finds pictures: shards as in a prepared store, and a list of places for each part. */
export interface PlacedPictures {
  /** Of the shards: from the root on, or within the program's own folder. */
  readonly folder: string;
  readonly shards: readonly string[];
  /** Files in the program's folder: three int32 a picture: shard, place in it, label. */
  readonly train: string;
  readonly val: string;
}

const files = { train: 'train.places.bin', val: 'val.places.bin' } as const;
/** Within the program's folder, where pictures lie in no store. */
const ownFolder = 'pictures';
const mostShardBytes = 64 * 2 ** 20;

/**
 * Tells where the pictures of a training lie: in the shards of the store that they are from, or in shards that are
 * written here (once: the hashes of a run's pictures say that they are the same whenever it goes on).
 * @param folder of the program. @param portable all pictures are copied, so that the folder can be carried elsewhere.
 */
export async function placePictures(
  storage: Storage,
  folder: string,
  parts: { readonly train: Dataset; readonly val: Dataset },
  portable = false,
): Promise<PlacedPictures> {
  const stored = portable ? undefined : await placeInStore(storage, folder, parts);
  if (stored) return stored;
  const shards: string[] = [];
  for (const part of ['train', 'val'] as const) {
    const { count, pixels, labels } = parts[part];
    const size = pictureSize(parts[part]);
    const perShard = Math.max(1, Math.floor(mostShardBytes / size));
    const places = new Int32Array(3 * count);
    for (let first = 0; first < count; first += perShard) {
      const n = Math.min(perShard, count - first);
      const bytes = new Uint8Array(n * size);
      for (let i = 0; i < n; i++) {
        pixels.copy(first + i, bytes, i * size);
        places.set([shards.length, i, labels[first + i]], 3 * (first + i));
      }
      const name = `${part}-${first / perShard}.bin`;
      const path = storage.join(folder, ownFolder, name);
      await storage.makeFolder(storage.join(folder, ownFolder));
      if ((await storage.kind(path)) === undefined) await storage.write(path, bytes);
      shards.push(name);
    }
    await storage.write(storage.join(folder, files[part]), littleEndian(places));
  }
  return { folder: ownFolder, shards, ...files };
}

/** Undefined unless all pictures lie in shards of one folder. */
async function placeInStore(
  storage: Storage,
  folder: string,
  parts: { readonly train: Dataset; readonly val: Dataset },
): Promise<PlacedPictures | undefined> {
  const numbers = new Map<string, number>();
  const lists: [string, Int32Array][] = [];
  for (const part of ['train', 'val'] as const) {
    const { count, pixels, labels } = parts[part];
    const places = new Int32Array(3 * count);
    for (let i = 0; i < count; i++) {
      const file = pixels.fileAt?.(i);
      if (!file) return undefined;
      if (!numbers.has(file.path)) numbers.set(file.path, numbers.size);
      places.set([numbers.get(file.path)!, file.place, labels[i]], 3 * i);
    }
    lists.push([storage.join(folder, files[part]), places]);
  }
  const split = [...numbers.keys()].map((path) => /^(.*)[\\/]([^\\/]+)$/.exec(path));
  const roots = new Set(split.map((found) => found?.[1]));
  const [root] = roots;
  if (roots.size !== 1 || root === undefined) return undefined;
  for (const [path, places] of lists) await storage.write(path, littleEndian(places));
  return { folder: root, shards: split.map((found) => found![2]), ...files };
}

function littleEndian(numbers: Int32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => {
    view.setInt32(4 * i, number, true);
  });
  return new Uint8Array(view.buffer);
}
