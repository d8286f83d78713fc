import { describe, expect, it } from 'vitest';
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

/** A decoder of pictures of one colour, RGBA; counts what it decodes and frees. */
function fake(width: number, height: number, rgba: readonly number[] | null) {
  const done = { decoded: 0, freed: 0 };
  const image = {
    get_width: () => width,
    get_height: () => height,
    display(
      into: { data: Uint8ClampedArray; width: number; height: number },
      found: (pixels: typeof into | null) => void,
    ) {
      done.decoded++;
      if (!rgba) return found(null);
      for (let i = 0; i < into.data.length; i++) into.data[i] = rgba[i % 4];
      found(into);
    },
    free: () => void done.freed++,
  };
  const decoder: Heif = {
    HeifDecoder: class {
      decode = () => [image, image];
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
