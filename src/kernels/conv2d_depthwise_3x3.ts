// Depthwise 3x3 convolution without dilation, padded by at most one column a side, at least 4 outputs wide, channels a
// multiple of 4: the sum (stride 1 or 2) and its gradients (stride 1). Four outputs of a row share their columns of x, of
// which only the first and the last can lie outside the picture; the last four of a row may overlap the ones before. Rows
// outside are left out.
//
// The channels run innermost, so that cache lines are used whole. But then x is read in as many streams as there are
// columns, which the machine does not foresee. The weight gradient, which sums little for each line it reads, would wait for
// memory half of the time. So each of its steps also touches one line of the row of x and one of the pixels of y that come
// next, in the order of their addresses: what is read in order is fetched ahead.

import { float, int, madd, ptr, zero } from './common';

/** No sum is -0 (no bias is), so pmax gives the bits of max. NaN stays. */
// @ts-ignore: decorator
@inline
function clamp(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high);
}

/**
 * Four outputs beside each other, of all channels. x is their first window, of `rows` rows, whose first or last column
 * may lie outside the picture. Where these are constants, no step asks. The stride is the size of a type: the compiler
 * leaves the other one out, so that the loop stays small enough for V8 to unroll it.
 */
// @ts-ignore: decorator
@inline
function forward4<Stride>(
  x: usize, xRow: usize, rows: i32, pixel: usize, outsideLeft: bool, outsideRight: bool, w: usize,
  tap: usize, bias: usize, y: usize, residual: usize, lower: f32, upper: f32,
): void {
  const low = f32x4.splat(lower);
  const high = f32x4.splat(upper);
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    let s0 = v128.load(bias + channel);
    let s1 = s0, s2 = s0, s3 = s0;
    let a = x + channel;
    let k = w + channel;
    for (let ky = 0; ky < rows; ky++, a += xRow) {
      const w0 = v128.load(k);
      k += tap;
      const w1 = v128.load(k);
      k += tap;
      const w2 = v128.load(k);
      k += tap;
      let b = a;
      const x0 = outsideLeft ? zero() : v128.load(b);
      b += pixel;
      const x1 = v128.load(b);
      b += pixel;
      const x2 = v128.load(b);
      s0 = madd(madd(madd(s0, x0, w0), x1, w1), x2, w2);
      b += pixel;
      const x3 = v128.load(b);
      b += pixel;
      if (sizeof<Stride>() == 1) {
        s1 = madd(madd(madd(s1, x1, w0), x2, w1), x3, w2);
        const x4 = v128.load(b);
        b += pixel;
        s2 = madd(madd(madd(s2, x2, w0), x3, w1), x4, w2);
        const x5 = outsideRight ? zero() : v128.load(b);
        s3 = madd(madd(madd(s3, x3, w0), x4, w1), x5, w2);
      } else {
        const x4 = v128.load(b);
        b += pixel;
        s1 = madd(madd(madd(s1, x2, w0), x3, w1), x4, w2);
        const x5 = v128.load(b);
        b += pixel;
        const x6 = v128.load(b);
        b += pixel;
        s2 = madd(madd(madd(s2, x4, w0), x5, w1), x6, w2);
        const x7 = v128.load(b);
        b += pixel;
        const x8 = outsideRight ? zero() : v128.load(b);
        s3 = madd(madd(madd(s3, x6, w0), x7, w1), x8, w2);
      }
    }
    const to = y + channel;
    if (residual != 0) {
      const from = to + residual;
      s0 = f32x4.add(s0, v128.load(from));
      s1 = f32x4.add(s1, v128.load(from + pixel));
      s2 = f32x4.add(s2, v128.load(from + 2 * pixel));
      s3 = f32x4.add(s3, v128.load(from + 3 * pixel));
    }
    v128.store(to, clamp(s0, low, high));
    v128.store(to + pixel, clamp(s1, low, high));
    v128.store(to + 2 * pixel, clamp(s2, low, high));
    v128.store(to + 3 * pixel, clamp(s3, low, high));
  }
}

