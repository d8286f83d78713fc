import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { FoveaError } from '../core/errors.ts';
import { decodeImage, pictureInfo } from './codec.ts';
import type { Heif } from './heic.ts';

/** The head of a HEIC file: enough to be taken for one. */
const bytes = new Uint8Array([
  0,
  0,
  0,
  24,
  ...new TextEncoder().encode('ftypheic'),
  0,
  0,
  0,
  0,
  ...new TextEncoder().encode('mif1heic'),
]);

const unused = {
  heif_colorspace: { heif_colorspace_RGB: 1 },
  heif_chroma: { heif_chroma_interleaved_RGBA: 11 },
  heif_image_release: () => undefined,
  heif_js_decode_image2: () => ({ code: 'unused' }),
};

/** A decoder of pictures of one colour, RGBA; counts what it decodes and frees. */
function fake(width: number, height: number, rgba: readonly number[] | null) {
  const done = { decoded: 0, freed: 0 };
  const image = {
    get_width: () => width,
    get_height: () => height,
    handle: 'the picture',
    free: () => void done.freed++,
  };
  const decoder: Heif = {
    ...unused,
    HeifDecoder: class {
      decode = () => [image, { ...image }];
    },
    async heif_js_decode_image2() {
      done.decoded++;
      if (!rgba) return { code: 'an error' };
      // Rows are longer than the picture, as decoders align them.
      const stride = 4 * width + 8;
      const data = Uint8Array.from({ length: stride * height }, (_, i) => rgba[((i % stride) % 4) as 0]);
      return { channels: [{ stride, width, data }] };
    },
  };
  return { done, heif: async () => decoder };
}

describe('HEIC', () => {
  it('is decoded by a decoder that is installed, transparency over white', async () => {
    const { heif, done } = fake(3, 2, [200, 100, 0, 255]);
    const picture = await decodeImage(bytes, { heif });
    expect([picture.width, picture.height, picture.channels]).toEqual([3, 2, 3]);
    expect([...picture.data.subarray(0, 3)]).toEqual([200, 100, 0]);
    expect(done).toEqual({ decoded: 1, freed: 2 });
    const clear = await decodeImage(bytes, { heif: fake(1, 1, [0, 0, 0, 0]).heif, channels: 1 });
    expect([...clear.data]).toEqual([255]);
    expect(await pictureInfo(bytes, { heif })).toMatchObject({ width: 3, height: 2, format: 'heif' });
    expect(done.decoded).toBe(1);
  });

  it('is refused before its pixels are decoded when it is too large', async () => {
    const { heif, done } = fake(20_000, 20_000, [0, 0, 0, 255]);
    await expect(decodeImage(bytes, { heif, subject: 'a.heic' })).rejects.toThrow(
      /for 'a\.heic' but received a HEIC picture of 20000x20000 pixels, more than the limit of 100000000/,
    );
    expect(done).toEqual({ decoded: 0, freed: 2 });
  });

  it('is told where it is damaged, and names the way out where there is no decoder', async () => {
    const { heif, done } = fake(3, 2, null);
    await expect(decodeImage(bytes, { heif })).rejects.toThrow(/a HEIC picture that is damaged \(its pixels cannot/);
    expect(done.freed).toBe(2);
    const empty: Heif = {
      ...unused,
      HeifDecoder: class {
        decode = () => [];
      },
    };
    await expect(decodeImage(bytes, { heif: async () => empty })).rejects.toThrow(/damaged \(no picture in it\)/);
    await expect(decodeImage(bytes, { heif: async () => undefined })).rejects.toThrow(
      /a HEIC picture \(save it as JPEG; .*install libheif-js beside Fovea\)/,
    );
  });
});

describe('a HEIC file as iPhones write it, by the libheif-js that is installed', () => {
  /** Tiles joined by a grid that cuts the last ones, turned by irot: tests/golden/make_heic.py. */
  const file = fileURLToPath(new URL('../../tests/golden/data/heic/iphone_grid.heic', import.meta.url));

  it('comes out upright, in whole, in its colours', async () => {
    expect(await pictureInfo(file)).toEqual({
      width: 112,
      height: 176,
      channels: 3,
      format: 'heif',
      transparent: false,
    });
    const { width, height, channels, data } = await decodeImage(file);
    expect([width, height, channels]).toEqual([112, 176, 3]);
    const quarters = [
      [230, 60, 50],
      [60, 190, 70],
      [50, 80, 220],
      [235, 215, 70],
    ];
    // Away from the quarters' edges, where the encoder's half-size colours mix.
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (Math.abs(x - width / 2) < 6 || Math.abs(y - height / 2) < 6) continue;
        const colour = quarters[2 * Number(y >= height / 2) + Number(x >= width / 2)];
        const at = 3 * (y * width + x);
        for (let c = 0; c < 3; c++)
          if (Math.abs(data[at + c] - (colour[c] - (x >> 2))) > 8)
            expect([x, y, ...data.subarray(at, at + 3)]).toEqual([x, y, ...colour.map((value) => value - (x >> 2))]);
      }
    }
  });

  it('cut short or changed, it is decoded or refused in one sentence and nothing printed, and the next one is decoded again', async () => {
    const whole = readFileSync(file);
    const printed = vi.spyOn(console, 'log');
    let refused = 0;
    for (let i = 0; i < 60; i++) {
      const damaged = i % 2 ? whole.subarray(0, 24 + i * 43) : Uint8Array.from(whole);
      if (i % 2 === 0) damaged[24 + i * 19] ^= 0x5a;
      try {
        await decodeImage(damaged, { subject: 'a.heic', limitPixels: 1e6 });
      } catch (error) {
        refused++;
        expect(error).toBeInstanceOf(FoveaError);
        expect((error as Error).message).toMatch(
          /^Expected a picture that can be read for 'a\.heic' but received [^\n]+$/,
        );
      }
    }
    expect(refused).toBeGreaterThan(25);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
    expect((await decodeImage(file)).width).toBe(112);
  });
});
