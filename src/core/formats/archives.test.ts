import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytes, gzip, png, tarOf, text, zip } from '../../../tests/hostile/fixtures.ts';
import { FoveaError } from '../errors.ts';
import type { ArchiveLimits, ArchiveListing } from './archive.ts';
import { type ByteSource, blobSource, buffered, bytesSource, sectionOf } from './byte-source.ts';
import { gunzipSource } from './gunzip-source.ts';
import { memorySpool } from './spool.ts';
import { isTar, readTar } from './tar.ts';
import { readZip } from './zip.ts';

const openZip = (content: Uint8Array, limits?: ArchiveLimits) => readZip(bytesSource(content), "'a.zip'", limits);
const openTar = (content: Uint8Array, limits?: ArchiveLimits) => readTar(bytesSource(content), "'a.tar'", limits);
const paths = ({ members }: ArchiveListing): string[] => members.map(({ path }) => path);

async function contentOf(listing: ArchiveListing, path: string): Promise<Uint8Array> {
  const source = await listing.members.find((member) => member.path === path)!.open();
  return bytes(await source.read(0, source.size));
}

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FoveaError);
  return (error as Error).message;
}

/** Finds a number of four bytes and writes another. */
function patch(content: Uint8Array, place: number, value: number, size: 1 | 2 | 4): Uint8Array {
  const out = content.slice();
  for (let i = 0; i < size; i++) out[place + i] = (value >>> (8 * i)) & 255;
  return out;
}
const find = (content: Uint8Array, signature: number, from = 0): number =>
  Buffer.from(content).indexOf(
    Buffer.from([signature & 255, (signature >> 8) & 255, (signature >> 16) & 255, signature >>> 24]),
    from,
  );
const central = 0x02014b50;

/** Counts what is read, so that a test can tell that not everything was. */
function counted(source: ByteSource): ByteSource & { bytesRead: number } {
  return {
    size: source.size,
    bytesRead: 0,
    read(offset, length) {
      this.bytesRead += length;
      return source.read(offset, length);
    },
  };
}

describe('byte sources', () => {
  it('arrays, blobs, sections and windows give the same bytes, and none beyond their end', async () => {
    const content = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
    const blob = new Blob([content]);
    for (const source of [
      bytesSource(content),
      blobSource(blob),
      buffered(bytesSource(content), 64),
      sectionOf(blobSource(blob), 0, 1000),
    ]) {
      expect(source.size).toBe(1000);
      for (const [offset, length] of [
        [0, 10],
        [990, 10],
        [500, 0],
        [30, 60],
        [100, 400],
      ]) {
        expect(bytes(await source.read(offset, length))).toEqual(content.slice(offset, offset + length));
      }
      await expect((async () => source.read(999, 2))()).rejects.toThrow(RangeError);
    }
    expect([...(await sectionOf(bytesSource(content), 10, 5).read(1, 2))]).toEqual([11, 12]);
  });
});

