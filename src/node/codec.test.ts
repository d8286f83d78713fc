import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { describeWithData, temporaryFolder, unpack } from '../../tests/test-data.ts';
import { FoveaError } from '../core/errors.ts';
import { resize } from '../core/image/resize.ts';
import { decodeImage, encodePng, pictureInfo } from './codec.ts';

interface Entry {
  readonly path: string;
  readonly path_hex?: string;
  readonly action: string;
  readonly tolerance_mean?: number;
  readonly expect?: {
    readonly width?: number;
    readonly height?: number;
    readonly mean_rgb?: readonly number[];
    readonly rgb_sha256?: string;
    readonly corners_rgb?: Readonly<Record<string, readonly number[]>>;
  };
}

/** Their expected values have transparency dropped; Fovea lays it over white. */
const transparent = new Set(['png/rgba8.png', 'png/gray_alpha.png', 'png/palette_transparent.png']);
/** Formats of `accept_or_skip` that Fovea promises to read. */
const promised = /\.(gif|webp|tiff|avif|jfif)$|cmyk|no_extension/;

describeWithData('nasty', 'decodeImage on hard inputs', (folder) => {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { entries: Entry[] };
  const where = unpack(join(folder, 'nasty.tar.gz'), temporaryFolder());
  const entries = manifest.entries.filter(
    ({ path }) => /^(jpeg|exif|png|bombs|other|wrong|names)\//.test(path) && !path.endsWith('.gz'),
  );
  expect(entries.length).toBeGreaterThan(110);

  it.each(entries.map((entry) => [entry.path, entry] as const))('%s', async (path, entry) => {
    if (entry.action === 'ignore' || entry.path_hex) return;
    let picture: Awaited<ReturnType<typeof decodeImage>>;
    try {
      picture = await decodeImage(join(where, path));
    } catch (error) {
      expect(error).toBeInstanceOf(FoveaError);
      expect((error as Error).message).toMatch(/^Expected a picture that can be read for '.*' but received [^\n]+$/);
      expect(entry.action).not.toBe('accept');
      const refused = path === 'other/float32.tiff';
      if (entry.action === 'accept_or_skip' && promised.test(path) && !refused) throw error;
      return;
    }
    expect(entry.action).not.toBe('skip');
    const { width, height, data, channels } = picture;
    expect([channels, data.length]).toEqual([3, width * height * 3]);
    const wanted = entry.expect;
    if (wanted?.width) expect([width, height]).toEqual([wanted.width, wanted.height]);
    if (wanted?.rgb_sha256 && !transparent.has(path)) {
      expect(createHash('sha256').update(data).digest('hex')).toBe(wanted.rgb_sha256);
    } else if (wanted?.mean_rgb && !transparent.has(path)) {
      for (let c = 0; c < 3; c++) {
        const mean = data.reduce((sum, value, i) => (i % 3 === c ? sum + value : sum), 0) / (width * height);
        expect(Math.abs(mean - wanted.mean_rgb[c])).toBeLessThan(
          path.includes('cmyk') ? 2 : (entry.tolerance_mean ?? 1),
        );
      }
    }
    if (wanted?.corners_rgb) {
      const at = (x: number, y: number): number[] => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
      const corners = {
        top_left: at(3, 3),
        top_right: at(width - 4, 3),
        bottom_left: at(3, height - 4),
        bottom_right: at(width - 4, height - 4),
      };
      for (const [name, colour] of Object.entries(corners)) {
        colour.forEach((value, c) => {
          expect(Math.abs(value - wanted.corners_rgb![name][c])).toBeLessThan(25);
        });
      }
    }
  });

  it.each([
    ['wrong/lfs_pointer.png', /a Git LFS pointer/],
    ['wrong/html_404.jpg', /an HTML page/],
    ['other/heic_like.heic', /a HEIC picture \(save it as JPEG; .*Most Compatible; .*\)/],
    ['other/drawing.svg', /an SVG drawing; Fovea reads JPEG, PNG, WebP, GIF, TIFF, AVIF/],
    [
      'bombs/png_30000x30000_1bit.png',
      /a PNG of 30000x30000 pixels, more than the limit of 100000000 \(option 'limitPixels'\)/,
    ],
    ['jpeg/truncated_half.jpg', /one that is cut short or damaged \(premature end of JPEG image\)/],
    ['wrong/zero_bytes.jpg', /an empty file/],
  ])('%s says why', async (path, reason) => {
    // As where no decoder of HEIC is installed.
    const options = { subject: path, heif: async () => undefined };
    await expect(decodeImage(join(where, path), options)).rejects.toThrow(reason);
    await expect(decodeImage(join(where, path), options)).rejects.toThrow(`for '${path}'`);
  });

  it('turns all eight orientations the same way round', async () => {
    const upright = await decodeImage(join(where, 'exif/upright_reference.png'));
    for (let orientation = 1; orientation <= 8; orientation++) {
      const file = join(where, `exif/orientation_${orientation}.jpg`);
      const turned = await decodeImage(file);
      const difference =
        turned.data.reduce((sum, value, i) => sum + Math.abs(value - upright.data[i]), 0) / turned.data.length;
      expect(difference).toBeLessThan(6);
      expect(await pictureInfo(file)).toMatchObject({ width: 48, height: 32, channels: 3, format: 'jpeg' });
    }
  });
});

