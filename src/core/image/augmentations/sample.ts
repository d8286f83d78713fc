import { type PictureShape, toByte } from './augmentation.ts';

/**
 * From a pixel of the new picture to its place in the old: x' = a x + b y + c, y' = d x + e y + f, in pixels, the centre
 * of the first pixel being 0.
 */
export type AffineMap = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/**
 * Bilinear sampling of the picture through an affine map. Places up to a pixel outside fade into the border.
 * @param border 'black': what lies outside is 0. 'edge': it is the nearest pixel.
 */
export function sampleAffine(
  from: Uint8Array,
  to: Uint8Array,
  { height, width, channels }: PictureShape,
  [a, b, c, d, e, f]: AffineMap,
  border: 'black' | 'edge',
): void {
  const row = width * channels;
  const clamp = border === 'edge';
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      let u = a * x + b * y + c;
      let v = d * x + e * y + f;
      if (clamp) {
        u = u < 0 ? 0 : u > width - 1 ? width - 1 : u;
        v = v < 0 ? 0 : v > height - 1 ? height - 1 : v;
      }
      const x0 = Math.floor(u);
      const y0 = Math.floor(v);
      if (x0 < -1 || y0 < -1 || x0 >= width || y0 >= height) {
        for (let k = 0; k < channels; k++) to[at + k] = 0;
        continue;
      }
      const right = u - x0;
      const below = v - y0;
      const left = x0 >= 0 ? 1 - right : 0;
      const rightIn = x0 + 1 < width ? right : 0;
      const above = y0 >= 0 ? 1 - below : 0;
      const belowIn = y0 + 1 < height ? below : 0;
      // A weight of 0 may stand beside a place outside; any place inside serves there.
      const xl = x0 >= 0 ? x0 * channels : 0;
      const xr = x0 + 1 < width ? (x0 + 1) * channels : 0;
      const yt = y0 >= 0 ? y0 * row : 0;
      const yb = y0 + 1 < height ? (y0 + 1) * row : 0;
      for (let k = 0; k < channels; k++) {
        const top = left * from[yt + xl + k] + rightIn * from[yt + xr + k];
        const bottom = left * from[yb + xl + k] + rightIn * from[yb + xr + k];
        to[at + k] = toByte(above * top + belowIn * bottom);
      }
    }
  }
}
