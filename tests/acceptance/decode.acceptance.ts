/**
 * What decoding into a data set costs against a bare sharp loop that decodes the same files in full, as many at once, and
 * throws the pixels away: all 60,000 pictures of CIFAR-10 as JPEG, photos of 500x375 and of 12 megapixels.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { resize } from '../../src/core/image/resize.ts';
import { decodeImage } from '../../src/node/codec.ts';
import { decodeAll } from '../../src/node/decode-all.ts';
import { describeWithData, temporaryFolder, unpack } from '../test-data.ts';

/**
 * What photos that are made smaller must reach: resizing comes on top of what the bare loop does (of 500x375 to 224 a fifth
 * of the decoding), and of 12 megapixels the bare loop keeps all cores busy with one libjpeg call a picture.
 */
const resized = 0.65;
const atOnce = 4;
const rounds = 3;

/** Pictures a second. */
async function bare(files: readonly string[]): Promise<number> {
  let next = 0;
  const start = performance.now();
  const work = async (): Promise<void> => {
    while (next < files.length) await sharp(files[next++]).raw().toBuffer();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return (files.length / (performance.now() - start)) * 1000;
}

async function ours(files: readonly string[], size: number): Promise<number> {
  const list = files.map((file) => ({ file, origin: file, label: 0, bytes: () => readFile(file) }));
  const start = performance.now();
  const { dataset } = await decodeAll('pictures', list, ['one', 'two'], { height: size, width: size, channels: 3 });
  expect(dataset?.count).toBe(files.length);
  return (files.length / (performance.now() - start)) * 1000;
}

/** The median ratio of rounds in turn; before them, one of a few files that warms up. */
async function compare(title: string, files: readonly string[], size: number): Promise<number> {
  await bare(files.slice(0, 200));
  await ours(files.slice(0, 200), size);
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < rounds; i++) pairs.push([await bare(files), await ours(files, size)]);
  const ratios = pairs.map(([theirs, own]) => own / theirs).sort((a, b) => a - b);
  const lines = pairs.map(([theirs, own]) => `${own.toFixed(1)} against ${theirs.toFixed(1)}`);
  console.log(`${title} to ${size}x${size}: ratio ${ratios[rounds >> 1].toFixed(2)} (pictures/s: ${lines.join(', ')})`);
  return ratios[rounds >> 1];
}

describeWithData('cifar10/cifar10-full-jpg.tar.gz', 'CIFAR-10 as JPEG', (archive) => {
  it('60,000 files: at least 0.8 of bare sharp', async () => {
    const folder = unpack(archive, temporaryFolder());
    const files = ['train', 'test'].flatMap((part) =>
      readdirSync(join(folder, part)).flatMap((name) =>
        readdirSync(join(folder, part, name)).map((file) => join(folder, part, name, file)),
      ),
    );
    expect(files).toHaveLength(60_000);
    expect(await compare('CIFAR-10', files, 32)).toBeGreaterThanOrEqual(0.8);
  });
});

describe('photos of 12 megapixels', () => {
  const folder = temporaryFolder();

  it.each([64, 224])(
    'to %i pixels: within 2 grey levels of full decoding, and the ratio to bare sharp is told',
    async (size) => {
      mkdirSync(join(folder, `${size}`));
      const files = await Promise.all(Array.from({ length: 8 }, (_, i) => writePhoto(join(folder, `${size}`), i)));
      for (const file of files.slice(0, 3)) {
        const full = resize(await decodeImage(file), size, size).data;
        const shrunk = await decodeImage(file, { resizedTo: { height: size, width: size } });
        expect(farthest(resize(shrunk, size, size).data, full)).toBeLessThanOrEqual(2);
      }
      expect(await compare('12-megapixel photos', files, size)).toBeGreaterThanOrEqual(resized);
    },
  );
});

describeWithData('photos/trashnet150.tar', 'real photos', (archive) => {
  it('12 megapixels of 540 of them, shrunk while decoded: within 2 grey levels at every size', async () => {
    const [width, height, side] = [4032, 3024, 150];
    const files = readdirSync(unpack(archive, temporaryFolder()), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.name.endsWith('.jpg'))
      .map((entry) => join(entry.parentPath, entry.name));
    const columns = Math.floor(width / side);
    const tiles = Array.from({ length: columns * Math.floor(height / side) }, (_, i) => ({
      input: files[(i * 619) % files.length],
      left: (i % columns) * side,
      top: Math.floor(i / columns) * side,
    }));
    const canvas = sharp({ create: { width, height, channels: 3, background: 'white' } }).composite(tiles);
    const raw = await canvas.removeAlpha().raw().toBuffer();
    for (const chromaSubsampling of ['4:4:4', '4:2:0']) {
      const encoder = sharp(raw, { raw: { width, height, channels: 3 } }).jpeg({ quality: 90, chromaSubsampling });
      const jpeg = await encoder.toBuffer();
      const full = await decodeImage(jpeg);
      for (const size of [28, 32, 50, 64, 96, 128, 160, 192, 224, 240, 252]) {
        const shrunk = await decodeImage(jpeg, { resizedTo: { height: size, width: size } });
        expect(shrunk.width).toBeLessThan(width);
        expect(farthest(resize(shrunk, size, size).data, resize(full, size, size).data)).toBeLessThanOrEqual(2);
      }
    }
  });
});

const farthest = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe('photos as data sets hold them', () => {
  it('500x375 to 224: the ratio to bare sharp is told', async () => {
    const folder = temporaryFolder();
    const files: string[] = [];
    for (let i = 0; i < 400; i++) files.push(await writePhoto(folder, i, [500, 375]));
    expect(await compare('500x375 photos', files, 224)).toBeGreaterThanOrEqual(resized);
  });
});

/** Noise of three scales, as landscape or upright, some turned by EXIF. */
async function writePhoto(folder: string, i: number, [long, short] = [4032, 3024]): Promise<string> {
  const [width, height] = i % 3 === 2 ? [short, long] : [long, short];
  const layer = (scale: number, sigma: number): Promise<Buffer> =>
    sharp({
      create: {
        width: Math.ceil(width / scale),
        height: Math.ceil(height / scale),
        channels: 3,
        background: '#808080',
        noise: { type: 'gaussian', mean: 128, sigma },
      },
    })
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer();
  const [coarse, middle, fine] = [await layer(200, 60), await layer(16, 30), await layer(2, 10)];
  for (let k = 0; k < coarse.length; k++) coarse[k] = Math.max(0, Math.min(255, coarse[k] + middle[k] + fine[k] - 256));
  const path = join(folder, `${i}.jpg`);
  await sharp(coarse, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation: i % 4 === 1 ? 6 : 1 })
    .jpeg({ quality: 90, chromaSubsampling: i % 2 ? '4:2:0' : '4:4:4' })
    .toFile(path);
  return path;
}
