/**
 * The two passes of the resize in core/image, in whole numbers and so with the same bits as there. A module of its own,
 * small enough to be kept as text in core/image/resize-kernel.ts, because core loads no files;
 * tests/contract/resize-kernel.test.ts proves that the text was made from this file.
 */

// @ts-ignore: decorator
@inline
function toByte(sum: i32): i32 {
  return min<i32>(sum >> 22, 255);
}

/**
 * One row after the other: `width` outputs of `channels` bytes each. `starts` and `lengths` are in pixels, `weights` has
 * `stride` whole numbers for each output. Three channels are read four bytes at a time: one byte beyond `source` is
 * looked at and not used.
 */
export function resizeRows(
  source: usize, target: usize, rows: i32, inputWidth: i32, width: i32, channels: i32,
  starts: usize, lengths: usize, weights: usize, stride: i32,
): void {
  const inputRow = <usize>(inputWidth * channels);
  let y = 0;
  if (channels == 3) {
    for (; y + 4 <= rows; y += 4) {
      fourRows(source, target, inputRow, width, starts, lengths, weights, stride);
      source += 4 * inputRow;
      target += 4 * 3 * <usize>width;
    }
  }
  const half = i32x4.splat(1 << 21);
  for (; y < rows; y++) {
    for (let x = 0; x < width; x++) {
      let from = source + <usize>(load<i32>(starts + ((<usize>x) << 2)) * channels);
      let weight = weights + ((<usize>(x * stride)) << 2);
      const end = weight + ((<usize>load<i32>(lengths + ((<usize>x) << 2))) << 2);
      if (channels == 1) {
        let sum: i32 = 1 << 21;
        for (; weight < end; weight += 4, from++) sum += <i32>load<u8>(from) * load<i32>(weight);
        store<u8>(target++, toByte(sum));
      } else {
        let sums = half;
        for (; weight < end; weight += 4, from += 3) sums = addPixel(sums, from, v128.load32_splat(weight));
        storePixel(target, sums);
        target += 3;
      }
    }
    source += inputRow;
  }
}

// @ts-ignore: decorator
@inline
function addPixel(sums: v128, from: usize, factor: v128): v128 {
  const pixel = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from)));
  return i32x4.add(sums, i32x4.mul(pixel, factor));
}

// @ts-ignore: decorator
@inline
function storePixel(target: usize, sums: v128): void {
  store<u8>(target, toByte(i32x4.extract_lane(sums, 0)));
  store<u8>(target, toByte(i32x4.extract_lane(sums, 1)), 1);
  store<u8>(target, toByte(i32x4.extract_lane(sums, 2)), 2);
}

/** Four rows of colour side by side: the few weights of an output, and the end of its loop, serve all four. */
function fourRows(
  source: usize, target: usize, inputRow: usize, width: i32,
  starts: usize, lengths: usize, weights: usize, stride: i32,
): void {
  const half = i32x4.splat(1 << 21);
  const row = 3 * <usize>width;
  for (let x = 0; x < width; x++) {
    let from = source + 3 * <usize>load<i32>(starts + ((<usize>x) << 2));
    let weight = weights + ((<usize>(x * stride)) << 2);
    const end = weight + ((<usize>load<i32>(lengths + ((<usize>x) << 2))) << 2);
    let a = half;
    let b = half;
    let c = half;
    let d = half;
    for (; weight < end; weight += 4, from += 3) {
      const factor = v128.load32_splat(weight);
      a = addPixel(a, from, factor);
      b = addPixel(b, from + inputRow, factor);
      c = addPixel(c, from + 2 * inputRow, factor);
      d = addPixel(d, from + 3 * inputRow, factor);
    }
    storePixel(target, a);
    storePixel(target + row, b);
    storePixel(target + 2 * row, c);
    storePixel(target + 3 * row, d);
    target += 3;
  }
}

/**
 * Every output row is a weighted sum of input rows. `rowLength` is in bytes; `source` may be read up to 7 bytes beyond its
 * end, and `target` is written up to 7 bytes beyond.
 */
export function resizeColumns(
  source: usize, target: usize, height: i32, rowLength: i32,
  starts: usize, lengths: usize, weights: usize, stride: i32,
): void {
  const half = i32x4.splat(1 << 21);
  const most = i32x4.splat(255);
  for (let y = 0; y < height; y++) {
    const first = source + <usize>(load<i32>(starts + ((<usize>y) << 2)) * rowLength);
    const weight = weights + ((<usize>(y * stride)) << 2);
    const length = load<i32>(lengths + ((<usize>y) << 2));
    for (let x = 0; x < rowLength; x += 8) {
      let low = half;
      let high = half;
      let from = first + <usize>x;
      for (let i = 0; i < length; i++, from += <usize>rowLength) {
        const bytes = v128.load8x8_u(from);
        const factor = v128.load32_splat(weight + ((<usize>i) << 2));
        low = i32x4.add(low, i32x4.mul(i32x4.extend_low_i16x8_u(bytes), factor));
        high = i32x4.add(high, i32x4.mul(i32x4.extend_high_i16x8_u(bytes), factor));
      }
      const words = i16x8.narrow_i32x4_u(i32x4.min_u(i32x4.shr_s(low, 22), most), i32x4.min_u(i32x4.shr_s(high, 22), most));
      v128.store64_lane(target + <usize>x, i8x16.narrow_i16x8_u(words, words), 0);
    }
    target += <usize>rowLength;
  }
}
