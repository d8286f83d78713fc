// Weight gradient of the depthwise convolution; conv2d_depthwise_window.ts says how x and the gradient lie in scratch.

import { int, madd, ptr, zero } from './common';
import { copyChannels, packWindow, PIXEL } from './conv2d_depthwise_window';

// @ts-ignore: decorator
@inline
function add(to: usize, sum: v128): void {
  v128.store(to, f32x4.add(v128.load(to), sum));
}

/** sums[tap] += sum over rows of pixels of x · gradient, all taps of a 3x3 kernel without dilation; four channels. */
function nineTaps(
  window: usize, windowRow: usize, windowStep: usize, step: usize, gradient: usize, rows: i32, columns: usize,
  sums: usize,
): void {
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero(), s4 = zero();
  let s5 = zero(), s6 = zero(), s7 = zero(), s8 = zero();
  for (; rows > 0; rows--, window += windowStep) {
    let a = window;
    for (const end = gradient + columns * PIXEL; gradient < end; gradient += PIXEL, a += step) {
      const g = v128.load(gradient);
      const b = a + windowRow;
      const c = b + windowRow;
      s0 = madd(s0, v128.load(a), g);
      s1 = madd(s1, v128.load(a, 64), g);
      s2 = madd(s2, v128.load(a, 128), g);
      s3 = madd(s3, v128.load(b), g);
      s4 = madd(s4, v128.load(b, 64), g);
      s5 = madd(s5, v128.load(b, 128), g);
      s6 = madd(s6, v128.load(c), g);
      s7 = madd(s7, v128.load(c, 64), g);
      s8 = madd(s8, v128.load(c, 128), g);
    }
  }
  add(sums, s0);
  add(sums + PIXEL, s1);
  add(sums + 2 * PIXEL, s2);
  add(sums + 3 * PIXEL, s3);
  add(sums + 4 * PIXEL, s4);
  add(sums + 5 * PIXEL, s5);
  add(sums + 6 * PIXEL, s6);
  add(sums + 7 * PIXEL, s7);
  add(sums + 8 * PIXEL, s8);
}

/** sums += the same for one tap of any kernel and 16 channels. */
function oneTap(
  window: usize, windowStep: usize, step: usize, gradient: usize, rows: i32, columns: usize, sums: usize,
): void {
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero();
  for (; rows > 0; rows--, window += windowStep) {
    let a = window;
    for (const end = gradient + columns * PIXEL; gradient < end; gradient += PIXEL, a += step) {
      s0 = madd(s0, v128.load(a), v128.load(gradient));
      s1 = madd(s1, v128.load(a, 16), v128.load(gradient, 16));
      s2 = madd(s2, v128.load(a, 32), v128.load(gradient, 32));
      s3 = madd(s3, v128.load(a, 48), v128.load(gradient, 48));
    }
  }
  add(sums, s0);
  add(sums + 16, s1);
  add(sums + 32, s2);
  add(sums + 48, s3);
}

/**
 * partial[tap, channel] = sum over the pixels of one group of images of x · gradient, each block of rows summed by
 * itself. A chunk is one group of images; reduce_partials adds the groups. conv2d_depthwise_3x3.ts is faster where it
 * fits.
 *
 * args: 0 x, 1 gradient, 2 partials [image group][tap][channels], 3 channels, 4 height, 5 width, 6 output height,
 * 7 output width, 8 stride down, 9 stride right, 10 padding top, 11 padding left, 12 rows a window, 13 columns of the
 * windows of a row, 14 output rows of a block, 15 taps [offset in the window], 16 their number, 17 whether the taps are
 * rows of three 0/1, 18 images of a group. Thread scratch: sums, the window, the gradient.
 */
export function conv2d_depthwise_backward_weight(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const pixel = <usize>int(args, 3) << 2;
  const height = int(args, 4);
  const width = int(args, 5);
  const outputHeight = int(args, 6);
  const outputWidth = int(args, 7);
  const strideDown = int(args, 8);
  const step = <usize>int(args, 9) * PIXEL;
  const columns = int(args, 13);
  const blockRows = int(args, 14);
  const taps = int(args, 16);
  const blocks = (pixel + PIXEL - 1) / PIXEL;
  const lastImage = min((chunk + 1) * int(args, 18), n);

  const sumsPlane = <usize>taps * PIXEL;
  const window = scratch + blocks * sumsPlane;
  const windowRow = <usize>columns * PIXEL;
  const plane = <usize>((blockRows - 1) * strideDown + int(args, 12)) * windowRow;
  const gradient = window + blocks * plane;
  const gradientPlane = <usize>(blockRows * outputWidth) * PIXEL;
  // The last block's channels that there are not stay zero.
  memory.fill(scratch, 0, gradient + blocks * gradientPlane - scratch);
  for (let image = chunk * int(args, 18); image < lastImage; image++) {
    const x = ptr(args, 0) + <usize>(image * height * width) * pixel;
    const dy = ptr(args, 1) + <usize>(image * outputHeight * outputWidth) * pixel;
    for (let row = 0; row < outputHeight; row += blockRows) {
      const rows = min(blockRows, outputHeight - row);
      // Where a picture has more blocks, rows outside it hold what another block left.
      if (outputHeight > blockRows) memory.fill(window, 0, blocks * plane);
      packWindow(
        x, height, width, pixel, row * strideDown - int(args, 10), -int(args, 11), window,
        (rows - 1) * strideDown + int(args, 12), columns, plane,
      );
      packWindow(dy, outputHeight, outputWidth, pixel, row, 0, gradient, rows, outputWidth, gradientPlane);
      for (let block: usize = 0; block < blocks; block++) {
        const from = window + block * plane;
        const by = gradient + block * gradientPlane;
        const sums = scratch + block * sumsPlane;
        if (int(args, 17) != 0) {
          for (let channel: usize = 0; channel < PIXEL; channel += 16) {
            nineTaps(
              from + channel, windowRow, <usize>strideDown * windowRow, step, by + channel, rows, outputWidth,
              sums + channel,
            );
          }
        } else {
          for (let tap = 0; tap < taps; tap++) {
            const place = <usize>load<i32>(ptr(args, 15) + (<usize>tap << 2));
            oneTap(
              from + place, <usize>strideDown * windowRow, step, by, rows, outputWidth, sums + <usize>tap * PIXEL,
            );
          }
        }
      }
    }
  }
  let to = ptr(args, 2) + <usize>(chunk * taps) * pixel;
  for (let tap = 0; tap < taps; tap++) {
    for (let at: usize = 0; at < pixel; at += PIXEL, to += PIXEL) {
      copyChannels(scratch + at / PIXEL * sumsPlane + <usize>tap * PIXEL, to, min(PIXEL, pixel - at), 0);
    }
    to = ptr(args, 2) + <usize>(chunk * taps + tap + 1) * pixel;
  }
}
