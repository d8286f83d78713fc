import { invalid, mismatch } from '../errors.ts';
import { gunzip, isGzip } from './gzip.ts';

/**
 * IDX, the format of MNIST and its kin (Y. LeCun, C. Cortes, C. Burges, "The MNIST database"): two zero bytes, a type
 * byte, the number of dimensions, then each dimension as 32 bits big endian, then the elements, outermost first.
 * Fovea reads unsigned bytes (type 08), plain or gzip, by content.
 */
export interface Idx {
  readonly dimensions: readonly number[];
  readonly data: Uint8Array;
}

/** Pictures as height x width x channels; `pixels` holds count * height * width * channels bytes. */
export interface IdxImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

const typeNames = new Map([
  [0x08, 'unsigned bytes'],
  [0x09, 'signed bytes'],
  [0x0b, '16-bit integers'],
  [0x0c, '32-bit integers'],
  [0x0d, '32-bit floats'],
  [0x0e, '64-bit floats'],
]);
const defaultLimit = 2 ** 31;
const fetchAgain = 'The file is cut short: fetch it again';

/** Reads any IDX file of bytes. @param subject the file's name, for errors. @param limit most bytes that it may hold. */
export async function readIdx(bytes: Uint8Array, subject: string, limit = defaultLimit): Promise<Idx> {
  if (!isGzip(bytes)) return parseIdx(bytes, subject, limit);
  const expect = (head: Uint8Array): number => wholeSize(parseHeader(head, subject), subject, limit);
  return parseIdx(
    await gunzip(bytes, { subject, limit: limit + 4 + 4 * 255, expect, headBytes: 4 + 4 * 255 }),
    subject,
    limit,
  );
}

/** Parses plain IDX bytes; `data` is a view into them. */
export function parseIdx(bytes: Uint8Array, subject: string, limit = defaultLimit): Idx {
  const dimensions = parseHeader(bytes, subject);
  const size = wholeSize(dimensions, subject, limit);
  if (bytes.length !== size) {
    const what = bytes.length < size ? 'fewer' : 'more';
    const mend = bytes.length < size ? fetchAgain : 'The file is damaged or has another format';
    throw mismatch(
      `${size} bytes (its header says ${dimensions.join(' x ')})`,
      subject,
      `${bytes.length}, ${what} than that`,
      mend,
    );
  }
  return { dimensions, data: bytes.subarray(4 + 4 * dimensions.length) };
}

/** Pictures from a parsed file: 3 dimensions are grey, 4 are colour with 1 or 3 channels last. */
export function idxImages(idx: Idx, subject: string): IdxImages {
  const [count, height, width, channels = 1] = idx.dimensions;
  const rank = idx.dimensions.length;
  if (rank !== 3 && rank !== 4) {
    const mend = rank === 1 ? 'This looks like a label file' : '';
    throw mismatch('pictures with 3 dimensions (count, rows, columns)', subject, dimensionCount(rank), mend);
  }
  if (channels !== 1 && channels !== 3) throw invalid('1 or 3 channels', subject, channels);
  if (count === 0)
    throw mismatch('at least one picture', subject, 'a header that says 0', 'The file is damaged: fetch it again');
  if (height === 0 || width === 0) throw invalid('pictures of at least 1x1', subject, [height, width]);
  return { count, height, width, channels, pixels: idx.data };
}

/** Labels from a parsed file: one dimension. */
export function idxLabels(idx: Idx, subject: string): Uint8Array {
  if (idx.dimensions.length !== 1) {
    const mend = idx.dimensions.length === 3 ? 'This looks like a picture file' : '';
    throw mismatch('labels with 1 dimension', subject, dimensionCount(idx.dimensions.length), mend);
  }
  return idx.data;
}

function parseHeader(bytes: Uint8Array, subject: string): number[] {
  if (bytes.length < 4)
    throw mismatch('an IDX header of at least 4 bytes', subject, `${bytes.length} bytes`, fetchAgain);
  if (bytes[0] !== 0 || bytes[1] !== 0 || !typeNames.has(bytes[2]) || bytes[3] === 0) {
    const magic = [...bytes.subarray(0, 4)].map((b) => b.toString(16).padStart(2, '0')).join('');
    throw mismatch(
      'an IDX file (first bytes 0000 08 and the number of dimensions)',
      subject,
      `magic number 0x${magic}`,
      /\.gz'?$/i.test(subject)
        ? 'It is no gzip file either, whatever its name says: fetch it again'
        : 'The file is damaged or has another format: fetch it again',
    );
  }
  if (bytes[2] !== 0x08) throw mismatch('unsigned bytes (IDX type 08)', subject, typeNames.get(bytes[2]) ?? '');
  const rank = bytes[3];
  if (bytes.length < 4 + 4 * rank)
    throw mismatch(`a header of ${4 + 4 * rank} bytes`, subject, `${bytes.length} bytes`, fetchAgain);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
}

/** Header and elements in bytes, before anything is allocated for them. */
function wholeSize(dimensions: readonly number[], subject: string, limit: number): number {
  // Each factor is below 2^32 and the product stops at the limit, so it stays exact.
  let elements = 1;
  for (const size of dimensions) {
    elements *= size;
    if (elements > limit) {
      throw mismatch(
        `at most ${limit} bytes of pictures`,
        subject,
        `a header that says ${dimensions.join(' x ')}`,
        'The file is damaged, or too large to read at once',
      );
    }
  }
  return 4 + 4 * dimensions.length + elements;
}

const dimensionCount = (rank: number): string => `${rank} dimension${rank === 1 ? '' : 's'}`;