/** The same, of which columns lie outside asked once. */
// @ts-ignore: decorator
@inline
function forward4At<Stride>(
  left: i32, width: i32, x: usize, xRow: usize, rows: i32, pixel: usize, w: usize, tap: usize, bias: usize,
  y: usize, residual: usize, lower: f32, upper: f32,
): void {
  const fits = left + 3 * <i32>sizeof<Stride>() + 3 <= width;
  if (left >= 0) {
    if (fits) forward4<Stride>(x, xRow, rows, pixel, false, false, w, tap, bias, y, residual, lower, upper);
    else forward4<Stride>(x, xRow, rows, pixel, false, true, w, tap, bias, y, residual, lower, upper);
  } else {
    if (fits) forward4<Stride>(x, xRow, rows, pixel, true, false, w, tap, bias, y, residual, lower, upper);
    else forward4<Stride>(x, xRow, rows, pixel, true, true, w, tap, bias, y, residual, lower, upper);
  }
}

/** One row of outputs. x is its first window, of `rows` rows. */
function forwardRow<Stride>(
  x: usize, xRow: usize, rows: i32, pixel: usize, left: i32, width: i32, columns: i32, w: usize, tap: usize,
  bias: usize, y: usize, residual: usize, lower: f32, upper: f32,
): void {
  const stride = <i32>sizeof<Stride>();
  const step = 4 * stride;
  for (; columns > 0; columns -= 4, left += step, x += <usize>step * pixel, y += 4 * pixel) {
    if (columns < 4) {
      left -= (4 - columns) * stride;
      x -= <usize>((4 - columns) * stride) * pixel;
      y -= <usize>(4 - columns) * pixel;
    }
    forward4At<Stride>(left, width, x, xRow, rows, pixel, w, tap, bias, y, residual, lower, upper);
  }
}

/**
 * y[oy, ox, channel] = clamp(bias[channel] + sum over taps of x · weight[tap, channel] + residual). Sums run over the
 * taps in order. A chunk is a block of rows of one image. The input gradient runs here with the weights `turned`.
 *
 * args: 0 x, 1 weights [9][channels], 2 bias or 0, 3 y, 4 residual (as y) or 0, 5 lower, 6 upper limit, 7 channels,
 * 8 height, 9 width, 10 output height, 11 output width, 12 padding top, 13 padding left, 14 rows of a chunk, 15 chunks
 * an image, 16 turned 0/1, 17 stride 1 or 2. Thread scratch: the bias.
 */
export function conv2d_depthwise_forward_3x3(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 8);
  const width = int(args, 9);
  const outputHeight = int(args, 10);
  const outputWidth = int(args, 11);
  const paddingLeft = int(args, 13);
  const stride = int(args, 17);
  const image = chunk / int(args, 15);
  const firstRow = (chunk - image * int(args, 15)) * int(args, 14);
  const lastRow = min(firstRow + int(args, 14), outputHeight);
  const pixel = <usize>int(args, 7) << 2;
  const xRow = <usize>width * pixel;
  const yRow = <usize>outputWidth * pixel;
  const x = ptr(args, 0) + <usize>(image * height) * xRow - <usize>paddingLeft * pixel;
  const y = ptr(args, 3) + <usize>(image * outputHeight) * yRow;
  // From a place in y to the same place in the residual.
  const residual = ptr(args, 4) != 0 ? ptr(args, 4) - ptr(args, 3) : 0;
  const turned = int(args, 16) != 0;
  const weights = turned ? ptr(args, 1) + 8 * pixel : ptr(args, 1);
  const tap: usize = turned ? <usize>0 - pixel : pixel;
  const bias = ptr(args, 2);
  const lower = float(args, 5);
  const upper = float(args, 6);
  for (let at: usize = 0; at < pixel; at += 16) {
    v128.store(scratch + at, bias != 0 ? f32x4.add(v128.load(bias + at), zero()) : zero());
  }
  for (let row = firstRow; row < lastRow; row++) {
    const top = row * stride - int(args, 12);
    const first = max(0, top);
    const end = max(first, min(height, top + 3));
    const window = x + <usize>first * xRow;
    const w = weights + <usize>(3 * (first - top)) * tap;
    const to = y + <usize>row * yRow;
    if (stride == 1) {
      forwardRow<u8>(
        window, xRow, end - first, pixel, -paddingLeft, width, outputWidth, w, tap, scratch, to, residual, lower, upper,
      );
    } else {
      forwardRow<u16>(
        window, xRow, end - first, pixel, -paddingLeft, width, outputWidth, w, tap, scratch, to, residual, lower, upper,
      );
    }
  }
}

/** Rows from `row` of an image to row `next`, which may be one of the next image, or to the last that there is. */
// @ts-ignore: decorator
@inline
function rowsAhead(image: i32, n: i32, height: i32, row: i32, next: i32): usize {
  return <usize>(min(next, (n - image) * height - 1) - row);
}

