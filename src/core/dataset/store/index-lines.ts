import { mismatch } from '../../errors.ts';
import { type Part, parts, type Skipped } from '../dataset.ts';
import { isHex, isPair, isText, isWhole, type Line, readSource, type SourceFacts } from './line-fields.ts';

/** Where a picture's pixels lie. */
export interface StoredPlace {
  /** Number of the shard in the head's list. */
  readonly shard: number;
  /** Number of the picture in the shard. */
  readonly place: number;
}

/** One picture of a store. */
export interface StoredPicture extends StoredPlace {
  /** As the data name it. */
  readonly origin: string;
  readonly label: number;
  readonly part: Part;
  readonly group?: string;
  readonly source: SourceFacts;
  /** `contentHash` of its pixels in the store. */
  readonly pixels: string;
  /** Of the picture itself, upright, before it was brought to size. */
  readonly height: number;
  readonly width: number;
}

/** A picture or a file that was left out. A source is known where the picture was looked at. */
export interface StoredSkip extends Skipped {
  readonly source?: SourceFacts;
}

export interface StoreIndex {
  /** In the order of the data. */
  readonly pictures: readonly StoredPicture[];
  readonly skipped: readonly StoredSkip[];
}

const longestLine = 2 ** 16;

/** The index as text: pictures, then what was left out, a line of JSON each. */
export function formatIndex({ pictures, skipped }: StoreIndex): string {
  const lines = pictures.map(({ origin, label, part, group, source, pixels, height, width, shard, place }) =>
    JSON.stringify({
      origin,
      label,
      part,
      group,
      source: source.hash,
      bytes: source.bytes,
      time: source.time,
      pixels,
      size: [height, width],
      place: [shard, place],
    }),
  );
  for (const { origin, reason, source } of skipped) {
    lines.push(JSON.stringify({ origin, reason, source: source?.hash, bytes: source?.bytes, time: source?.time }));
  }
  return `${lines.join('\n')}\n`;
}

/** @param limits classes of the store. @throws FoveaError naming the line that is none. */
export function parseIndex(bytes: Uint8Array, classes: number, subject: string): StoreIndex {
  const pictures: StoredPicture[] = [];
  const skipped: StoredSkip[] = [];
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let begin = 0, line = 1; begin < bytes.length; line++) {
    const found = bytes.indexOf(10, begin);
    const end = found < 0 ? bytes.length : found;
    const damaged = (what: string): Error => mismatch(what, `line ${line} of ${subject}`, 'something else', mend);
    if (end - begin > longestLine) throw damaged(`at most ${longestLine} bytes`);
    let value: Line;
    try {
      value = JSON.parse(decoder.decode(bytes.subarray(begin, end)));
    } catch {
      throw damaged('a line of JSON');
    }
    begin = end + 1;
    if (value === null || typeof value !== 'object' || !isText(value.origin)) throw damaged('a picture');
    if (value.reason !== undefined) skipped.push(readSkip(value, damaged));
    else pictures.push(readPicture(value, classes, damaged));
  }
  return { pictures, skipped };
}

const mend = 'The store is damaged: prepare the data anew, in a new folder';

function readPicture(line: Line, classes: number, damaged: (what: string) => Error): StoredPicture {
  const { origin, label, part, group, pixels, size, place } = line;
  const source = readSource(line);
  if (!source) throw damaged('the hash and the size of a file');
  if (!isWhole(label, classes)) throw damaged(`a label below ${classes}`);
  if (!parts.includes(part as Part)) throw damaged(`one of ${parts.join(', ')}`);
  if (group !== undefined && !isText(group)) throw damaged('the name of a group');
  if (!isHex(pixels, 32)) throw damaged('the hash of pixels');
  if (!isPair(size, 1, 2 ** 31) || !isPair(place, 0, 2 ** 31)) throw damaged('a height and width, a shard and place');
  return {
    origin: origin as string,
    label,
    part: part as Part,
    ...(group === undefined ? {} : { group }),
    source,
    pixels,
    height: size[0],
    width: size[1],
    shard: place[0],
    place: place[1],
  };
}

function readSkip(line: Line, damaged: (what: string) => Error): StoredSkip {
  if (!isText(line.reason)) throw damaged('a reason');
  const skip = { origin: line.origin as string, reason: line.reason };
  if (line.source === undefined) return skip;
  const source = readSource(line);
  if (!source) throw damaged('the hash and the size of a file');
  return { ...skip, source };
}
