import { type FoveaError, mismatch } from '../errors.ts';
import {
  type ArchiveLimits,
  type ArchiveListing,
  type ArchiveMember,
  createLedger,
  memberSubject,
  safePath,
} from './archive.ts';
import { type ByteSource, buffered, bytesSource, sectionOf } from './byte-source.ts';
import { crc32 } from './crc32.ts';
import { inflate } from './inflate.ts';
import { quotePath } from './quote.ts';

/** Whether bytes begin as a zip file does: a local header, or the end record of an empty archive. */
export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));

const endRecord = 0x06054b50;
const endRecord64 = 0x06064b50;
const endLocator64 = 0x07064b50;
const centralEntry = 0x02014b50;
const localEntry = 0x04034b50;
const longestComment = 65535;
const mend = 'The file is cut short or damaged: fetch it again';

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly entries: number;
  /** Bytes before the archive itself, as in a self-extracting one. */
  readonly shift: number;
}

interface Found {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly header: number;
  readonly link: boolean;
}

/**
 * Lists a zip file (PKWARE APPNOTE 6.3.10, zip64 too) from its central directory; members are read one at a time, when
 * asked for. Stored and deflated members are read; encrypted ones, links and other methods are named in `ignored`.
 * @param subject the archive's quoted name. @throws FoveaError when it is damaged, or its entries overlap.
 */
export async function readZip(
  source: ByteSource,
  subject: string,
  limits: ArchiveLimits = {},
): Promise<ArchiveListing> {
  const directory = await findDirectory(source, subject);
  const ledger = createLedger(subject, limits);
  const members: ArchiveMember[] = [];
  const folders: string[] = [];
  const ignored: { origin: string; reason: string }[] = [];
  const extents: { from: number; to: number; name: string }[] = [];
  for await (const entry of entriesOf(source, directory, subject)) {
    ledger.countEntry();
    const { name, packed, size } = entry;
    const header = entry.header + directory.shift;
    // 30 bytes are the local header without its name; the name's length is checked when the member is read.
    if (header + 30 + packed > directory.offset)
      throw mismatch(
        `a member of ${packed} bytes`,
        memberSubject(subject, quotePath(name)),
        'an end of file before that',
        mend,
      );
    extents.push({ from: header, to: header + 30 + packed, name });
    const place = safePath(name);
    if ('reason' in place) {
      ignored.push({ origin: name, reason: place.reason });
      continue;
    }
    const { path } = place;
    if (path === '') continue;
    if (name.endsWith('/')) {
      folders.push(path);
      continue;
    }
    const reason = refusal(entry) ?? ledger.refuse(path, size, packed);
    if (reason !== undefined) ignored.push({ origin: name, reason });
    else members.push({ path, size, open: () => openMember(source, subject, { ...entry, header }) });
  }
  checkOverlap(extents, subject);
  return { members, folders, ignored };
}

function refusal({ flags, method, link }: Found): string | undefined {
  if (link) return 'a link, not followed';
  if (flags & 1) return 'an encrypted entry; unpack it with its password first';
  if (method === 99) return 'an encrypted entry; unpack it with its password first';
  if (method !== 0 && method !== 8) return `packed with method ${method}, not stored or deflated; pack it anew`;
  return undefined;
}

/** Entries that share bytes let a small file unpack to petabytes (D. Fifield, "A better zip bomb", 2019). */
function checkOverlap(extents: { from: number; to: number; name: string }[], subject: string): void {
  extents.sort((a, b) => a.from - b.from);
  for (let i = 1; i < extents.length; i++) {
    if (extents[i].from < extents[i - 1].to) {
      const pair = `${quotePath(extents[i - 1].name)} and ${quotePath(extents[i].name)}, which share bytes`;
      throw mismatch('members that do not overlap', subject, pair, 'It is damaged, or made to harm');
    }
  }
}

