import { FoveaError, mismatch } from '../../errors.ts';
import { decompress } from './decompress.ts';
import type { Chunk, Leaf, ParquetFile } from './metadata.ts';
import { readHybrid } from './rle.ts';
import { numberField, readThrift, structField } from './thrift.ts';

/** One page of a column: found, not yet unpacked. */
interface Page {
  readonly start: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly values: number;
  readonly encoding: number;
  /** Version 2 only: levels lie before the packed bytes, unpacked. */
  readonly levelBytes?: number;
  readonly isPacked: boolean;
  /** Rows of the file before it. */
  readonly firstRow: number;
}

interface PageIndex {
  readonly dictionary?: Page;
  readonly pages: readonly Page[];
}

/** A value, or null where it is absent. */
export type ParquetValue = number | Uint8Array | null;

const mend = 'The file is damaged: fetch it again';
const largestPage = 2 ** 30;
/** Bytes that are read to find a page's header; statistics within may be as long as two values. */
const headerWindows = [1 << 12, 1 << 18, 1 << 24] as const;

/**
 * Reads values of one column by row. Only page headers are read at first; of what is unpacked the last few pages are
 * kept, so that reading in order unpacks each page once.
 */
export function openColumn(file: ParquetFile, leaf: Leaf, keep = 4): { read(row: number): Promise<ParquetValue> } {
  const chunks = file.chunks[file.leaves.indexOf(leaf)];
  const name = `column '${leaf.path.join('.')}' of ${file.subject}`;
  if (leaf.repeated) throw mismatch('one value a row', name, 'lists');
  const indices = new Map<Chunk, Promise<PageIndex>>();
  const dictionaries = new Map<Chunk, Promise<ParquetValue[]>>();
  const decoded = new Map<Page, Promise<ParquetValue[]>>();
  const once = <K, V>(map: Map<K, Promise<V>>, key: K, make: () => Promise<V>, most: number): Promise<V> => {
    let value = map.get(key);
    if (value) map.delete(key);
    else value = make();
    map.set(key, value);
    if (map.size > most) map.delete(map.keys().next().value as K);
    return value;
  };
  return {
    async read(row) {
      const chunk = chunks[lastAtOrBefore(chunks, row)];
      const index = await once(indices, chunk, () => indexPages(file, leaf, chunk, name), Number.POSITIVE_INFINITY);
      const page = index.pages[lastAtOrBefore(index.pages, row)];
      const values = await once(
        decoded,
        page,
        async () => {
          const { dictionary } = index;
          const words =
            dictionary &&
            once(
              dictionaries,
              chunk,
              async () => plain(await unpack(file, chunk, dictionary, name), 0, dictionary.values, leaf, name),
              2,
            );
          return decodePage(file, leaf, chunk, page, await words, name);
        },
        keep,
      );
      return values[row - page.firstRow];
    },
  };
}

