import { contentHash } from '../content-hash.ts';
import { type DataSource, type Part, parts } from '../dataset.ts';
import { originOf } from '../leak-gate.ts';
import { sha256Hex } from './files.ts';
import { formatHead, headFile, type StoreHead, type StoreSettings, type StoreShard, shardCapacity } from './head.ts';
import { formatIndex, type StoredPicture } from './index-lines.ts';

/** A file of a store, whole. */
export interface StoreFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a head says beside the pictures. */
export interface StoreFacts {
  readonly from: string;
  /** ISO 8601. */
  readonly created: string;
  /** What brought the pictures to their size. */
  readonly settings: Pick<StoreSettings, 'fit' | 'decoder'>;
}

/**
 * The files of a store that holds open data as they are, at their size: for pixels that go elsewhere, where a decoder might
 * give others. One shard is in memory at a time; the index and then the head come last. As a source each picture names its
 * pixels, so equal data give an equal index, wherever their pictures came from.
 */
export async function* storeFilesOf(source: DataSource, facts: StoreFacts): AsyncGenerator<StoreFile> {
  const { shards, pictures } = yield* shardsOf(source);
  const index = indexFileOf(source, pictures);
  const sha256 = await sha256Hex(index);
  const { height, width, channels, classNames } = firstOf(source);
  const head: StoreHead = {
    format: 'fovea-store',
    version: 1,
    ...{ name: source.name, from: facts.from, created: facts.created },
    classNames: [...classNames],
    settings: { height, width, channels, ...facts.settings },
    pictures: pictures.length,
    skipped: source.skipped.length,
    index: { name: `index-${sha256.slice(0, 16)}.jsonl`, bytes: index.length, sha256 },
    shards,
    notes: [],
  };
  yield { name: head.index.name, bytes: index };
  yield { name: headFile, bytes: new TextEncoder().encode(formatHead(head)) };
}

/** SHA-256 of the index that a store of these data has, as hex: whether data are the same as those of a store. */
export async function indexHashOf(source: DataSource): Promise<string> {
  const files = shardsOf(source);
  for (;;) {
    const { done, value } = await files.next();
    if (done) return sha256Hex(indexFileOf(source, value.pictures));
  }
}

const firstOf = (source: DataSource) => source[parts.find((part) => source[part]) as Part]!;

const indexFileOf = ({ skipped }: DataSource, pictures: readonly StoredPicture[]): Uint8Array =>
  new TextEncoder().encode(formatIndex({ pictures, skipped }));

async function* shardsOf(
  source: DataSource,
): AsyncGenerator<StoreFile, { readonly shards: StoreShard[]; readonly pictures: StoredPicture[] }> {
  const { height, width, channels } = firstOf(source);
  const size = height * width * channels;
  const count = parts.reduce((sum, part) => sum + (source[part]?.count ?? 0), 0);
  const capacity = Math.min(shardCapacity(size), count);
  const head = new TextEncoder().encode(`${width}x${height}x${channels}\n`);
  const shards: StoreShard[] = [];
  const pictures: StoredPicture[] = [];
  // A room of its own for each: whoever got one may still write it.
  let room = new Uint8Array(capacity * size);
  let place = 0;
  const finish = async (): Promise<StoreFile> => {
    const bytes = room.subarray(0, place * size);
    const sha256 = await sha256Hex(bytes);
    shards.push({ name: `shard-${sha256.slice(0, 16)}.bin`, pictures: place, sha256 });
    room = new Uint8Array(Math.min(capacity, count - pictures.length) * size);
    place = 0;
    return { name: shards[shards.length - 1].name, bytes };
  };
  for (const part of parts) {
    const dataset = source[part];
    for (let i = 0; dataset && i < dataset.count; i++) {
      const data = room.subarray(place * size, (place + 1) * size);
      dataset.pixels.copy(i, room, place * size);
      const text = new Uint8Array(head.length + size);
      text.set(head);
      text.set(data, head.length);
      const group = dataset.groups?.[i];
      pictures.push({
        ...{ origin: originOf(dataset, part, i), label: dataset.labels[i], part },
        ...(group === undefined ? {} : { group }),
        source: { hash: await sha256Hex(text), bytes: size },
        ...{ pixels: contentHash(data), height, width, shard: shards.length, place },
      });
      place++;
      if (place === capacity) yield await finish();
    }
  }
  if (place > 0) yield await finish();
  return { shards, pictures };
}