async function findDirectory(source: ByteSource, subject: string): Promise<Directory> {
  const tailLength = Math.min(source.size, 22 + longestComment);
  const tailStart = source.size - tailLength;
  const tail = await source.read(tailStart, tailLength);
  const view = viewOf(tail);
  let at = tailLength - 22;
  while (at >= 0 && !(view.getUint32(at, true) === endRecord && at + 22 + view.getUint16(at + 20, true) <= tailLength))
    at--;
  if (at < 0)
    throw mismatch('a zip file with its directory at the end', subject, `${source.size} bytes without one`, mend);
  if (view.getUint16(at + 4, true) !== view.getUint16(at + 6, true))
    throw mismatch('a zip file in one piece', subject, 'one piece of several', 'Join the pieces first');
  let entries = view.getUint16(at + 10, true);
  let size = view.getUint32(at + 12, true);
  let offset = view.getUint32(at + 16, true);
  let end = tailStart + at;
  if (at >= 20 && view.getUint32(at - 20, true) === endLocator64) {
    const place = Number(view.getBigUint64(at - 20 + 8, true));
    if (!(place + 56 <= end))
      throw mismatch('a zip64 directory', subject, `a place of it after the end, ${place}`, mend);
    const record = viewOf(await source.read(place, 56));
    if (record.getUint32(0, true) !== endRecord64) throw mismatch('a zip64 directory', subject, 'other bytes', mend);
    entries = Number(record.getBigUint64(32, true));
    size = Number(record.getBigUint64(40, true));
    offset = Number(record.getBigUint64(48, true));
    end = place;
  }
  const shift = end - offset - size;
  if (!(shift >= 0))
    throw mismatch(`a directory of ${size} bytes at ${offset}`, subject, `a file that ends before, at ${end}`, mend);
  if (!(entries * 46 <= size))
    throw mismatch(`${entries} entries`, subject, `a directory of ${size} bytes, too short for them`, mend);
  return { offset: offset + shift, size, entries, shift };
}

async function* entriesOf(whole: ByteSource, directory: Directory, subject: string): AsyncGenerator<Found> {
  const source = buffered(whole);
  const end = directory.offset + directory.size;
  let at = directory.offset;
  for (let i = 0; i < directory.entries; i++) {
    const cut = (): FoveaError =>
      mismatch(`${directory.entries} entries`, subject, `a directory that breaks off at entry ${i + 1}`, mend);
    if (at + 46 > end) throw cut();
    const head = viewOf(await source.read(at, 46));
    if (head.getUint32(0, true) !== centralEntry) throw cut();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => head.getUint16(place, true));
    if (at + 46 + nameLength + extraLength + commentLength > end) throw cut();
    const rest = await source.read(at + 46, nameLength + extraLength);
    at += 46 + nameLength + extraLength + commentLength;
    const flags = head.getUint16(8, true);
    const sizes = {
      size: head.getUint32(24, true),
      packed: head.getUint32(20, true),
      header: head.getUint32(42, true),
    };
    readZip64(rest.subarray(nameLength), sizes);
    const system = head.getUint8(5);
    const mode = head.getUint32(38, true) >>> 16;
    yield {
      name: decodeName(rest.subarray(0, nameLength)),
      flags,
      method: head.getUint16(10, true),
      crc: head.getUint32(16, true),
      // Unix (3) and macOS (19) keep the file's mode there; 0o120000 is a symbolic link.
      link: (system === 3 || system === 19) && (mode & 0o170000) === 0o120000,
      ...sizes,
    };
  }
}

/** The extra field 0x0001 holds, in this order, those of the three that did not fit 32 bits. */
function readZip64(extra: Uint8Array, sizes: { size: number; packed: number; header: number }): void {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = view.getUint16(at + 2, true);
    const end = Math.min(extra.length, at + 4 + length);
    if (view.getUint16(at, true) === 1) {
      let from = at + 4;
      for (const key of ['size', 'packed', 'header'] as const) {
        if (sizes[key] !== 0xffffffff || from + 8 > end) continue;
        sizes[key] = Number(view.getBigUint64(from, true));
        from += 8;
      }
      return;
    }
    at += 4 + length;
  }
}

async function openMember(source: ByteSource, archive: string, entry: Found): Promise<ByteSource> {
  const { name, header, packed, size, method, crc } = entry;
  const subject = memberSubject(archive, quotePath(name));
  const local = viewOf(await source.read(header, 30));
  if (local.getUint32(0, true) !== localEntry) throw mismatch('a local header', subject, 'other bytes', mend);
  const start = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + packed > source.size) throw mismatch(`${packed} bytes`, subject, 'an end of file before that', mend);
  if (method === 0) {
    if (packed !== size) throw mismatch(`${size} stored bytes`, subject, String(packed), mend);
    return sectionOf(source, start, size);
  }
  const bytes = inflate(await source.read(start, packed), size, subject);
  const sum = crc32(bytes);
  if (sum !== crc) throw mismatch(`a checksum of ${hex(crc)}`, subject, hex(sum), mend);
  return bytesSource(bytes);
}

/** UTF-8 whether the flag says so or not; what is none is read byte by byte, so that each name stays another one. */
function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return text;
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const hex = (value: number): string => value.toString(16).padStart(8, '0');
