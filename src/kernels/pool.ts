// Poolings. Maxima are found here; means are sums of pixels with weights (`mixPixels` in structure.ts).

import { int, larger, largerScalar, ptr } from './common';
import { Four, get, One, put, whole } from './lanes';

// Words of the geometry, from word k on: height, width, channels, output height, output width, kernel height, kernel
// width, stride of rows, stride of columns, top padding, left padding, dilation of rows, dilation of columns.

/** First tap of a window that lies inside: `start` is the place of tap 0, which may be negative. */
// @ts-ignore: decorator
@inline
function firstTap(start: i32, dilation: i32): i32 {
  return start < 0 ? (-start + dilation - 1) / dilation : 0;
}

/** One more than the last tap that lies inside. */
// @ts-ignore: decorator
@inline
function lastTap(start: i32, dilation: i32, taps: i32, size: i32): i32 {
  return start >= size ? 0 : min(taps, (size - start + dilation - 1) / dilation);
}

/** args: x, y, geometry (13 words). A chunk: one row of the output of one sample. NaN wins. */
export function maxPool2d_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 2);
  const width = int(args, 3);
  const row = <usize>int(args, 4) << 2;
  const outputHeight = int(args, 5);
  const outputWidth = int(args, 6);
  const dilationY = int(args, 13);
  const dilationX = int(args, 14);
  const sample = chunk / outputHeight;
  const top = (chunk % outputHeight) * int(args, 9) - int(args, 11);
  const image = ptr(args, 0) + <usize>(sample * height * width) * row;
  const ky0 = firstTap(top, dilationY);
  const ky1 = lastTap(top, dilationY, int(args, 7), height);
  let y = ptr(args, 1) + <usize>(chunk * outputWidth) * row;
  let left = -int(args, 12);
  for (let ox = 0; ox < outputWidth; ox++, left += int(args, 10), y += row) {
    const kx0 = firstTap(left, dilationX);
    const kx1 = lastTap(left, dilationX, int(args, 8), width);
    let found = false;
    for (let ky = ky0; ky < ky1; ky++) {
      for (let kx = kx0; kx < kx1; kx++) {
        const x = image + <usize>((top + ky * dilationY) * width + left + kx * dilationX) * row;
        let at: usize = 0;
        if (!found) {
          for (; at < whole(row); at += 16) put<Four>(y + at, get<Four>(x + at));
          for (; at < row; at += 4) put<One>(y + at, get<One>(x + at));
        } else {
          for (; at < whole(row); at += 16) v128.store(y + at, larger(v128.load(y + at), v128.load(x + at)));
          for (; at < row; at += 4) store<f32>(y + at, largerScalar(load<f32>(y + at), load<f32>(x + at)));
        }
        found = true;
      }
    }
    if (!found) for (let at: usize = 0; at < row; at += 4) store<f32>(y + at, -Infinity);
  }
}

// @ts-ignore: decorator
@inline
function maximumOf4<L>(x: usize, y: usize, right: usize, below: usize): void {
  const above = larger(get<L>(x), get<L>(x + right));
  put<L>(y, larger(above, larger(get<L>(x + below), get<L>(x + below + right))));
}

/** The same for kernelSize 2, stride 2 without padding. args: x, y, height, width, channels. */
export function maxPool2d_forward_2x2(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 2);
  const width = int(args, 3);
  const row = <usize>int(args, 4) << 2;
  const outputHeight = height >> 1;
  const outputWidth = width >> 1;
  const line = <usize>width * row;
  const sample = chunk / outputHeight;
  let x = ptr(args, 0) + <usize>(sample * height + 2 * (chunk % outputHeight)) * line;
  let y = ptr(args, 1) + <usize>(chunk * outputWidth) * row;
  for (let ox = 0; ox < outputWidth; ox++, x += 2 * row, y += row) {
    let at: usize = 0;
    for (; at < whole(row); at += 16) maximumOf4<Four>(x + at, y + at, row, line);
    for (; at < row; at += 4) maximumOf4<One>(x + at, y + at, row, line);
  }
}

/** Lanes of x that replace `best` as the maximum: larger, or NaN. */
// @ts-ignore: decorator
@inline
function beats(x: v128, best: v128): v128 {
  return v128.or(f32x4.gt(x, best), f32x4.ne(x, x));
}

