import { cos } from '../maths.ts';

/** Side of the grey thumbnail that pictures are compared by. */
export const thumbnailSide = 32;

/** Frequencies that the hash looks at, along each side. */
const frequencies = 8;

/** cos((2x + 1) u π / 64) at u * 32 + x, u in 0 … 7. */
const cosines = Float64Array.from({ length: frequencies * thumbnailSide }, (_, i) => {
  const [u, x] = [Math.floor(i / thumbnailSide), i % thumbnailSide];
  return cos(((2 * x + 1) * u * Math.PI) / (2 * thumbnailSide));
});

/**
 * 64 bits that stay nearly the same when a picture is encoded again, scaled, or made a little lighter: which of the
 * lowest 8x8 frequencies of a 32x32 grey thumbnail lie above their median (the constant one, brightness, aside).
 * Source: Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010, section 3.2.1 (DCT hash).
 * @param thumbnail 32x32 grey levels. @returns 16 hex digits.
 */
export function perceptualHash(thumbnail: Uint8Array): string {
  const side = thumbnailSide;
  // Rows first: rows x frequencies.
  const across = new Float64Array(side * frequencies);
  for (let y = 0; y < side; y++) {
    for (let u = 0; u < frequencies; u++) {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += thumbnail[y * side + x] * cosines[u * side + x];
      across[y * frequencies + u] = sum;
    }
  }
  const values = new Float64Array(frequencies * frequencies);
  for (let v = 0; v < frequencies; v++) {
    for (let u = 0; u < frequencies; u++) {
      let sum = 0;
      for (let y = 0; y < side; y++) sum += across[y * frequencies + u] * cosines[v * side + y];
      values[v * frequencies + u] = sum;
    }
  }
  const sorted = values.slice(1).sort();
  const median = sorted[sorted.length >> 1];
  let hash = '';
  for (let at = 0; at < values.length; at += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit++) if (values[at + bit] > median && at + bit > 0) digit |= 8 >> bit;
    hash += digit.toString(16);
  }
  return hash;
}
