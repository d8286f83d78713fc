import { invalid, mismatch } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';

/** Height and width of a CIFAR picture. */
export const cifarSide = 32;
const plane = cifarSide * cifarSide;
const pictureBytes = 3 * plane;

export interface CifarRecords {
  readonly count: number;
  /** count x 32 x 32 x 3. */
  readonly pixels: Uint8Array;
  /** CIFAR-100: the fine label. */
  readonly labels: Uint8Array;
}

/**
 * Bytes of one record of the binary versions (A. Krizhevsky, cs.toronto.edu/~kriz/cifar.html): CIFAR-10 has one label
 * before the 3072 bytes of a picture, CIFAR-100 a coarse and a fine one.
 */
export const cifarRecordBytes = (labelBytes: 1 | 2): number => labelBytes + pictureBytes;

/**
 * Reads one file of records. Red, green and blue lie in planes there and are brought side by side.
 * @param classes labels must lie below. @param subject the file's quoted name. @throws FoveaError for anything else.
 */
export async function readCifar(
  source: ByteSource,
  labelBytes: 1 | 2,
  classes: number,
  subject: string,
): Promise<CifarRecords> {
  const record = cifarRecordBytes(labelBytes);
  if (source.size === 0 || source.size % record !== 0) {
    const mend =
      source.size % 3072 === 0
        ? 'This is not the binary version of CIFAR'
        : 'The file is cut short or damaged: fetch it again';
    throw mismatch(`whole records of ${record} bytes`, subject, `${source.size} bytes`, mend);
  }
  if (source.size > 2 ** 31) throw mismatch(`at most ${2 ** 31} bytes`, subject, `${source.size} bytes`);
  const count = source.size / record;
  const pixels = new Uint8Array(count * pictureBytes);
  const labels = new Uint8Array(count);
  const atOnce = 4096;
  for (let first = 0; first < count; first += atOnce) {
    const n = Math.min(atOnce, count - first);
    const bytes = await source.read(first * record, n * record);
    for (let i = 0; i < n; i++) {
      const label = bytes[i * record + labelBytes - 1];
      if (label >= classes)
        throw invalid(`a label from 0 to ${classes - 1}`, `record ${first + i + 1} of ${subject}`, label);
      labels[first + i] = label;
      const from = i * record + labelBytes;
      let to = (first + i) * pictureBytes;
      for (let at = from; at < from + plane; at++, to += 3) {
        pixels[to] = bytes[at];
        pixels[to + 1] = bytes[at + plane];
        pixels[to + 2] = bytes[at + 2 * plane];
      }
    }
  }
  return { count, pixels, labels };
}
