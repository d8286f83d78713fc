import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toGrey } from './channels.ts';
import type { Picture } from './picture.ts';
import { resize, resizePlain, resizeWeights } from './resize.ts';
import { resizeSimd } from './resize-simd.ts';

/** A picture that any language can make: element i is (7 i² + 31 i + floor(i / 8)) mod 256. */
function pattern(width: number, height: number, channels: 1 | 3): Picture {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * i * 7 + i * 31 + (i >> 3)) % 256);
  return { width, height, channels, data };
}
const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

// Expected values: Pillow 12.3.0, Image.fromarray(pattern).resize((width, height), Image.BILINEAR).
describe('resize equals Pillow bit for bit', () => {
  it.each([
    [pattern(8, 6, 1), 3, 3, [112, 135, 116, 150, 124, 113, 180, 167, 104]],
    [
      pattern(3, 2, 1),
      5,
      7,
      [
        0, 5, 22, 38, 60, 83, 90, 16, 21, 40, 58, 71, 84, 88, 78, 86, 112, 137, 114, 90, 82, 140, 151, 184, 216, 156,
        96, 76, 156, 167, 202, 236, 167, 97, 74,
      ],
    ],
  ] as const)('%# small', (picture, height, width, expected) => {
    expect([...resize(picture, height, width).data]).toEqual(expected);
  });

  it.each([
    [100, 75, 3, 32, 32, 'f83772074a4c2a14905ab349395c5942f2caf9fd9fd5189b0c6cd98a48ec5cc8'],
    [2000, 1, 3, 28, 28, 'f7f51e01bd4d79b90bafc5dc9defbd1fd0fe16caed98b6a597c2eb472c5708fb'],
    [1, 2000, 1, 5, 7, 'c53ef6af81bfe81e0f888c741b664016732d367ddb554aff4a11957389acbc1c'],
    [64, 64, 1, 64, 20, 'c4865f950320b76df7fefd85d445b6be39946d488ef5440a1442d7e8b0f2c147'],
    [31, 47, 3, 96, 64, 'a91f1574795ec07052e48611ccbeb256f7f04987102eafc140c904768a043936'],
  ] as const)('%ix%i, %i channels, to %ix%i', (width, height, channels, newWidth, newHeight, hash) => {
    expect(sha256(resize(pattern(width, height, channels), newHeight, newWidth).data)).toBe(hash);
  });

  it('grey conversion', () => {
    expect(sha256(toGrey(pattern(16, 16, 3)).data)).toBe(
      '3d5af431f99cd196a5cbd3f6836e4b89793f2c82aa790f717e90abeb466d39fc',
    );
  });
});

describe('resize', () => {
  it('keeps a constant picture, black and white included', () => {
    for (const value of [0, 1, 128, 254, 255]) {
      const picture: Picture = { width: 37, height: 11, channels: 3, data: new Uint8Array(37 * 11 * 3).fill(value) };
      for (const [height, width] of [
        [5, 5],
        [64, 64],
        [1, 1],
        [11, 90],
      ]) {
        expect(new Set(resize(picture, height, width).data)).toEqual(new Set([value]));
      }
    }
  });

  it('has weights that sum to 1 and stay inside', () => {
    for (const [from, to] of [
      [1, 9],
      [9, 1],
      [150, 96],
      [7, 7],
      [3, 4],
    ]) {
      const { starts, lengths, weights, stride } = resizeWeights(from, to);
      for (let i = 0; i < to; i++) {
        expect(starts[i]).toBeGreaterThanOrEqual(0);
        expect(starts[i] + lengths[i]).toBeLessThanOrEqual(from);
        const sum = weights.subarray(i * stride, i * stride + lengths[i]).reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(1, 12);
      }
    }
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a side of %d', (side) => {
    expect(() => resize(pattern(4, 4, 1), side, 4)).toThrow(/Expected a positive integer for the picture's new height/);
  });
});

describe('with SIMD and without, the same bits', () => {
  it.each([
    [1, 1, 3, 5, 4],
    [33, 21, 3, 32, 21],
    [33, 21, 1, 21, 33],
    [640, 480, 3, 101, 77],
    [500, 375, 1, 224, 224],
    [17, 300, 3, 17, 9],
    [3000, 2, 3, 7, 2],
    [3001, 5, 1, 7, 3],
    [500, 375, 3, 224, 224],
    [2, 6, 1, 9, 6],
    [4032, 9, 3, 1, 9],
    [64, 48, 3, 200, 150],
  ] as const)('%ix%i, %i channels, to %ix%i', (width, height, channels, toWidth, toHeight) => {
    const picture = pattern(width, height, channels);
    expect(sha256(resize(picture, toHeight, toWidth).data)).toBe(sha256(resizePlain(picture, toHeight, toWidth)));
  });

  it('really goes two ways', () => {
    const one = resizeWeights(8, 4);
    const weights = { ...one, weights: Int32Array.from(one.weights, (weight) => Math.trunc(0.5 + weight * 2 ** 22)) };
    const white = { width: 8, height: 8, channels: 1 as const, data: new Uint8Array(64).fill(255) };
    expect(resizeSimd(white, 4, 4, weights, weights)).toEqual(new Uint8Array(16).fill(255));
  });

  it('leaves work that would hold much memory to the plain loops', () => {
    const tall = { width: 1, height: 30_000, channels: 1 as const, data: new Uint8Array(30_000) };
    const one = {
      starts: new Int32Array(3000),
      lengths: new Int32Array(3000),
      weights: new Int32Array(9000),
      stride: 3,
    };
    expect(resizeSimd(tall, 30_000, 3000, one, undefined)).toBeUndefined();
  });
});