describe('zip', () => {
  it('lists files and folders, reads stored and deflated members', async () => {
    const long = new Uint8Array(300_000).fill(7);
    const content = zipSync({
      'a/b.txt': text('hello'),
      'a/c.png': [png(1, 2, 3), { level: 0 }],
      'long.bin': long,
      'empty/': new Uint8Array(0),
    });
    const listing = await openZip(content);
    expect([paths(listing), listing.folders, listing.ignored]).toEqual([
      ['a/b.txt', 'a/c.png', 'long.bin'],
      ['empty'],
      [],
    ]);
    expect(await contentOf(listing, 'a/b.txt')).toEqual(text('hello'));
    expect(await contentOf(listing, 'a/c.png')).toEqual(png(1, 2, 3));
    expect(await contentOf(listing, 'long.bin')).toEqual(long);
  });

  it('reads the directory and the wanted member only', async () => {
    const large = Uint8Array.from({ length: 2_000_000 }, (_, i) => (i * 2654435761) >>> 24);
    const source = counted(bytesSource(zip({ 'large.bin': large, 'small.txt': text('small') }, 0)));
    const listing = await readZip(source, "'a.zip'");
    await contentOf(listing, 'small.txt');
    expect(source.bytesRead).toBeLessThan(100_000);
  });

  it('follows no path out of it, no link, nothing encrypted, no second entry of a name', async () => {
    const content = zipSync({
      '../up.txt': text('x'),
      'a/../../up.txt': text('x'),
      '/etc/passwd': text('x'),
      'C:\\x.txt': text('x'),
      'a\\..\\..\\b.txt': text('x'),
      'link.png': [text('/etc/passwd'), { os: 3, attrs: (0o120777 << 16) >>> 0 }],
      'good.txt': text('good'),
      'secret.txt': text('secret'),
      'good.txX': text('other'),
    });
    const encrypted = find(content, central, find(content, 0x72636573, find(content, central)) - 60);
    const flagged = patch(content, encrypted + 8, 1, 2);
    const renamed = Uint8Array.from(
      Buffer.from(flagged.buffer).toString('latin1').replaceAll('good.txX', 'good.txt'),
      (c) => c.charCodeAt(0),
    );
    const listing = await openZip(renamed);
    expect(paths(listing)).toEqual(['good.txt']);
    expect(listing.ignored.map(({ reason }) => reason)).toEqual([
      'a path that leads out of the archive, not followed',
      'a path that leads out of the archive, not followed',
      'an absolute path, not followed',
      'an absolute path, not followed',
      'a path that leads out of the archive, not followed',
      'a link, not followed',
      'an encrypted entry; unpack it with its password first',
      'a second entry of the same name, the first counts',
    ]);
    expect(await contentOf(listing, 'good.txt')).toEqual(text('good'));
  });

  it('zip64: the numbers are taken from its records', async () => {
    const plain = zip({ 'a.txt': text('hello') }, 0);
    const at = find(plain, central);
    const end = find(plain, 0x06054b50);
    const name = plain.subarray(at + 46, at + 51);
    const extra = Buffer.alloc(28);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    extra.writeBigUInt64LE(5n, 4);
    extra.writeBigUInt64LE(5n, 12);
    extra.writeBigUInt64LE(0n, 20);
    const entry = Buffer.from(plain.subarray(at, at + 46));
    for (const place of [20, 24, 42]) entry.writeUInt32LE(0xffffffff, place);
    entry.writeUInt16LE(28, 30);
    entry.writeUInt16LE(0, 32);
    const directory = Buffer.concat([entry, name, extra]);
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50, 0);
    record.writeBigUInt64LE(44n, 4);
    record.writeBigUInt64LE(1n, 24);
    record.writeBigUInt64LE(1n, 32);
    record.writeBigUInt64LE(BigInt(directory.length), 40);
    record.writeBigUInt64LE(BigInt(at), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(at + directory.length), 8);
    locator.writeUInt32LE(1, 16);
    const last = Buffer.from(plain.subarray(end, end + 22));
    last.fill(255, 8, 20);
    const listing = await openZip(bytes(Buffer.concat([plain.subarray(0, at), directory, record, locator, last])));
    expect(await contentOf(listing, 'a.txt')).toEqual(text('hello'));
  });

  it('is read behind other bytes, as in a self-extracting archive', async () => {
    const content = bytes(Buffer.concat([Buffer.alloc(777, 1), zip({ 'a.txt': text('hello') })]));
    expect(await contentOf(await openZip(content), 'a.txt')).toEqual(text('hello'));
  });

  it('names archive and member when a member is damaged', async () => {
    const content = zip({ 'a.txt': text('hello hello hello') });
    const at = 30 + 5 + 2;
    const broken = patch(content, at, content[at] ^ 0x55, 1);
    expect(await failure(contentOf(await openZip(broken), 'a.txt'))).toMatch(
      /^Expected .* for 'a\.txt' in 'a\.zip' but received .*\. The file is damaged/,
    );
    const stored = zip({ 'a.txt': text('hello') }, 0);
    const listing = await openZip(patch(stored, find(stored, central) + 24, 4, 4));
    expect(await failure(contentOf(listing, 'a.txt'))).toBe(
      "Expected 4 stored bytes for 'a.txt' in 'a.zip' but received 5. The file is cut short or damaged: fetch it again",
    );
  });

  it('refuses a bomb by its ratio, its entries, its size, and by entries that share bytes', async () => {
    const bomb = zip({ 'bomb.bin': new Uint8Array(2 ** 25) });
    const { members, ignored } = await openZip(bomb);
    expect([members.length, ignored]).toEqual([
      0,
      [{ origin: 'bomb.bin', reason: expect.stringMatching(/that would unpack to 33554432, more than 200 times$/) }],
    ]);
    const two = zip({ a: new Uint8Array(100), b: new Uint8Array(100) }, 0);
    expect(await failure(openZip(two, { entries: 1 }))).toMatch(
      /^Expected at most 1 entries for 'a\.zip' but received more/,
    );
    expect(await failure(openZip(two, { totalBytes: 150 }))).toMatch(/at most 150 unpacked bytes in all/);
    expect((await openZip(two, { memberBytes: 50 })).ignored).toHaveLength(2);
    const second = find(two, central, find(two, central) + 4);
    expect(await failure(openZip(patch(two, second + 42, 0, 4)))).toBe(
      "Expected members that do not overlap for 'a.zip' but received 'a' and 'b', which share bytes. It is damaged, or made to harm",
    );
  });

  it('a member that unpacks to more than it says is stopped', async () => {
    const content = zip({ 'a.bin': new Uint8Array(5_000_000) });
    const at = find(content, central);
    expect(await failure(contentOf(await openZip(patch(content, at + 24, 1000, 4)), 'a.bin'))).toBe(
      "Expected 1000 unpacked bytes for 'a.bin' in 'a.zip' but received more than that. The file is damaged: fetch it again",
    );
  });

  it('cut anywhere it is refused', async () => {
    const content = zip({ 'a.txt': text('hello'), 'b.txt': text('world') });
    for (let length = 0; length < content.length; length++)
      expect(await failure(openZip(content.slice(0, length)))).toMatch(/^Expected .*'a\.zip'/);
  });
});

