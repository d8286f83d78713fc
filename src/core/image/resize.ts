import { invalid } from '../errors.ts';
import type { Picture } from './picture.ts';
import { resizeSimd, type WholeWeights } from './resize-simd.ts';

/** For every output position: the first input position, and `length` weights from `position * stride` that sum to 1. */
export interface ResizeWeights {
  readonly stride: number;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly weights: Float64Array;
}

/**
 * Weights of the antialiased bilinear resize along one side: a triangle filter whose support grows with the factor when
 * shrinking. Source: Pillow, src/libImaging/Resample.c, `precompute_coeffs` with the bilinear filter.
 */
export function resizeWeights(inputSize: number, outputSize: number): ResizeWeights {
  const scale = inputSize / outputSize;
  const filterScale = Math.max(scale, 1);
  const stride = Math.ceil(filterScale) * 2 + 1;
  const starts = new Int32Array(outputSize);
  const lengths = new Int32Array(outputSize);
  const weights = new Float64Array(outputSize * stride);
  const inverse = 1 / filterScale;
  for (let out = 0; out < outputSize; out++) {
    const center = (out + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - filterScale + 0.5));
    const length = Math.min(inputSize, Math.trunc(center + filterScale + 0.5)) - first;
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const weight = Math.max(0, 1 - Math.abs((i + first - center + 0.5) * inverse));
      weights[out * stride + i] = weight;
      sum += weight;
    }
    for (let i = 0; i < length; i++) weights[out * stride + i] /= sum;
    starts[out] = first;
    lengths[out] = length;
  }
  return { stride, starts, lengths, weights };
}

/** Bits after the binary point in the whole-number weights; 255 * 2^22 and the rounding half fit 32 bits. */
const precision = 22;

/**
 * Resizes to `width` x `height` without keeping the aspect ratio; equal to Pillow's `resize(size, Image.BILINEAR)` bit
 * for bit: rows first, then columns, whole-number weights, 8 bits in between.
 */
export function resize(picture: Picture, height: number, width: number): Picture {
  for (const [side, name] of [
    [height, 'height'],
    [width, 'width'],
  ] as const) {
    if (!Number.isInteger(side) || side < 1) throw invalid('a positive integer', `the picture's new ${name}`, side);
  }
  const across = picture.width === width ? undefined : wholeWeights(picture.width, width);
  const down = picture.height === height ? undefined : wholeWeights(picture.height, height);
  if (!across && !down) return picture;
  const data = resizeSimd(picture, height, width, across, down) ?? resizePlain(picture, height, width, across, down);
  return { width, height, channels: picture.channels, data };
}

/** The plain loops, for hosts without SIMD and work too large for it. */
export function resizePlain(
  picture: Picture,
  height: number,
  width: number,
  across = picture.width === width ? undefined : wholeWeights(picture.width, width),
  down = picture.height === height ? undefined : wholeWeights(picture.height, height),
): Uint8Array {
  const rows = across ? resizeRows(picture, width, across) : picture.data;
  return down ? resizeColumns(rows, height, width * picture.channels, down) : rows;
}

/** Of the sizes seen last: pictures of a set mostly share one, and computing weights takes longer than using them. */
const knownWeights = new Map<string, WholeWeights>();
const mostKnown = 64;

function wholeWeights(inputSize: number, outputSize: number): WholeWeights {
  const key = `${inputSize} ${outputSize}`;
  let known = knownWeights.get(key);
  if (!known) {
    if (knownWeights.size === mostKnown) knownWeights.clear();
    knownWeights.set(key, (known = computeWholeWeights(inputSize, outputSize)));
  }
  return known;
}

function computeWholeWeights(inputSize: number, outputSize: number): WholeWeights {
  const { weights, ...rest } = resizeWeights(inputSize, outputSize);
  const whole = new Int32Array(weights.length);
  for (let i = 0; i < whole.length; i++) whole[i] = Math.trunc(0.5 + weights[i] * (1 << precision));
  return { ...rest, weights: whole };
}

/** Weights are never negative and sum to 2^22 within a few units, so only the upper end needs clamping. */
const toByte = (sum: number): number => (sum >> precision > 255 ? 255 : sum >> precision);

function resizeRows(
  picture: Picture,
  width: number,
  { stride, starts, lengths, weights: whole }: WholeWeights,
): Uint8Array {
  const { channels, height, data } = picture;
  const out = new Uint8Array(height * width * channels);
  const half = 1 << (precision - 1);
  for (let y = 0; y < height; y++) {
    const row = y * picture.width * channels;
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * channels;
      let from = row + starts[x] * channels;
      const first = x * stride;
      const last = first + lengths[x];
      if (channels === 1) {
        let sum = half;
        for (let i = first; i < last; i++) sum = (sum + Math.imul(data[from++], whole[i])) | 0;
        out[to] = toByte(sum);
      } else {
        let red = half;
        let green = half;
        let blue = half;
        for (let i = first; i < last; i++, from += 3) {
          const weight = whole[i];
          red = (red + Math.imul(data[from], weight)) | 0;
          green = (green + Math.imul(data[from + 1], weight)) | 0;
          blue = (blue + Math.imul(data[from + 2], weight)) | 0;
        }
        out[to] = toByte(red);
        out[to + 1] = toByte(green);
        out[to + 2] = toByte(blue);
      }
    }
  }
  return out;
}

/** @param rowLength elements of one row: width * channels. Adds whole rows, so that memory is read in order. */
function resizeColumns(
  data: Uint8Array,
  height: number,
  rowLength: number,
  { stride, starts, lengths, weights: whole }: WholeWeights,
): Uint8Array {
  const out = new Uint8Array(height * rowLength);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < height; y++) {
    sums.fill(1 << (precision - 1));
    for (let i = 0; i < lengths[y]; i++) {
      const weight = whole[y * stride + i];
      const from = (starts[y] + i) * rowLength;
      for (let x = 0; x < rowLength; x++) sums[x] += Math.imul(data[from + x], weight);
    }
    for (let x = 0; x < rowLength; x++) out[y * rowLength + x] = toByte(sums[x]);
  }
  return out;
}
