// Depthwise convolution with one filter a channel: SIMD lanes run over channels, no sum crosses them. The forward
// kernel computes the input gradient too (with the transposed table). Offsets as in conv2d.ts, in bytes; -1 is padding.

import { epilogue, epilogueScalar, int, madd, ptr } from './common';

/**
 * y[pixel, channel] = epilogue(bias[channel] + sum over taps of x · weight[tap, channel] + residual).
 *
 * args: 0 x, 1 weights [tap][channels], 2 bias or 0, 3 y, 4 table [pixel][tap], 5 channels, 6 bytes of an x image,
 * 7 bytes of a y image, 8 pixels, 9 taps, 10 pixels of a chunk, 11 chunks an image, 12 epilogue,
 * 13 residual (as y) or 0.
 */
export function conv2d_depthwise_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 5);
  const taps = int(args, 9);
  const code = int(args, 12);
  const image = chunk / int(args, 11);
  const firstPixel = (chunk - image * int(args, 11)) * int(args, 10);
  const lastPixel = min(firstPixel + int(args, 10), int(args, 8));
  const rowBytes = <usize>taps << 2;
  const pixelBytes = <usize>channels << 2;
  const xImage = ptr(args, 0) + <usize>image * <usize>int(args, 6);
  const yImage = ptr(args, 3) + <usize>image * <usize>int(args, 7);
  const bias = ptr(args, 2);
  // From a place in y to the same place in the residual.
  const residual = ptr(args, 13) != 0 ? ptr(args, 13) - ptr(args, 3) : 0;
  let channel = 0;
  for (; channel + 8 <= channels; channel += 8) {
    const column = <usize>channel << 2;
    const x = xImage + column;
    const weights = ptr(args, 1) + column;
    let b0 = f32x4.splat(0), b1 = f32x4.splat(0);
    if (bias != 0) {
      b0 = v128.load(bias + column);
      b1 = v128.load(bias + column, 16);
    }
    let row = ptr(args, 4) + <usize>firstPixel * rowBytes;
    let y = yImage + column + <usize>firstPixel * pixelBytes;
    for (let pixel = firstPixel; pixel < lastPixel; pixel++, row += rowBytes, y += pixelBytes) {
      let s0 = b0, s1 = b1;
      let w = weights;
      for (let tap: usize = row; tap < row + rowBytes; tap += 4, w += pixelBytes) {
        const offset = load<i32>(tap);
        if (offset < 0) continue;
        const a = x + <usize>offset;
        s0 = madd(s0, v128.load(a), v128.load(w));
        s1 = madd(s1, v128.load(a, 16), v128.load(w, 16));
      }
      if (residual != 0) {
        s0 = f32x4.add(s0, v128.load(y + residual));
        s1 = f32x4.add(s1, v128.load(y + residual, 16));
      }
      v128.store(y, epilogue(s0, code));
      v128.store(y, epilogue(s1, code), 16);
    }
  }
  for (; channel < channels; channel++) {
    const column = <usize>channel << 2;
    let row = ptr(args, 4) + <usize>firstPixel * rowBytes;
    let y = yImage + column + <usize>firstPixel * pixelBytes;
    for (let pixel = firstPixel; pixel < lastPixel; pixel++, row += rowBytes, y += pixelBytes) {
      let sum: f32 = bias == 0 ? 0 : load<f32>(bias + column);
      let w = ptr(args, 1) + column;
      for (let tap: usize = row; tap < row + rowBytes; tap += 4, w += pixelBytes) {
        const offset = load<i32>(tap);
        if (offset >= 0) sum += load<f32>(xImage + column + <usize>offset) * load<f32>(w);
      }
      if (residual != 0) sum += load<f32>(y + residual);
      store<f32>(y, epilogueScalar(sum, code));
    }
  }
}

/**
 * Four neighbouring pixels of a row whose taps all lie inside the picture. The channels run innermost, so that every
 * cache line is used whole: channels apart by a power of two would share few sets of the cache.
 */