/** The last place whose `firstRow` is not after `row`. */
function lastAtOrBefore(list: readonly { readonly firstRow: number }[], row: number): number {
  let [low, high] = [0, list.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (list[middle].firstRow <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

async function indexPages(file: ParquetFile, leaf: Leaf, chunk: Chunk, name: string): Promise<PageIndex> {
  const end = chunk.start + chunk.size;
  const pages: Page[] = [];
  let dictionary: Page | undefined;
  let rows = 0;
  for (let at = chunk.start; at < end && rows < chunk.rows; ) {
    const { struct, start } = await readPageHeader(file, at, end, name);
    const type = numberField(struct, 1);
    const unpacked = numberField(struct, 2) ?? -1;
    const packed = numberField(struct, 3) ?? -1;
    if (!(packed >= 0 && start + packed <= end))
      throw mismatch(`a page of ${packed} bytes`, name, 'an end of the column before that', mend);
    if (!(unpacked >= 0 && unpacked <= largestPage))
      throw mismatch(`a page of at most ${largestPage} bytes`, name, String(unpacked), mend);
    at = start + packed;
    const head = structField(struct, type === 0 ? 5 : type === 2 ? 7 : 8);
    // Index pages (1) hold nothing that is needed.
    if (type === 1) continue;
    if (!head) throw mismatch('the header of a page', name, 'another', mend);
    const values = numberField(head, 1) ?? -1;
    const encoding = numberField(head, type === 3 ? 4 : 2) ?? -1;
    const base = { start, packed, unpacked, values, encoding, firstRow: chunk.firstRow + rows };
    if (type === 2) {
      // Every word of a dictionary takes at least a byte of it.
      if (dictionary || !(values >= 0 && values <= unpacked))
        throw mismatch('one dictionary', name, 'another or a damaged one', mend);
      dictionary = { ...base, isPacked: true };
      continue;
    }
    if (!(values > 0 && rows + values <= chunk.rows))
      throw mismatch(`${chunk.rows} values`, name, `pages of ${rows + values}`, mend);
    rows += values;
    if (type === 0) pages.push({ ...base, isPacked: true });
    else {
      const levelBytes = numberField(head, 5) ?? -1;
      if ((numberField(head, 6) ?? 0) !== 0 || !(levelBytes >= 0 && levelBytes <= packed && levelBytes <= unpacked))
        throw mismatch('levels that fit their page', name, String(levelBytes), mend);
      pages.push({ ...base, levelBytes, isPacked: head.get(7) !== false });
    }
  }
  if (rows !== chunk.rows) throw mismatch(`${chunk.rows} values`, name, `pages of ${rows}`, mend);
  if (leaf.levels > 255) throw mismatch('a plain column', name, 'one of many levels');
  return { dictionary, pages };
}

async function readPageHeader(file: ParquetFile, at: number, end: number, name: string) {
  for (const window of headerWindows) {
    const length = Math.min(window, end - at);
    try {
      const { struct, end: after } = readThrift(await file.source.read(at, length), 0, name);
      return { struct, start: at + after };
    } catch (error) {
      if (length === end - at || window === headerWindows[2] || !(error instanceof FoveaError)) throw error;
    }
  }
  throw mismatch('the header of a page', name, 'other bytes', mend);
}

/** A page's bytes, unpacked. */
async function unpack(file: ParquetFile, chunk: Chunk, page: Page, name: string): Promise<Uint8Array> {
  const bytes = await file.source.read(page.start, page.packed);
  const before = page.levelBytes ?? 0;
  if (!page.isPacked) return bytes;
  const packed = bytes.subarray(before);
  const size = page.unpacked - before;
  const body = decompress(packed, size, chunk.codec, name);
  if (before === 0) return body;
  const whole = new Uint8Array(page.unpacked);
  whole.set(bytes.subarray(0, before));
  whole.set(body, before);
  return whole;
}

async function decodePage(
  file: ParquetFile,
  leaf: Leaf,
  chunk: Chunk,
  page: Page,
  dictionary: ParquetValue[] | undefined,
  name: string,
): Promise<ParquetValue[]> {
  const bytes = await unpack(file, chunk, page, name);
  const { values: count, encoding } = page;
  let at = 0;
  let levels: Uint32Array | undefined;
  if (leaf.levels > 0) {
    let length = page.levelBytes;
    if (length === undefined) {
      if (bytes.length < 4) throw mismatch('levels', name, 'an early end', mend);
      length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
      at = 4;
    }
    if (!(at + length <= bytes.length))
      throw mismatch(`${length} bytes of levels`, name, `a page of ${bytes.length}`, mend);
    levels = readHybrid(bytes, at, at + length, 32 - Math.clz32(leaf.levels), count, name);
    at += length;
  }
  let there = count;
  if (levels) for (const level of levels) if (level !== leaf.levels) there--;
  const present = values(bytes, at, there, encoding, leaf, dictionary, name);
  if (there === count) return present;
  let next = 0;
  return Array.from(levels!, (level) => (level === leaf.levels ? present[next++] : null));
}

function values(
  bytes: Uint8Array,
  at: number,
  count: number,
  encoding: number,
  leaf: Leaf,
  dictionary: ParquetValue[] | undefined,
  name: string,
): ParquetValue[] {
  if (count === 0) return [];
  // 0 is plain; 2 and 8 are places in the dictionary.
  if (encoding === 0) return plain(bytes, at, count, leaf, name);
  if (encoding !== 2 && encoding !== 8) {
    const mendEncoding = 'Save the file again with pyarrow, which writes plain or dictionary pages';
    throw mismatch('plain or dictionary pages', name, `encoding ${encoding}`, mendEncoding);
  }
  if (!dictionary || at >= bytes.length) throw mismatch('a dictionary', name, 'none', mend);
  const places = readHybrid(bytes, at + 1, bytes.length, bytes[at], count, name);
  return Array.from(places, (place) => {
    if (place >= dictionary.length)
      throw mismatch(`a place in a dictionary of ${dictionary.length}`, name, String(place), mend);
    return dictionary[place];
  });
}

function plain(bytes: Uint8Array, from: number, count: number, { type }: Leaf, name: string): ParquetValue[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cut = () => mismatch(`${count} values`, name, 'an early end', mend);
  if (type === 'BYTE_ARRAY') {
    const out: Uint8Array[] = [];
    for (let at = from; out.length < count; ) {
      if (at + 4 > bytes.length) throw cut();
      const length = view.getUint32(at, true);
      if (at + 4 + length > bytes.length) throw cut();
      out.push(bytes.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    return out;
  }
  const widths: Partial<Record<Leaf['type'], number>> = { INT32: 4, INT64: 8, FLOAT: 4, DOUBLE: 8 };
  const width = widths[type];
  if (width === undefined) throw mismatch('bytes, whole numbers or floats', name, type);
  if (from + width * count > bytes.length) throw cut();
  return Array.from({ length: count }, (_, i) => {
    const at = from + width * i;
    if (type === 'INT32') return view.getInt32(at, true);
    if (type === 'INT64') return Number(view.getBigInt64(at, true));
    return type === 'FLOAT' ? view.getFloat32(at, true) : view.getFloat64(at, true);
  });
}
