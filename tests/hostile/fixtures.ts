import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { crc32 } from '../../src/core/formats/crc32.ts';

/** Files by path, as an archive or a folder holds them. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** A PNG of one colour, made here so that fixtures need no decoder. */
export function png(red: number, green: number, blue: number, side = 4): Uint8Array {
  const row = [0, ...Array.from({ length: side }, () => [red, green, blue]).flat()];
  const raw = Uint8Array.from(Array.from({ length: side }, () => row).flat());
  // A zlib stream of one stored block.
  const adler = raw.reduce(([a, b], byte) => [(a + byte) % 65521, (a + byte + b) % 65521], [1, 0]);
  const stored = [0x78, 1, 1, raw.length & 255, raw.length >> 8, ~raw.length & 255, (~raw.length >> 8) & 255, ...raw];
  const data = Uint8Array.from([...stored, adler[1] >> 8, adler[1] & 255, adler[0] >> 8, adler[0] & 255]);
  const header = Uint8Array.from([0, 0, 0, side, 0, 0, 0, side, 8, 2, 0, 0, 0]);
  const chunk = (kind: string, body: Uint8Array): Uint8Array => {
    const named = Buffer.concat([Buffer.from(kind, 'latin1'), body]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return bytes(
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array(0))]),
  );
}

/** Not a Buffer, whose slices are views. */
export const bytes = (buffer: Uint8Array): Uint8Array => Uint8Array.from(buffer);

export const text = (content: string): Uint8Array => strToU8(content);

/** Class folders of pictures: two classes, three pictures each, and one of each to test on. */
export const classFolderFiles: Files = Object.fromEntries(
  ['cat', 'dog'].flatMap((name, label) => [
    ...[1, 2, 3].map((i) => [`train/${name}/${i}.png`, png(label * 100, i * 20, 5)]),
    [`test/${name}/4.png`, png(label * 100, 80, 5)],
  ]),
);

export const zip = (files: Files, level: 0 | 6 = 6): Uint8Array => zipSync({ ...files }, { level });

export interface TarEntry {
  readonly name: string;
  readonly data?: Uint8Array;
  readonly type?: string;
  readonly link?: string;
  /** The size that the header claims; by default the data's. */
  readonly size?: number;
}

/** A ustar archive. */
export function tarOf(entries: readonly TarEntry[], end = 2): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const { name, data = new Uint8Array(0), type = '0', link = '', size = data.length } of entries) {
    const head = Buffer.alloc(512);
    head.write(name, 0, 100, 'utf8');
    head.write('0000644\0', 100);
    head.write('0000000\0', 108);
    head.write('0000000\0', 116);
    head.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    head.write('00000000000\0', 136);
    head.write('        ', 148);
    head.write(type, 156);
    head.write(link, 157, 100, 'utf8');
    head.write('ustar\x0000', 257, 'latin1');
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    blocks.push(head, data, new Uint8Array((512 - (data.length % 512)) % 512));
  }
  return bytes(Buffer.concat([...blocks, new Uint8Array(512 * end)]));
}

export const tar = (files: Files): Uint8Array => tarOf(Object.entries(files).map(([name, data]) => ({ name, data })));

export const gzip = (content: Uint8Array): Uint8Array => bytes(gzipSync(content));

/** A .npy file of version 1. @param type with byte order, such as `<f4`. */
export function npy(type: string, shape: readonly number[], data: Uint8Array, fortran = false): Uint8Array {
  const size = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${type}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${size}), }`;
  const padded = dictionary.padEnd(Math.ceil((dictionary.length + 11) / 64) * 64 - 11, ' ');
  const head = Buffer.from(`\x93NUMPY\x01\0\0\0${padded}\n`, 'latin1');
  head.writeUInt16LE(padded.length + 1, 8);
  return bytes(Buffer.concat([head, data]));
}

export const ofType = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const ramp = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (7 * i) % 256);

/** As Keras writes mnist.npz: five pictures of 3x2 to train on, two to test on. */
export const npz = (): Uint8Array =>
  zip({
    'x_train.npy': npy('|u1', [5, 3, 2], ramp(30)),
    'y_train.npy': npy('<i8', [5], ofType(BigInt64Array.of(0n, 1n, 2n, 1n, 0n))),
    'x_test.npy': npy('|u1', [2, 3, 2], ramp(12)),
    'y_test.npy': npy('<i8', [2], ofType(BigInt64Array.of(2n, 0n))),
  });

/** Records of CIFAR: planes of red, green and blue. */
export function cifarRecords(labels: readonly number[], before: readonly number[] = []): Uint8Array {
  return Uint8Array.from(
    labels.flatMap((label, i) => [
      ...before,
      label,
      ...Array.from({ length: 3072 }, (_, at) => ((at >> 10) * 80 + i) & 255),
    ]),
  );
}

export const cifar10Files = (): Files => ({
  'cifar-10-batches-bin/data_batch_1.bin': cifarRecords([3, 0, 9]),
  'cifar-10-batches-bin/data_batch_2.bin': cifarRecords([1, 2]),
  'cifar-10-batches-bin/test_batch.bin': cifarRecords([8]),
  'cifar-10-batches-bin/batches.meta.txt': text(
    'airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n',
  ),
  'cifar-10-batches-bin/readme.html': text('<html>'),
});

export function idx(dimensions: readonly number[], data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4 + 4 * dimensions.length);
  head.set([0, 0, 8, dimensions.length]);
  dimensions.forEach((size, i) => {
    head.writeUInt32BE(size, 4 + 4 * i);
  });
  return bytes(Buffer.concat([head, data]));
}

export const idxFiles = (): Files => ({
  'train-images-idx3-ubyte': idx([4, 3, 2], ramp(24)),
  'train-labels-idx1-ubyte.gz': gzip(idx([4], Uint8Array.of(0, 1, 1, 0))),
});

export const parquetGolden = (name: 'snappy' | 'plain' | 'gzip-v2' | 'zstd'): Uint8Array =>
  bytes(readFileSync(new URL(`../golden/data/images-${name}.parquet`, import.meta.url)));

/** Pictures and a list of them in one folder. */
export const listFiles = (name: string, content: string): Files => ({
  [name]: text(content),
  'images/a.png': png(1, 2, 3),
  'images/b.png': png(50, 2, 3),
  'images/c.png': png(100, 2, 3),
  'images/d.png': png(150, 2, 3),
});