/** Finds the maximum's tap again (first in row-major order on a tie) and adds the gradient there. */
// @ts-ignore: decorator
@inline
function giveToMaximum<L>(x: usize, dx: usize, dy: usize, line: usize, step: usize, tapsY: i32, tapsX: i32): void {
  let best = f32x4.splat(-Infinity);
  // Tap 0 unless another beats it; -infinity itself never beats.
  let place = i32x4.splat(0);
  let k = 0;
  for (let ky = 0, above: usize = x; ky < tapsY; ky++, above += line) {
    for (let kx = 0, p: usize = above; kx < tapsX; kx++, p += step, k++) {
      const value = get<L>(p);
      const take = beats(value, best);
      best = v128.bitselect(value, best, take);
      place = v128.bitselect(i32x4.splat(k), place, take);
    }
  }
  const gradient = get<L>(dy);
  k = 0;
  for (let ky = 0, above: usize = dx; ky < tapsY; ky++, above += line) {
    for (let kx = 0, p: usize = above; kx < tapsX; kx++, p += step, k++) {
      put<L>(p, f32x4.add(get<L>(p), v128.and(gradient, i32x4.eq(place, i32x4.splat(k)))));
    }
  }
}

/** args: x, dy, dx, geometry (13 words). A chunk: one sample, since windows may overlap. */
export function maxPool2d_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 3);
  const width = int(args, 4);
  const row = <usize>int(args, 5) << 2;
  const outputHeight = int(args, 6);
  const outputWidth = int(args, 7);
  const dilationY = int(args, 14);
  const dilationX = int(args, 15);
  const bytes = <usize>(height * width) * row;
  const x = ptr(args, 0) + <usize>chunk * bytes;
  const dx = ptr(args, 2) + <usize>chunk * bytes;
  const line = <usize>(width * dilationY) * row;
  const step = <usize>dilationX * row;
  let dy = ptr(args, 1) + <usize>(chunk * outputHeight * outputWidth) * row;
  memory.fill(dx, 0, bytes);
  let top = -int(args, 12);
  for (let oy = 0; oy < outputHeight; oy++, top += int(args, 10)) {
    const ky0 = firstTap(top, dilationY);
    const tapsY = lastTap(top, dilationY, int(args, 8), height) - ky0;
    let left = -int(args, 13);
    for (let ox = 0; ox < outputWidth; ox++, left += int(args, 11), dy += row) {
      const kx0 = firstTap(left, dilationX);
      const tapsX = lastTap(left, dilationX, int(args, 9), width) - kx0;
      const first = <usize>((top + ky0 * dilationY) * width + left + kx0 * dilationX) * row;
      let at: usize = 0;
      for (; at < whole(row); at += 16) {
        giveToMaximum<Four>(x + first + at, dx + first + at, dy + at, line, step, tapsY, tapsX);
      }
      for (; at < row; at += 4) {
        giveToMaximum<One>(x + first + at, dx + first + at, dy + at, line, step, tapsY, tapsX);
      }
    }
  }
}

/** One window of 2x2: b and d stand right of a and c. Writes all four gradients. */
// @ts-ignore: decorator
@inline
function giveToMaximumOf4<L>(x: usize, dx: usize, dy: usize, right: usize, below: usize): void {
  const a = get<L>(x);
  const b = get<L>(x + right);
  const c = get<L>(x + below);
  const d = get<L>(x + below + right);
  const takeB = beats(b, a);
  const ab = v128.bitselect(b, a, takeB);
  const takeC = beats(c, ab);
  const abc = v128.bitselect(c, ab, takeC);
  const takeD = beats(d, abc);
  let gradient = get<L>(dy);
  put<L>(dx + below + right, v128.and(gradient, takeD));
  gradient = v128.andnot(gradient, takeD);
  put<L>(dx + below, v128.and(gradient, takeC));
  gradient = v128.andnot(gradient, takeC);
  put<L>(dx + right, v128.and(gradient, takeB));
  put<L>(dx, v128.andnot(gradient, takeB));
}

/**
 * The same for kernelSize 2, stride 2 without padding: windows do not overlap, so each chunk is one row of windows (and
 * the last one also what windows leave at the bottom). args: x, dy, dx, height, width, channels.
 */
export function maxPool2d_backward_2x2(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 3);
  const width = int(args, 4);
  const row = <usize>int(args, 5) << 2;
  const outputHeight = height >> 1;
  const outputWidth = width >> 1;
  const sample = chunk / outputHeight;
  const oy = chunk % outputHeight;
  const line = <usize>width * row;
  const first = <usize>(sample * height + 2 * oy) * line;
  let x = ptr(args, 0) + first;
  let dx = ptr(args, 2) + first;
  let dy = ptr(args, 1) + <usize>(chunk * outputWidth) * row;
  for (let ox = 0; ox < outputWidth; ox++, x += 2 * row, dx += 2 * row, dy += row) {
    let at: usize = 0;
    for (; at < whole(row); at += 16) giveToMaximumOf4<Four>(x + at, dx + at, dy + at, row, line);
    for (; at < row; at += 4) giveToMaximumOf4<One>(x + at, dx + at, dy + at, row, line);
  }
  if (width & 1) {
    memory.fill(dx, 0, row);
    memory.fill(dx + line, 0, row);
  }
  if (height & 1 && oy == outputHeight - 1) memory.fill(ptr(args, 2) + first + 2 * line, 0, line);
}