describe('decodeImage', () => {
  const rgba = Uint8Array.from([255, 0, 0, 255, 255, 0, 0, 0, 0, 0, 255, 128, 10, 20, 30, 255]);
  const png = sharp(rgba, { raw: { width: 2, height: 2, channels: 4 } })
    .png()
    .toBuffer();

  it('lays transparency over white, and makes grey by ITU-R 601', async () => {
    const { data } = await decodeImage(await png);
    expect([...data.subarray(0, 6)]).toEqual([255, 0, 0, 255, 255, 255]);
    expect([...data.subarray(9)]).toEqual([10, 20, 30]);
    expect(Math.abs(data[6] - 127)).toBeLessThanOrEqual(1);
    const grey = await decodeImage(await png, { channels: 1 });
    expect([grey.channels, grey.data[0], grey.data[1], grey.data[3]]).toEqual([1, 76, 255, 18]);
  });

  it('lays transparency over another colour when told', async () => {
    const { data } = await decodeImage(await png, { background: '#204060' });
    expect([...data.subarray(0, 6)]).toEqual([255, 0, 0, 0x20, 0x40, 0x60]);
  });

  it('keeps to its limits of pixels and bytes', async () => {
    await expect(decodeImage(await png, { limitPixels: 3, subject: 'a.png' })).rejects.toThrow(
      "received a PNG of 2x2 pixels, more than the limit of 3 (option 'limitPixels')",
    );
    await expect(decodeImage(await png, { limitBytes: 10 })).rejects.toThrow(
      /more than the limit of 10 \(option 'limitBytes'\)/,
    );
  });

  it('refuses a folder and a path that is not there', async () => {
    const folder = temporaryFolder();
    await expect(decodeImage(folder)).rejects.toBeInstanceOf(FoveaError);
    await expect(decodeImage(join(folder, 'none.png'))).rejects.toThrow(
      /can be read for '.*none\.png' but received a path that is not there/,
    );
  });

  it.each([1, 3] as const)('writes PNG that reads back the same, %i channels', async (channels) => {
    const data = Uint8Array.from({ length: 5 * 3 * channels }, (_, i) => (i * 37) % 256);
    const picture = { width: 5, height: 3, channels, data };
    const back = await decodeImage(await encodePng(picture), { channels });
    expect([back.width, back.height, [...back.data]]).toEqual([5, 3, [...data]]);
  });
});

describe('a JPEG far larger than it is resized to', () => {
  /** Hard edges at all places and angles in full colours, the worst case: 1600x1200, turned by EXIF where told. */
  async function drawing(orientation: number, width = 1600, height = 1200, { seed = 0 } = {}): Promise<Buffer> {
    const shapes = Array.from({ length: 90 }, (_, k) => {
      const i = k + 97 * seed;
      const colour = `rgb(${(i * 37) % 256},${(i * 91) % 256},${(i * 53) % 256})`;
      const [x, y] = [(i * 977) % width, (i * 331) % height];
      return i % 2
        ? `<rect x="${x}" y="${y}" width="${20 + k * 2}" height="${15 + k}" fill="${colour}"/>`
        : `<line x1="${x}" y1="${y}" x2="${(i * 1531) % width}" y2="${(i * 733) % height}" stroke="${colour}" stroke-width="${1 + (i % 9)}"/>`;
    });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="white"/>${shapes.join('')}</svg>`;
    const chromaSubsampling = seed % 2 ? '4:2:0' : '4:4:4';
    return sharp(Buffer.from(svg)).withMetadata({ orientation }).jpeg({ quality: 90, chromaSubsampling }).toBuffer();
  }

  it.each([
    { orientation: 1, seed: 0, sides: { 100: 2, 88: 2, 16: 4, 10: 8 } },
    { orientation: 6, seed: 2, sides: { 72: 2, 21: 4 } },
    { orientation: 8, seed: 3, sides: { 72: 2, 40: 2, 20: 4 } },
  ])('orientation $orientation: shrunk, within 2 grey levels', async ({ orientation, seed, sides }) => {
    const jpeg = await drawing(orientation, 1600, 1200, { seed });
    const full = await decodeImage(jpeg);
    for (const [key, factor] of Object.entries(sides)) {
      const side = Number(key);
      const shrunk = await decodeImage(jpeg, { resizedTo: { height: side, width: side } });
      expect([shrunk.width, shrunk.height]).toEqual([full.width / factor, full.height / factor]);
      const [expected, received] = [full, shrunk].map((picture) => resize(picture, side, side).data);
      expect(Math.max(...received.map((value, i) => Math.abs(value - expected[i])))).toBeLessThanOrEqual(2);
    }
  });

  it('is decoded in full where a shrunken size would not be whole, or not large enough', async () => {
    const resizedTo = { height: 24, width: 24 };
    const odd = await decodeImage(await drawing(1, 1599, 1201), { resizedTo });
    expect([odd.width, odd.height]).toEqual([1599, 1201]);
    const small = await decodeImage(await drawing(1, 280, 280), { resizedTo });
    expect(small.width).toBe(280);
  });
});
