import { mismatch } from '../errors.ts';
import { type ArchiveLimits, type ArchiveListing, type ArchiveMember, createLedger, safePath } from './archive.ts';
import { type ByteSource, buffered, sectionOf } from './byte-source.ts';

const block = 512;
/** Long names and PAX records of one entry; no honest one comes near. */
const longestExtra = 1 << 20;
const mend = 'The file is cut short or damaged: fetch it again';

/** Whether a block is a tar header: its checksum is right (and it is not all zero). */
export function isTar(head: Uint8Array): boolean {
  if (head.length < block || head[0] === 0) return false;
  return checksum(head) === octal(head.subarray(148, 156));
}

const ignoredTypes = new Map([
  ['1', 'a hard link, not followed'],
  ['2', 'a link, not followed'],
  ['3', 'a device, not read'],
  ['4', 'a device, not read'],
  ['6', 'a pipe, not read'],
]);

/**
 * Lists a tar file (POSIX ustar and pax, GNU long names, base-256 sizes): headers only, so that a large archive on disk
 * costs a few reads; members are pieces of it.
 * @param subject the archive's quoted name. @throws FoveaError when a header is damaged or a member ends after the file.
 */
export async function readTar(whole: ByteSource, subject: string, limits: ArchiveLimits = {}): Promise<ArchiveListing> {
  const source = buffered(whole);
  const ledger = createLedger(subject, limits);
  const members: ArchiveMember[] = [];
  const folders: string[] = [];
  const ignored: { origin: string; reason: string }[] = [];
  let next: { path?: string; size?: number } = {};
  let at = 0;
  let complete = false;
  while (at + block <= source.size) {
    const head = await source.read(at, block);
    if (head.every((byte) => byte === 0)) {
      complete = true;
      break;
    }
    if (checksum(head) !== octal(head.subarray(148, 156)))
      throw mismatch('a tar header with its checksum', subject, `other bytes at ${at}`, mend);
    ledger.countEntry();
    const type = String.fromCharCode(head[156]);
    const isExtra = type === 'L' || type === 'K' || type === 'x' || type === 'g';
    const size = (isExtra ? undefined : next.size) ?? sizeOf(head.subarray(124, 136));
    const name = (isExtra ? undefined : next.path) ?? nameOf(head);
    const start = at + block;
    // Folders and links may carry a size that means nothing.
    const length = type === '5' || type === '1' || type === '2' ? 0 : size;
    if (!(length >= 0 && start + length <= source.size)) {
      const what = Number.isSafeInteger(length) ? `${length} bytes` : 'a size';
      throw mismatch(
        what,
        `member '${printable(name)}' in ${subject}`,
        `an end of file after ${source.size - start}`,
        mend,
      );
    }
    at = start + Math.ceil(length / block) * block;
    if (isExtra) {
      if (length > longestExtra)
        throw mismatch(`at most ${longestExtra} bytes of names`, subject, `${length} bytes`, mend);
      const extra = await source.read(start, length);
      if (type === 'L') next = { ...next, path: text(trimZeros(extra)) };
      else if (type === 'x') next = { ...next, ...readPax(extra, subject) };
      continue;
    }
    next = {};
    const place = safePath(name);
    if ('reason' in place) {
      ignored.push({ origin: name, reason: place.reason });
      continue;
    }
    const { path } = place;
    if (path === '') continue;
    if (type === '5') folders.push(path);
    else if (type === '0' || type === '\0' || type === '7') {
      // The oldest tars write a folder as a file whose name ends in a slash.
      if (name.endsWith('/')) folders.push(path);
      else {
        const reason = ledger.refuse(path, size, size);
        if (reason !== undefined) ignored.push({ origin: name, reason });
        else members.push({ path, size, open: async () => sectionOf(whole, start, size) });
      }
    } else
      ignored.push({
        origin: name,
        reason: ignoredTypes.get(type) ?? `an entry of type '${printable(type)}', not read`,
      });
  }
  if (!complete && at < source.size)
    throw mismatch('whole blocks of 512 bytes', subject, `${source.size - at} bytes after the last`, mend);
  // GNU tar and Python end with two zero blocks; without one the end may be missing and a member with it.
  if (!complete && members.length + folders.length + ignored.length > 0)
    ignored.push({
      origin: 'the end of the archive',
      reason: 'missing; the file may be cut short between two members',
    });
  return { members, folders, ignored };
}

/** The sum of all bytes, with the checksum's own field as spaces. */
function checksum(head: Uint8Array): number {
  let sum = 8 * 32;
  for (let i = 0; i < block; i++) if (i < 148 || i >= 156) sum += head[i];
  return sum;
}

/** NaN where it is none. */
function octal(field: Uint8Array): number {
  const digits = latin1(field)
    .replace(/[\0 ]+$/, '')
    .trim();
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** Octal text, or base 256 with the highest bit set (GNU). An empty field is 0. */
function sizeOf(field: Uint8Array): number {
  if (field[0] & 0x80) {
    if (field[0] !== 0x80) return Number.NaN;
    let value = 0;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
    return Number.isSafeInteger(value) ? value : Number.NaN;
  }
  return trimZeros(field).length === 0 ? 0 : octal(field);
}

function nameOf(head: Uint8Array): string {
  const name = text(trimZeros(head.subarray(0, 100)));
  const ustar = latin1(head.subarray(257, 263)) === 'ustar\0';
  const prefix = ustar ? text(trimZeros(head.subarray(345, 500))) : '';
  return prefix ? `${prefix}/${name}` : name;
}

/** Records `LENGTH key=value\n` (POSIX.1-2001 pax), of which path and size matter. */
function readPax(extra: Uint8Array, subject: string): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {};
  for (let at = 0; at < extra.length; ) {
    const space = extra.indexOf(0x20, at);
    const length = space < 0 || space - at > 8 ? Number.NaN : Number(latin1(extra.subarray(at, space)));
    if (!(Number.isInteger(length) && length > space - at + 2 && at + length <= extra.length))
      throw mismatch('records of a pax header', subject, 'other bytes', mend);
    const record = text(extra.subarray(space + 1, at + length - 1));
    const equals = record.indexOf('=');
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    if (key === 'path') found.path = value;
    if (key === 'size') found.size = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    at += length;
  }
  return found;
}

function trimZeros(field: Uint8Array): Uint8Array {
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
}

function text(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/** One character a byte, so that names which are no UTF-8 stay different from each other. */
function latin1(bytes: Uint8Array): string {
  let result = '';
  for (const byte of bytes) result += String.fromCharCode(byte);
  return result;
}

const printable = (name: string): string => name.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?').slice(0, 200);
