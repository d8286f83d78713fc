import type { Conv2dGeometry } from '../../ops/conv2d.ts';

/** How a convolution is cut into taps: runs of consecutive floats of the (padded) input. */
export interface Taps {
  readonly rows: number;
  readonly columns: number;
  /** Floats of a run. */
  readonly depth: number;
}

/**
 * Below this many channels a convolution reads whole kernel rows as one run: the innermost loop is longer and the
 * table shorter. The input is copied into a frame of zeros first, so that every run is whole.
 */
const thinChannels = 8;

export const isThin = (g: Conv2dGeometry): boolean =>
  g.groups === 1 && g.inputChannels < thinChannels && g.kernelSize[1] > 1 && g.dilation[1] === 1;

/** How a convolution is cut, and the geometry over the input that its taps are read from: itself or framed by zeros. */
export function tapsOf(g: Conv2dGeometry): { taps: Taps; framed: Conv2dGeometry } {
  const [rows, columns] = g.kernelSize;
  if (!isThin(g)) return { taps: { rows, columns, depth: g.inputChannels / g.groups }, framed: g };
  const taps = { rows, columns: 1, depth: columns * g.inputChannels };
  const [top, bottom, left, right] = g.padding;
  if (top + bottom + left + right === 0) return { taps, framed: g };
  return {
    taps,
    framed: {
      ...g,
      inputHeight: g.inputHeight + top + bottom,
      inputWidth: g.inputWidth + left + right,
      padding: [0, 0, 0, 0],
    },
  };
}

/** Byte offsets in an image by output pixel and tap, -1 for padding. `pixels`: which, as places in row-major order. */
export function forwardOffsets(
  g: Conv2dGeometry,
  taps: Taps,
  pixels: Int32Array = rowMajor(g.outputHeight, g.outputWidth),
): Int32Array {
  const offsets = new Int32Array(pixels.length * taps.rows * taps.columns);
  let i = 0;
  for (const pixel of pixels) {
    const oy = Math.floor(pixel / g.outputWidth);
    const ox = pixel % g.outputWidth;
    for (let ky = 0; ky < taps.rows; ky++)
      for (let kx = 0; kx < taps.columns; kx++) {
        const y = oy * g.stride[0] - g.padding[0] + ky * g.dilation[0];
        const x = ox * g.stride[1] - g.padding[2] + kx * g.dilation[1];
        const inside = y >= 0 && y < g.inputHeight && x >= 0 && x < g.inputWidth;
        offsets[i++] = inside ? (y * g.inputWidth + x) * g.inputChannels * 4 : -1;
      }
  }
  return offsets;
}

/** All pixels in their order. */
export const rowMajor = (height: number, width: number): Int32Array =>
  Int32Array.from({ length: height * width }, (_, i) => i);

/** The output's pixels by windows of 2x2, window after window; those in no whole window are left out. */
export function windowPixels({ outputHeight, outputWidth }: Conv2dGeometry): Int32Array {
  const pixels: number[] = [];
  for (let y = 0; y + 1 < outputHeight; y += 2)
    for (let x = 0; x + 1 < outputWidth; x += 2) {
      const first = y * outputWidth + x;
      pixels.push(first, first + 1, first + outputWidth, first + outputWidth + 1);
    }
  return Int32Array.from(pixels);
}

/**
 * The input gradient is a convolution of the output's gradient: for each input pixel and kernel position the output
 * pixel that it reached, or none. Pixels are listed by their remainder modulo the stride, so that neighbours in the
 * list miss the same kernel positions and the kernel skips them.
 */
export function backwardOffsets(g: Conv2dGeometry): { table: Int32Array; order: Int32Array } {
  const [kernelHeight, kernelWidth] = g.kernelSize;
  const pixels: number[] = [];
  for (let ry = 0; ry < g.stride[0]; ry++)
    for (let rx = 0; rx < g.stride[1]; rx++)
      for (let y = ry; y < g.inputHeight; y += g.stride[0])
        for (let x = rx; x < g.inputWidth; x += g.stride[1]) pixels.push(y * g.inputWidth + x);
  const table = new Int32Array(pixels.length * kernelHeight * kernelWidth);
  let i = 0;
  for (const pixel of pixels) {
    const y = Math.floor(pixel / g.inputWidth);
    const x = pixel % g.inputWidth;
    for (let ky = 0; ky < kernelHeight; ky++)
      for (let kx = 0; kx < kernelWidth; kx++) {
        const top = y + g.padding[0] - ky * g.dilation[0];
        const left = x + g.padding[2] - kx * g.dilation[1];
        const oy = top / g.stride[0];
        const ox = left / g.stride[1];
        const reached =
          Number.isInteger(oy) &&
          Number.isInteger(ox) &&
          oy >= 0 &&
          ox >= 0 &&
          oy < g.outputHeight &&
          ox < g.outputWidth;
        table[i++] = reached ? (oy * g.outputWidth + ox) * g.outputChannels * 4 : -1;
      }
  }
  return { table, order: Int32Array.from(pixels, (pixel) => pixel * g.inputChannels * 4) };
}

/** A table [tap][pixel] of one image as [tap][image][pixel] of a batch whose images are `imageBytes` apart. */
export function overBatch(table: Int32Array, pixels: number, images: number, imageBytes: number): Int32Array {
  const result = new Int32Array(table.length * images);
  for (let i = 0, tap = 0; tap < table.length; tap += pixels)
    for (let image = 0; image < images; image++)
      for (let p = 0; p < pixels; p++, i++) result[i] = table[tap + p] < 0 ? -1 : table[tap + p] + image * imageBytes;
  return result;
}

/** [pixel][tap] → [tap][pixel]. */
export function transpose(table: Int32Array, taps: number): Int32Array {
  const pixels = table.length / taps;
  const result = new Int32Array(table.length);
  for (let p = 0; p < pixels; p++) for (let t = 0; t < taps; t++) result[t * pixels + p] = table[p * taps + t];
  return result;
}
