/**
 * The two passes of the resize in core/image, in whole numbers and so with the same bits as there. A module of its own,
 * small enough to be kept as text in core/image/resize-kernel.ts, because core loads no files;
 * tests/contract/resize-kernel.test.ts proves that the text was made from this file.
 */

/**
 * One row after the other: `width` outputs of `channels` bytes each. `starts` is in pixels, `fours` in fours of pixels, and
 * `stride` is the bytes of one output's weights. These lie as `packWeights` of core/image/resize-simd.ts makes them: a
 * weight of 22 bits is two parts of 15 and 8, because one instruction multiplies 16-bit numbers and adds neighbours, and
 * whole numbers come to the same sum in any order. Up to 15 bytes beyond `source` are looked at and multiplied by 0.
 */
export function resizeRows(
  source: usize, target: usize, rows: i32, inputWidth: i32, width: i32, channels: i32,
  starts: usize, fours: usize, weights: usize, stride: i32,
): void {
  const inputRow = <usize>(inputWidth * channels);
  const row = <usize>(width * channels);
  for (let y = 0; y < rows; ) {
    const whole = y + 4 <= rows;
    // A row left over is computed four times in one place.
    const from = whole ? inputRow : 0;
    const to = whole ? row : 0;
    if (channels == 3) fourRows(source, target, from, to, width, starts, fours, weights, stride);
    else fourGreyRows(source, target, from, to, width, starts, fours, weights, stride);
    const done = whole ? 4 : 1;
    y += done;
    source += <usize>done * inputRow;
    target += <usize>done * row;
  }
}

/** Of 12 bytes of colour, 6 as 16-bit pairs of two pixels: red red, green green, blue blue, nothing. */
// @ts-ignore: decorator
@inline
function firstTwo(bytes: v128): v128 {
  return i8x16.swizzle(bytes, i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
}
// @ts-ignore: decorator
@inline
function lastTwo(bytes: v128): v128 {
  return i8x16.swizzle(bytes, i8x16(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1));
}

// @ts-ignore: decorator
@inline
function addPair(sums: v128, pair: v128, weights: v128): v128 {
  return i32x4.add(sums, i32x4.dot_i16x8_s(pair, weights));
}

/** The two sums of a place together, without the 22 bits. */
// @ts-ignore: decorator
@inline
function together(low: v128, high: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.add(low, i32x4.shl(high, 15)), i32x4.splat(1 << 21)), 22);
}

// @ts-ignore: decorator
@inline
function storePixel(target: usize, colours: i32): void {
  store<u16>(target, <u16>colours);
  store<u8>(target, <u8>(colours >> 16), 2);
}

/** Four rows of colour side by side, so that weights and the end of their loop serve all four. */
function fourRows(
  source: usize, target: usize, inputRow: usize, row: usize, width: i32,
  starts: usize, fours: usize, weights: usize, stride: i32,
): void {
  for (let x = 0; x < width; x++) {
    let from = source + 3 * <usize>load<i32>(starts + ((<usize>x) << 2));
    let weight = weights + <usize>(x * stride);
    const end = weight + ((<usize>load<i32>(fours + ((<usize>x) << 2))) << 4);
    let aLow = i32x4.splat(0);
    let aHigh = aLow;
    let bLow = aLow;
    let bHigh = aLow;
    let cLow = aLow;
    let cHigh = aLow;
    let dLow = aLow;
    let dHigh = aLow;
    for (; weight < end; weight += 16, from += 12) {
      const low = v128.load32_splat(weight);
      const nextLow = v128.load32_splat(weight, 4);
      const high = v128.load32_splat(weight, 8);
      const nextHigh = v128.load32_splat(weight, 12);
      let bytes = v128.load(from);
      let two = firstTwo(bytes);
      let others = lastTwo(bytes);
      aLow = addPair(addPair(aLow, two, low), others, nextLow);
      aHigh = addPair(addPair(aHigh, two, high), others, nextHigh);
      bytes = v128.load(from + inputRow);
      two = firstTwo(bytes);
      others = lastTwo(bytes);
      bLow = addPair(addPair(bLow, two, low), others, nextLow);
      bHigh = addPair(addPair(bHigh, two, high), others, nextHigh);
      bytes = v128.load(from + 2 * inputRow);
      two = firstTwo(bytes);
      others = lastTwo(bytes);
      cLow = addPair(addPair(cLow, two, low), others, nextLow);
      cHigh = addPair(addPair(cHigh, two, high), others, nextHigh);
      bytes = v128.load(from + 3 * inputRow);
      two = firstTwo(bytes);
      others = lastTwo(bytes);
      dLow = addPair(addPair(dLow, two, low), others, nextLow);
      dHigh = addPair(addPair(dHigh, two, high), others, nextHigh);
    }
    const pixels = i8x16.narrow_i16x8_u(
      i16x8.narrow_i32x4_s(together(aLow, aHigh), together(bLow, bHigh)),
      i16x8.narrow_i32x4_s(together(cLow, cHigh), together(dLow, dHigh)),
    );
    storePixel(target, i32x4.extract_lane(pixels, 0));
    storePixel(target + row, i32x4.extract_lane(pixels, 1));
    storePixel(target + 2 * row, i32x4.extract_lane(pixels, 2));
    storePixel(target + 3 * row, i32x4.extract_lane(pixels, 3));
    target += 3;
  }
}

/** Four bytes as 16-bit numbers, twice: once for the low parts of their weights, once for the high ones. */
// @ts-ignore: decorator
@inline
function fourTwice(from: usize): v128 {
  return i16x8.extend_low_i8x16_u(v128.load32_splat(from));
}

// @ts-ignore: decorator
@inline
function greyByte(sums: v128): u8 {
  const low = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
  const high = i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  return <u8>min<i32>((low + (high << 15) + (1 << 21)) >> 22, 255);
}

/** The same for one channel. */
function fourGreyRows(
  source: usize, target: usize, inputRow: usize, row: usize, width: i32,
  starts: usize, fours: usize, weights: usize, stride: i32,
): void {
  for (let x = 0; x < width; x++) {
    let from = source + <usize>load<i32>(starts + ((<usize>x) << 2));
    let weight = weights + <usize>(x * stride);
    const end = weight + ((<usize>load<i32>(fours + ((<usize>x) << 2))) << 4);
    let a = i32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (; weight < end; weight += 16, from += 4) {
      const both = v128.load(weight);
      a = addPair(a, fourTwice(from), both);
      b = addPair(b, fourTwice(from + inputRow), both);
      c = addPair(c, fourTwice(from + 2 * inputRow), both);
      d = addPair(d, fourTwice(from + 3 * inputRow), both);
    }
    store<u8>(target, greyByte(a));
    store<u8>(target + row, greyByte(b));
    store<u8>(target + 2 * row, greyByte(c));
    store<u8>(target + 3 * row, greyByte(d));
    target++;
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
