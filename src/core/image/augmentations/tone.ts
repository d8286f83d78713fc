import { toByte } from './augmentation.ts';

/**
 * Changes of colour by a factor, as in torchvision and Pillow: the picture is blended with another (black, its mean grey,
 * its grey copy), 1 leaving it as it is, 0 giving the other alone, above 1 going away from it. Each writes all of `to`.
 */

/** Brightness of a pixel, 0 … 255 (ITU-R BT.601, as Pillow). */
export const greyOf = (r: number, g: number, b: number): number => 0.299 * r + 0.587 * g + 0.114 * b;

const table = new Uint8Array(256);

function lookUp(from: Uint8Array, to: Uint8Array, curve: (value: number) => number): void {
  for (let v = 0; v < 256; v++) table[v] = toByte(curve(v));
  for (let i = 0; i < from.length; i++) to[i] = table[from[i]];
}

export function changeBrightness(from: Uint8Array, to: Uint8Array, factor: number): void {
  lookUp(from, to, (v) => v * factor);
}

export function changeContrast(from: Uint8Array, to: Uint8Array, factor: number, channels: number): void {
  let sum = 0;
  if (channels === 3) {
    // Sums of whole numbers are exact, so their order does not matter.
    let [r, g, b] = [0, 0, 0];
    for (let i = 0; i < from.length; i += 3) {
      r += from[i];
      g += from[i + 1];
      b += from[i + 2];
    }
    sum = greyOf(r, g, b);
  } else {
    for (let i = 0; i < from.length; i++) sum += from[i];
  }
  const mean = (sum / from.length) * channels;
  lookUp(from, to, (v) => mean + (v - mean) * factor);
}

/** For colour pictures only. */
export function changeSaturation(from: Uint8Array, to: Uint8Array, factor: number): void {
  for (let i = 0; i < from.length; i += 3) {
    const grey = greyOf(from[i], from[i + 1], from[i + 2]);
    for (let k = i; k < i + 3; k++) to[k] = toByte(grey + (from[k] - grey) * factor);
  }
}

/** For colour pictures only. @param turn of the colour circle, -0.5 … 0.5; value and saturation (HSV) stay. */
export function changeHue(from: Uint8Array, to: Uint8Array, turn: number): void {
  for (let i = 0; i < from.length; i += 3) {
    const [r, g, b] = [from[i], from[i + 1], from[i + 2]];
    const high = Math.max(r, g, b);
    const range = high - Math.min(r, g, b);
    // In sixths of the circle, red 0, green 2, blue 4.
    let hue = 0;
    if (range > 0) hue = high === r ? (g - b) / range : high === g ? 2 + (b - r) / range : 4 + (r - g) / range;
    hue += 6 * turn;
    hue -= 6 * Math.floor(hue / 6);
    for (let k = 0; k < 3; k++) {
      // Each colour falls from its height over one sixth, stays low for two, and rises again (Smith 1978).
      const distance = Math.abs(hue - 2 * k);
      const away = Math.min(distance, 6 - distance);
      to[i + k] = toByte(high - range * Math.max(0, Math.min(1, away - 1)));
    }
  }
}

/** Blends with a blurred copy (3x3, the centre counting 5); the border stays. */
export function changeSharpness(
  from: Uint8Array,
  to: Uint8Array,
  factor: number,
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
): void {
  to.set(from);
  const row = width * channels;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * row + channels; i < (y + 1) * row - channels; i++) {
      let sum = 4 * from[i];
      for (let j = i - row; j <= i + row; j += row) sum += from[j - channels] + from[j] + from[j + channels];
      const blurred = sum / 13;
      to[i] = toByte(blurred + (from[i] - blurred) * factor);
    }
  }
}

/** Keeps the upper bits of each value. @param bits 1 … 8. */
export function posterize(from: Uint8Array, to: Uint8Array, bits: number): void {
  const mask = (0xff << (8 - bits)) & 0xff;
  for (let i = 0; i < from.length; i++) to[i] = from[i] & mask;
}

/** Inverts values of `threshold` and above. */
export function solarize(from: Uint8Array, to: Uint8Array, threshold: number): void {
  for (let i = 0; i < from.length; i++) to[i] = from[i] >= threshold ? 255 - from[i] : from[i];
}

/** Stretches each channel to 0 … 255; a channel of one value stays. */
export function autoContrast(from: Uint8Array, to: Uint8Array, channels: number): void {
  for (let k = 0; k < channels; k++) {
    let low = 255;
    let high = 0;
    for (let i = k; i < from.length; i += channels) {
      low = Math.min(low, from[i]);
      high = Math.max(high, from[i]);
    }
    const factor = high > low ? 255 / (high - low) : 1;
    const offset = high > low ? low : 0;
    for (let i = k; i < from.length; i += channels) to[i] = toByte((from[i] - offset) * factor);
  }
}

/** Evens out the histogram of each channel, as Pillow's ImageOps.equalize. */
export function equalize(from: Uint8Array, to: Uint8Array, channels: number): void {
  const counts = new Uint32Array(256);
  for (let k = 0; k < channels; k++) {
    counts.fill(0);
    for (let i = k; i < from.length; i += channels) counts[from[i]]++;
    let last = 255;
    while (counts[last] === 0) last--;
    const step = Math.floor((from.length / channels - counts[last]) / 255);
    let sum = Math.floor(step / 2);
    for (let v = 0; v < 256; v++) {
      table[v] = step === 0 ? v : Math.min(255, Math.floor(sum / step));
      sum += counts[v];
    }
    for (let i = k; i < from.length; i += channels) to[i] = table[from[i]];
  }
}