/** How many pixels ahead y is touched: in its last row none, for nothing may follow it. */
// @ts-ignore: decorator
@inline
function nextPixels(lastRow: bool, width: i32): usize {
  return lastRow ? 0 : <usize>min(8, width);
}

/** sums[tap] += x · gradient over one row of the gradient; x is its first window, of `rows` rows; `next…` as above. */
function backwardRow(
  x: usize, xRow: usize, rows: i32, pixel: usize, left: i32, width: i32, columns: i32, dy: usize, sums: usize,
  nextX: usize, nextDy: usize,
): void {
  for (; columns > 0; columns -= 4, left += 4, x += 4 * pixel, dy += 4 * pixel) {
    // Of four that overlap the four before, what was added with them counts as zero.
    const done = max(0, 4 - columns);
    left -= done;
    x -= <usize>done * pixel;
    dy -= <usize>done * pixel;
    const outsideLeft = left < 0;
    const outsideRight = left + 6 > width;
    for (let channel: usize = 0; channel < pixel; channel += 16) {
      load<i32>(x + nextX + 4 * channel);
      load<i32>(dy + nextDy + 4 * channel);
      let b = dy + channel;
      const g0 = done > 0 ? zero() : v128.load(b);
      b += pixel;
      const g1 = done > 1 ? zero() : v128.load(b);
      b += pixel;
      const g2 = done > 2 ? zero() : v128.load(b);
      b += pixel;
      const g3 = v128.load(b);
      let a = x + channel;
      let sum = sums + channel;
      for (let ky = 0; ky < rows; ky++, a += xRow) {
        b = a;
        const x0 = outsideLeft ? zero() : v128.load(b);
        b += pixel;
        const x1 = v128.load(b);
        b += pixel;
        const x2 = v128.load(b);
        b += pixel;
        const x3 = v128.load(b);
        b += pixel;
        const x4 = v128.load(b);
        b += pixel;
        const x5 = outsideRight ? zero() : v128.load(b);
        v128.store(sum, f32x4.add(v128.load(sum), madd(madd(madd(f32x4.mul(x0, g0), x1, g1), x2, g2), x3, g3)));
        sum += pixel;
        v128.store(sum, f32x4.add(v128.load(sum), madd(madd(madd(f32x4.mul(x1, g0), x2, g1), x3, g2), x4, g3)));
        sum += pixel;
        v128.store(sum, f32x4.add(v128.load(sum), madd(madd(madd(f32x4.mul(x2, g0), x3, g1), x4, g2), x5, g3)));
        sum += pixel;
      }
    }
  }
}

/**
 * partial[tap, channel] = sum over the pixels of one group of images of x · gradient, four neighbouring pixels summed
 * first. A chunk is one group of images; reduce_partials adds the groups.
 *
 * args: 0 x, 1 gradient, 2 partials [image group][tap][channels], 3 channels, 4 height, 5 width, 6 output height,
 * 7 output width, 8 padding top, 9 padding left, 10 images of a group.
 */
export function conv2d_depthwise_backward_weight_3x3(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 4);
  const width = int(args, 5);
  const outputHeight = int(args, 6);
  const outputWidth = int(args, 7);
  const paddingLeft = int(args, 9);
  const pixel = <usize>int(args, 3) << 2;
  const xRow = <usize>width * pixel;
  const dyRow = <usize>outputWidth * pixel;
  const sums = ptr(args, 2) + <usize>(9 * chunk) * pixel;
  memory.fill(sums, 0, 9 * pixel);
  const lastImage = min((chunk + 1) * int(args, 10), n);
  for (let image = chunk * int(args, 10); image < lastImage; image++) {
    const x = ptr(args, 0) + <usize>(image * height) * xRow - <usize>paddingLeft * pixel;
    const dy = ptr(args, 1) + <usize>(image * outputHeight) * dyRow;
    for (let row = 0; row < outputHeight; row++) {
      const top = row - int(args, 8);
      const first = max(0, top);
      const end = max(first, min(height, top + 3));
      backwardRow(
        x + <usize>first * xRow, xRow, end - first, pixel, -paddingLeft, width, outputWidth, dy + <usize>row * dyRow,
        sums + <usize>(3 * (first - top)) * pixel,
        rowsAhead(image, n, height, first, end) * xRow + <usize>paddingLeft * pixel,
        nextPixels(image == n - 1 && row == outputHeight - 1, outputWidth) * pixel,
      );
    }
  }
}