function fourPixels(
  a: usize, row: usize, pixel: usize, step: usize, w: usize, tapBytes: usize, y: usize, bias: usize, residual: usize, code: i32,
): void {
  const end = pixel & ~15;
  for (let channel: usize = 0; channel < end; channel += 16) {
    let s0 = bias != 0 ? v128.load(bias + channel) : f32x4.splat(0);
    let s1 = s0, s2 = s0, s3 = s0;
    let from = a + channel;
    let weight = w + channel;
    for (let ky = 0; ky < 3; ky++, from += row) {
      let x = from;
      for (let kx = 0; kx < 3; kx++, x += pixel, weight += tapBytes) {
        const value = v128.load(weight);
        s0 = madd(s0, v128.load(x), value);
        s1 = madd(s1, v128.load(x + step), value);
        s2 = madd(s2, v128.load(x + 2 * step), value);
        s3 = madd(s3, v128.load(x + 3 * step), value);
      }
    }
    let to = y + channel;
    if (residual != 0) {
      s0 = f32x4.add(s0, v128.load(to + residual));
      s1 = f32x4.add(s1, v128.load(to + pixel + residual));
      s2 = f32x4.add(s2, v128.load(to + 2 * pixel + residual));
      s3 = f32x4.add(s3, v128.load(to + 3 * pixel + residual));
    }
    v128.store(to, epilogue(s0, code));
    v128.store(to + pixel, epilogue(s1, code));
    v128.store(to + 2 * pixel, epilogue(s2, code));
    v128.store(to + 3 * pixel, epilogue(s3, code));
  }
}

/** Channels from `channel` on of one pixel, with the taps ky0 … ky1-1, kx0 … kx1-1 that lie inside the picture. */
function onePixel(
  a: usize, row: usize, pixel: usize, w: usize, tapBytes: usize, y: usize, bias: usize, residual: usize, code: i32,
  ky0: i32, ky1: i32, kx0: i32, kx1: i32, channel: usize,
): void {
  const end = pixel & ~15;
  for (; channel < end; channel += 16) {
    let sum = bias != 0 ? v128.load(bias + channel) : f32x4.splat(0);
    for (let ky = ky0; ky < ky1; ky++) {
      for (let kx = kx0; kx < kx1; kx++) {
        const x = a + <usize>ky * row + <usize>kx * pixel + channel;
        sum = madd(sum, v128.load(x), v128.load(w + <usize>(3 * ky + kx) * tapBytes + channel));
      }
    }
    if (residual != 0) sum = f32x4.add(sum, v128.load(y + channel + residual));
    v128.store(y + channel, epilogue(sum, code));
  }
  for (; channel < pixel; channel += 4) {
    let sum: f32 = bias != 0 ? load<f32>(bias + channel) : 0;
    for (let ky = ky0; ky < ky1; ky++) {
      for (let kx = kx0; kx < kx1; kx++) {
        const x = a + <usize>ky * row + <usize>kx * pixel + channel;
        sum += load<f32>(x) * load<f32>(w + <usize>(3 * ky + kx) * tapBytes + channel);
      }
    }
    if (residual != 0) sum += load<f32>(y + channel + residual);
    store<f32>(y + channel, epilogueScalar(sum, code));
  }
}

/**
 * The same for 3x3 kernels without dilation: taps are found by adding, not looked up. A chunk is one row of pixels.
 * Sums run over the taps in order, padding skipped, as above. The input gradient of stride 1 runs here `turned`.
 *
 * args: 0 x, 1 weights [9][channels], 2 bias or 0, 3 y, 4 height, 5 width, 6 channels, 7 output height, 8 output width,
 * 9 stride down, 10 stride right, 11 padding top, 12 padding left, 13 epilogue, 14 residual (as y) or 0, 15 turned 0/1.
 */