describe('tar', () => {
  it('lists files and folders, long names of GNU and pax, and reads members', async () => {
    const long = `${'folder/'.repeat(30)}picture.png`;
    const record = (key: string, value: string): string => {
      const body = ` ${key}=${value}\n`;
      let length = body.length + 2;
      while (String(length).length + body.length !== length) length++;
      return `${length}${body}`;
    };
    const listing = await openTar(
      tarOf([
        { name: 'data/', type: '5' },
        { name: './data/a.txt', data: text('hello') },
        { name: '././@LongLink', type: 'L', data: text(`${long}\0`) },
        { name: long.slice(0, 99), data: text('gnu') },
        { name: 'pax', type: 'x', data: text(record('path', `x/${long}`) + record('mtime', '1')) },
        { name: 'short', data: text('pax') },
        { name: 'tail.txt', data: text('tail') },
      ]),
    );
    expect([paths(listing), listing.folders, listing.ignored]).toEqual([
      ['data/a.txt', long, `x/${long}`, 'tail.txt'],
      ['data'],
      [],
    ]);
    expect(await contentOf(listing, long)).toEqual(text('gnu'));
    expect(await contentOf(listing, `x/${long}`)).toEqual(text('pax'));
  });

  it('follows no path out of it, no link, no device', async () => {
    const listing = await openTar(
      tarOf([
        { name: '../up.txt', data: text('x') },
        { name: '/etc/passwd', data: text('x') },
        { name: 'hard', type: '1', link: '/etc/passwd' },
        { name: 'soft', type: '2', link: '../../etc' },
        { name: 'device', type: '3' },
        { name: 'pipe', type: '6' },
        { name: 'strange', type: 'Z', data: text('x') },
        { name: 'a.txt', data: text('one') },
        { name: './a.txt', data: text('two') },
      ]),
    );
    expect(paths(listing)).toEqual(['a.txt']);
    expect(listing.ignored.map(({ origin, reason }) => `${origin}: ${reason}`)).toEqual([
      '../up.txt: a path that leads out of the archive, not followed',
      '/etc/passwd: an absolute path, not followed',
      'hard: a hard link, not followed',
      'soft: a link, not followed',
      'device: a device, not read',
      'pipe: a pipe, not read',
      "strange: an entry of type 'Z', not read",
      './a.txt: a second entry of the same name, the first counts',
    ]);
    expect(await contentOf(listing, 'a.txt')).toEqual(text('one'));
  });

  it('reads headers only', async () => {
    const source = counted(
      bytesSource(
        tarOf([
          { name: 'large', data: new Uint8Array(3_000_000) },
          { name: 'small', data: text('x') },
        ]),
      ),
    );
    expect(paths(await readTar(source, "'a.tar'"))).toEqual(['large', 'small']);
    expect(source.bytesRead).toBeLessThan(100_000);
  });

  it('refuses what is cut short or claims more than is there, and says where an end is missing', async () => {
    const content = tarOf([{ name: 'a.txt', data: new Uint8Array(2000).fill(65) }]);
    expect(isTar(content.subarray(0, 512))).toBe(true);
    expect(await failure(openTar(content.slice(0, 1500)))).toMatch(
      /^Expected 2000 bytes for member 'a\.txt' in 'a\.tar' but received an end of file after 988\. /,
    );
    expect(await failure(openTar(patch(content, 100, 65, 1)))).toMatch(
      /a tar header with its checksum for 'a\.tar' but received other bytes at 0/,
    );
    expect(await failure(openTar(tarOf([{ name: 'a', data: text('x'), size: 2 ** 32 }])))).toMatch(
      /^Expected 4294967296 bytes for member 'a'/,
    );
    expect((await openTar(tarOf([{ name: 'a', data: text('x') }], 0))).ignored).toEqual([
      { origin: 'the end of the archive', reason: 'missing; the file may be cut short between two members' },
    ]);
    expect(await failure(openTar(tarOf([{ name: 'a' }, { name: 'b' }]), { entries: 1 }))).toMatch(/at most 1 entries/);
    expect(await failure(openTar(tarOf([{ name: 'x', type: 'x', data: text('junk') }])))).toMatch(
      /records of a pax header/,
    );
  });
});

describe('gunzipSource', () => {
  const unpack = (content: Uint8Array, limits: { limit?: number; ratio?: number } = {}) =>
    gunzipSource(bytesSource(content), { subject: "'a.gz'", createSpool: memorySpool, ...limits });

  it('gives what was packed, and refuses what is cut, damaged or too much', async () => {
    const content = Uint8Array.from({ length: 500_000 }, (_, i) => (i * i) >> 7);
    const packed = gzip(content);
    const source = await unpack(packed);
    expect(bytes(await source.read(0, source.size))).toEqual(content);
    expect(await failure(unpack(packed.slice(0, packed.length - 9)))).toMatch(
      /^Expected a whole gzip stream for 'a\.gz' but received one that is cut short or damaged/,
    );
    expect(await failure(unpack(packed, { limit: 1000 }))).toMatch(/at most 1000 unpacked bytes/);
    const bomb = gzip(new Uint8Array(2 ** 26));
    expect(await failure(unpack(bomb))).toMatch(
      /at most 200 unpacked bytes for each packed one for 'a\.gz' but received more/,
    );
  });
});
