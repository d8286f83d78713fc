import { mismatch } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { listField, numberField, readThrift, structField, type ThriftStruct, textField } from './thrift.ts';

/** Physical types, by number. */
export const physicalTypes = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY',
] as const;
export const codecs = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'] as const;

/** A column that holds values: `image.bytes`. */
export interface Leaf {
  readonly path: readonly string[];
  readonly type: (typeof physicalTypes)[number];
  /** How many of the path may be absent: a value is there where the level is this. */
  readonly levels: number;
  /** It or what it lies in is a list. */
  readonly repeated: boolean;
}

/** Where one column of one row group lies. */
export interface Chunk {
  readonly codec: (typeof codecs)[number] | undefined;
  readonly start: number;
  readonly size: number;
  readonly rows: number;
  /** Rows of the file before it. */
  readonly firstRow: number;
}

export interface ParquetFile {
  readonly source: ByteSource;
  readonly subject: string;
  readonly rows: number;
  readonly leaves: readonly Leaf[];
  /** Chunks of each leaf, by row group. */
  readonly chunks: readonly (readonly Chunk[])[];
  readonly keyValues: ReadonlyMap<string, string>;
}

export const isParquet = (head: Uint8Array): boolean => String.fromCharCode(...head.subarray(0, 4)) === 'PAR1';

const longestFooter = 2 ** 28;
const mend = 'The file is cut short or damaged: fetch it again';

/**
 * Reads the footer of a Parquet file (apache/parquet-format, parquet.thrift).
 * @param subject the file's quoted name. @throws FoveaError when a claim of it does not fit the bytes that are there.
 */
export async function readParquet(source: ByteSource, subject: string): Promise<ParquetFile> {
  const { size } = source;
  if (size < 12 || !isParquet(await source.read(0, 4)))
    throw mismatch("a Parquet file (first bytes 'PAR1')", subject, `${size} other bytes`);
  const tail = await source.read(size - 8, 8);
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (!isParquet(tail.subarray(4))) throw mismatch("'PAR1' at the end", subject, 'other bytes', mend);
  if (length > Math.min(size - 12, longestFooter))
    throw mismatch(`a footer of ${length} bytes`, subject, `a file of ${size}`, mend);
  const { struct } = readThrift(await source.read(size - 8 - length, length), 0, subject);
  const rows = numberField(struct, 3) ?? -1;
  // Each row of a set of pictures takes at least one byte, so arrays over rows never outgrow the file.
  if (!(rows >= 0 && rows <= size)) throw mismatch('a number of rows that fits the file', subject, String(rows), mend);
  const leaves = readSchema(listField(struct, 2), subject);
  const keyValues = new Map<string, string>();
  for (const entry of listField(struct, 5)) {
    if (!(entry instanceof Map)) continue;
    const [key, value] = [textField(entry, 1), textField(entry, 2)];
    if (key !== undefined && value !== undefined) keyValues.set(key, value);
  }
  const chunks: Chunk[][] = leaves.map(() => []);
  let firstRow = 0;
  for (const group of listField(struct, 4)) {
    if (!(group instanceof Map)) throw mismatch('row groups', subject, 'other values', mend);
    const groupRows = numberField(group as ThriftStruct, 3) ?? -1;
    const columns = listField(group as ThriftStruct, 1);
    if (!(groupRows >= 0 && firstRow + groupRows <= rows) || columns.length !== leaves.length)
      throw mismatch(`row groups of ${rows} rows and ${leaves.length} columns`, subject, 'others', mend);
    columns.forEach((column, i) => {
      chunks[i].push({ ...readChunk(column, leaves[i], size, subject), rows: groupRows, firstRow });
    });
    firstRow += groupRows;
  }
  if (firstRow !== rows) throw mismatch(`${rows} rows`, subject, `row groups of ${firstRow}`, mend);
  return { source, subject, rows, leaves, chunks, keyValues };
}

/** The schema is a tree written depth first. */
function readSchema(elements: readonly unknown[], subject: string): Leaf[] {
  const leaves: Leaf[] = [];
  let next = 0;
  const visit = (path: readonly string[], levels: number, repeated: boolean): void => {
    const element = elements[next++];
    if (!(element instanceof Map) || path.length > 32) throw mismatch('a schema', subject, 'a damaged one', mend);
    const isRoot = next === 1;
    const repetition = isRoot ? 0 : (numberField(element, 3) ?? 0);
    const here = isRoot ? [] : [...path, textField(element, 4) ?? ''];
    const inner = { levels: levels + (repetition === 0 ? 0 : 1), repeated: repeated || repetition === 2 };
    const children = numberField(element, 5) ?? 0;
    if (children > 0 || isRoot) {
      if (children > elements.length - next) throw mismatch('a schema', subject, 'a damaged one', mend);
      for (let i = 0; i < children; i++) visit(here, inner.levels, inner.repeated);
    } else {
      const type = physicalTypes[numberField(element, 1) ?? -1];
      if (type === undefined) throw mismatch('a schema of known types', subject, 'another type', mend);
      leaves.push({ path: here, type, ...inner });
    }
  };
  visit([], 0, false);
  if (next !== elements.length) throw mismatch('a schema', subject, 'a damaged one', mend);
  return leaves;
}

function readChunk(column: unknown, leaf: Leaf, fileSize: number, subject: string): Omit<Chunk, 'rows' | 'firstRow'> {
  const data = column instanceof Map ? structField(column as ThriftStruct, 3) : undefined;
  const name = `column '${leaf.path.join('.')}' of ${subject}`;
  if (!data) throw mismatch('where its values lie', name, 'nothing', 'It may be encrypted: save it without');
  const first = numberField(data, 9) ?? -1;
  const dictionary = numberField(data, 11);
  const start = dictionary !== undefined && dictionary > 0 ? Math.min(first, dictionary) : first;
  const size = numberField(data, 7) ?? -1;
  if (!(start >= 4 && size >= 0 && start + size <= fileSize))
    throw mismatch(`${size} bytes at ${start}`, name, `a file of ${fileSize}`, mend);
  return { codec: codecs[numberField(data, 4) ?? -1], start, size };
}