export function conv2d_depthwise_forward_3x3(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 4);
  const width = int(args, 5);
  const outputHeight = int(args, 7);
  const outputWidth = int(args, 8);
  const stride = int(args, 10);
  const paddingLeft = int(args, 12);
  const code = int(args, 13);
  const image = chunk / outputHeight;
  const oy = chunk - image * outputHeight;
  const top = oy * int(args, 9) - int(args, 11);
  const pixel = <usize>int(args, 6) << 2;
  const row = <usize>width * pixel;
  const step = <usize>stride * pixel;
  const x = ptr(args, 0) + <usize>(image * height) * row + <usize>top * row;
  let y = ptr(args, 3) + <usize>(chunk * outputWidth) * pixel;
  const residual = ptr(args, 14) != 0 ? ptr(args, 14) - ptr(args, 3) : 0;
  const bias = ptr(args, 2);
  const turned = int(args, 15) != 0;
  const weights = turned ? ptr(args, 1) + 8 * pixel : ptr(args, 1);
  const tapBytes: usize = turned ? <usize>0 - pixel : pixel;
  const ky0 = max(0, -top);
  const ky1 = min(3, height - top);
  const rowsInside = ky0 == 0 && ky1 == 3;
  const inVectors = pixel & ~15;

  for (let ox = 0; ox < outputWidth; ) {
    const left = ox * stride - paddingLeft;
    const a = x + <usize>left * pixel;
    if (rowsInside && left >= 0 && ox + 4 <= outputWidth && left + 3 * stride + 3 <= width) {
      fourPixels(a, row, pixel, step, weights, tapBytes, y, bias, residual, code);
      if (inVectors < pixel) {
        for (let i = 0; i < 4; i++) {
          const at = <usize>i;
          onePixel(
            a + at * step, row, pixel, weights, tapBytes, y + at * pixel, bias, residual, code, 0, 3, 0, 3, inVectors,
          );
        }
      }
      ox += 4;
      y += 4 * pixel;
    } else {
      onePixel(
        a, row, pixel, weights, tapBytes, y, bias, residual, code, ky0, ky1, max(0, -left), min(3, width - left), 0,
      );
      ox++;
      y += pixel;
    }
  }
}

/**
 * partial[tap, channel] = sum over the pixels of one group of images of x · gradient. A chunk is one group of images
 * and one tap; reduce_partials adds the groups.
 *
 * args: 0 x, 1 gradient, 2 partials [image group][tap][channels], 3 table [tap][pixel], 4 channels, 5 bytes of an
 * x image, 6 bytes of a gradient image, 7 pixels, 8 taps, 9 images of a group.
 */
export function conv2d_depthwise_backward_weight(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const channels = int(args, 4);
  const pixels = int(args, 7);
  const taps = int(args, 8);
  const part = chunk / taps;
  const tap = chunk - part * taps;
  const firstImage = part * int(args, 9);
  const lastImage = min(firstImage + int(args, 9), n);
  const pixelBytes = <usize>channels << 2;
  const table = ptr(args, 3) + (<usize>(tap * pixels) << 2);
  const tableEnd = table + (<usize>pixels << 2);
  const sums = ptr(args, 2) + <usize>chunk * pixelBytes;
  memory.fill(sums, 0, pixelBytes);
  for (let image = firstImage; image < lastImage; image++) {
    const x = ptr(args, 0) + <usize>image * <usize>int(args, 5);
    const gradient = ptr(args, 1) + <usize>image * <usize>int(args, 6);
    let channel = 0;
    for (; channel + 16 <= channels; channel += 16) {
      const column = <usize>channel << 2;
      let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
      let g = gradient + column;
      for (let entry = table; entry < tableEnd; entry += 4, g += pixelBytes) {
        const offset = load<i32>(entry);
        if (offset < 0) continue;
        const a = x + column + <usize>offset;
        s0 = madd(s0, v128.load(a), v128.load(g));
        s1 = madd(s1, v128.load(a, 16), v128.load(g, 16));
        s2 = madd(s2, v128.load(a, 32), v128.load(g, 32));
        s3 = madd(s3, v128.load(a, 48), v128.load(g, 48));
      }
      const to = sums + column;
      v128.store(to, f32x4.add(v128.load(to), s0));
      v128.store(to, f32x4.add(v128.load(to, 16), s1), 16);
      v128.store(to, f32x4.add(v128.load(to, 32), s2), 32);
      v128.store(to, f32x4.add(v128.load(to, 48), s3), 48);
    }
    for (; channel < channels; channel++) {
      const column = <usize>channel << 2;
      let sum: f32 = 0;
      let g = gradient + column;
      for (let entry = table; entry < tableEnd; entry += 4, g += pixelBytes) {
        const offset = load<i32>(entry);
        if (offset >= 0) sum += load<f32>(x + column + <usize>offset) * load<f32>(g);
      }
      store<f32>(sums + column, load<f32>(sums + column) + sum);
    }
  }
}
