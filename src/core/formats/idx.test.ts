import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FoveaError } from '../errors.ts';
import { gunzip } from './gzip.ts';
import { idxImages, idxLabels, parseIdx, readIdx } from './idx.ts';

function idx(dimensions: number[], data: ArrayLike<number>, type = 8): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * dimensions.length + data.length);
  bytes.set([0, 0, type, dimensions.length]);
  const view = new DataView(bytes.buffer);
  dimensions.forEach((size, i) => {
    view.setUint32(4 + 4 * i, size);
  });
  bytes.set(Uint8Array.from(data), 4 + 4 * dimensions.length);
  return bytes;
}
const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const images = idx([2, 3, 4], numbers(24));

async function message(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(FoveaError);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('idx', () => {
  it.each([
    ['plain', images],
    ['gzip', new Uint8Array(gzipSync(images))],
  ])('reads pictures and labels, %s', async (_, bytes) => {
    const read = idxImages(await readIdx(bytes, 'f'), 'f');
    expect(read).toMatchObject({ count: 2, height: 3, width: 4, channels: 1 });
    expect([...read.pixels]).toEqual(numbers(24));
    expect([...idxLabels(await readIdx(idx([3], [7, 0, 9]), 'l'), 'l')]).toEqual([7, 0, 9]);
  });

  it('reads 4 dimensions as colour, channels last', () => {
    expect(idxImages(parseIdx(idx([2, 4, 5, 3], numbers(120)), 'f'), 'f')).toMatchObject({
      height: 4,
      width: 5,
      channels: 3,
    });
  });

  it.each([
    [
      'wrong magic',
      new Uint8Array([0x12, 0x34, 8, 3, 0, 0, 0, 0]),
      /an IDX file .* for f but received magic number 0x12340803/,
    ],
    ['no dimensions', new Uint8Array([0, 0, 8, 0]), /received magic number 0x00000800/],
    ['empty', new Uint8Array(), /header of at least 4 bytes for f but received 0 bytes/],
    ['cut header', images.subarray(0, 10), /a header of 16 bytes for f but received 10 bytes/],
    [
      'truncated',
      images.subarray(0, 33),
      /Expected 40 bytes \(its header says 2 x 3 x 4\) for f but received 33, fewer than that/,
    ],
    ['trailing bytes', Uint8Array.from([...images, 1]), /received 41, more than that/],
    [
      'huge count',
      idx([4294967295, 28, 28], [1]),
      /at most 2147483648 bytes of pictures for f but received a header that says 4294967295 x 28 x 28/,
    ],
    ['product past 2^53', idx([4294967295, 4294967295, 4294967295], []), /a header that says/],
    ['floats', idx([1], [0, 0, 0, 0], 0x0d), /unsigned bytes \(IDX type 08\) for f but received 32-bit floats/],
  ])('refuses: %s', async (_, bytes, expected) => {
    expect(await message(() => readIdx(bytes, 'f'))).toMatch(expected);
  });

  it('refuses labels for pictures, pictures for labels, none at all', async () => {
    expect(await message(() => idxLabels(parseIdx(images, 'f'), 'f'))).toMatch(
      /labels with 1 dimension for f but received 3 dimensions/,
    );
    expect(await message(() => idxImages(parseIdx(idx([3], [1, 2, 3]), 'f'), 'f'))).toMatch(
      /received 1 dimension\. This looks like a label file/,
    );
    expect(await message(() => idxImages(parseIdx(idx([0, 28, 28], []), 'f'), 'f'))).toMatch(/at least one picture/);
    expect(await message(() => idxImages(parseIdx(idx([2, 0, 28], []), 'f'), 'f'))).toMatch(
      /at least 1x1 for f but received 0x28/,
    );
    expect(await message(() => idxImages(parseIdx(idx([1, 1, 1, 2], [1, 2]), 'f'), 'f'))).toMatch(
      /1 or 3 channels for f but received 2/,
    );
  });

  it('refuses every truncation of a gzip without hanging', async () => {
    const whole = new Uint8Array(gzipSync(images));
    for (let length = 0; length < whole.length; length++) {
      expect(await message(() => readIdx(whole.subarray(0, length), 'f'))).toMatch(/^Expected .* for f but received/);
    }
  });

  it('stops inflating where the header ends, and before it when it claims too much', async () => {
    const more = new Uint8Array(gzipSync(Uint8Array.from([...images, ...new Uint8Array(1 << 22)])));
    expect(await message(() => readIdx(more, 'f'))).toMatch(
      /Expected 40 bytes, as its header says, for f but received more than that/,
    );
    const claim = new Uint8Array(
      gzipSync(Uint8Array.from([...idx([4294967295, 28, 28], []), ...new Uint8Array(1 << 22)])),
    );
    expect(await message(() => readIdx(claim, 'f'))).toMatch(/a header that says 4294967295 x 28 x 28/);
  });
});

describe('gunzip', () => {
  it('says when it is none, is damaged, or is larger than the limit', async () => {
    expect(await message(() => gunzip(images, { subject: 'f' }))).toMatch(
      /gzip data \(first bytes 1f 8b 08\) for f but received bytes 00 00 08 03/,
    );
    const damaged = new Uint8Array(gzipSync(images));
    damaged[damaged.length - 6] ^= 255;
    expect(await message(() => gunzip(damaged, { subject: 'f' }))).toMatch(
      /a whole gzip stream for f but received one that is cut short or damaged/,
    );
    const zeros = new Uint8Array(gzipSync(new Uint8Array(1 << 20)));
    expect(await message(() => gunzip(zeros, { subject: 'f', limit: 1000 }))).toMatch(/at most 1000 unpacked bytes/);
    expect((await gunzip(zeros, { subject: 'f' })).length).toBe(1 << 20);
    expect(await gunzip(new Uint8Array(gzipSync(new Uint8Array(0))), { subject: 'f' })).toEqual(new Uint8Array(0));
  });
});
