// Poolings. Maxima are found here; means are sums of pixels with weights (`mixPixels` in structure.ts).

import { int, larger, largerScalar, ptr } from './common';
import { Four, get, One, put, whole } from './lanes';
import { beats, placeOf4 } from './places';

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

/** Places of four elements, or of one: a byte each, or a word each where `bytes` is 4. */
// @ts-ignore: decorator
@inline
function putPlaces<L>(at: usize, places: v128, bytes: i32): void {
  if (bytes == 4) put<L>(at, places);
  else changetype<L>(0).storeBytes(at, places);
}

// @ts-ignore: decorator
@inline
function getPlaces<L>(at: usize, bytes: i32): v128 {
  if (bytes == 4) return get<L>(at);
  return changetype<L>(0).loadBytes(at);
}

/** Finds the maximum of a window's taps inside the picture, from tap (`ky0`, `kx0`) at x on, and its place. */
// @ts-ignore: decorator
@inline
function findMaximum<L>(
  x: usize, y: usize, places: usize, line: usize, step: usize, ky0: i32, ky1: i32, kx0: i32, kx1: i32, columns: i32,
  bytes: i32,
): void {
  // The first tap unless another beats it; -infinity itself never beats.
  let best = f32x4.splat(-Infinity);
  let place = i32x4.splat(ky0 * columns + kx0);
  for (let ky = ky0, above: usize = x; ky < ky1; ky++, above += line) {
    for (let kx = kx0, p: usize = above; kx < kx1; kx++, p += step) {
      const value = get<L>(p);
      const take = beats(value, best);
      best = v128.bitselect(value, best, take);
      place = v128.bitselect(i32x4.splat(ky * columns + kx), place, take);
    }
  }
  put<L>(y, best);
  putPlaces<L>(places, place, bytes);
}

/**
 * args: x, y, geometry (13 words), places or 0, bytes of a place (1 or 4). A chunk: one row of the output of one sample.
 * NaN wins.
 */
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
    if (ptr(args, 15) != 0) {
      const bytes = int(args, 16);
      const x = image + <usize>((top + ky0 * dilationY) * width + left + kx0 * dilationX) * row;
      const places = ptr(args, 15) + ((y - ptr(args, 1)) >> 2) * <usize>bytes;
      const line = <usize>(width * dilationY) * row;
      const step = <usize>dilationX * row;
      let at: usize = 0;
      for (; at < whole(row); at += 16) {
        const to = places + (at >> 2) * <usize>bytes;
        findMaximum<Four>(x + at, y + at, to, line, step, ky0, ky1, kx0, kx1, int(args, 8), bytes);
      }
      for (; at < row; at += 4) {
        const to = places + (at >> 2) * <usize>bytes;
        findMaximum<One>(x + at, y + at, to, line, step, ky0, ky1, kx0, kx1, int(args, 8), bytes);
      }
      continue;
    }
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

// @ts-ignore: decorator
@inline
function findMaximumOf4<L>(x: usize, y: usize, places: usize, right: usize, below: usize): void {
  const a = get<L>(x);
  const b = get<L>(x + right);
  const c = get<L>(x + below);
  const d = get<L>(x + below + right);
  put<L>(y, larger(larger(a, b), larger(c, d)));
  putPlaces<L>(places, placeOf4(a, b, c, d), 1);
}

/** The same for kernelSize 2, stride 2 without padding. args: x, y, height, width, channels, places (a byte each) or 0. */
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
  if (ptr(args, 5) != 0) {
    let places = ptr(args, 5) + ((y - ptr(args, 1)) >> 2);
    for (let ox = 0; ox < outputWidth; ox++, x += 2 * row, y += row, places += row >> 2) {
      let at: usize = 0;
      for (; at < whole(row); at += 16) findMaximumOf4<Four>(x + at, y + at, places + (at >> 2), row, line);
      for (; at < row; at += 4) findMaximumOf4<One>(x + at, y + at, places + (at >> 2), row, line);
    }
    return;
  }
  for (let ox = 0; ox < outputWidth; ox++, x += 2 * row, y += row) {
    let at: usize = 0;
    for (; at < whole(row); at += 16) maximumOf4<Four>(x + at, y + at, row, line);
    for (; at < row; at += 4) maximumOf4<One>(x + at, y + at, row, line);
  }
}

/** Adds the gradient at the place of the maximum; dx is the place of tap (`ky0`, `kx0`). */
// @ts-ignore: decorator
@inline
function giveToMaximum<L>(
  places: usize, dx: usize, dy: usize, line: usize, step: usize, ky0: i32, ky1: i32, kx0: i32, kx1: i32, columns: i32,
  bytes: i32,
): void {
  const place = getPlaces<L>(places, bytes);
  const gradient = get<L>(dy);
  for (let ky = ky0, above: usize = dx; ky < ky1; ky++, above += line) {
    for (let kx = kx0, p: usize = above; kx < kx1; kx++, p += step) {
      const here = i32x4.eq(place, i32x4.splat(ky * columns + kx));
      put<L>(p, f32x4.add(get<L>(p), v128.and(gradient, here)));
    }
  }
}

/** args: places, dy, dx, geometry (13 words), bytes of a place. A chunk: one sample, since windows may overlap. */
export function maxPool2d_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 3);
  const width = int(args, 4);
  const row = <usize>int(args, 5) << 2;
  const outputHeight = int(args, 6);
  const outputWidth = int(args, 7);
  const columns = int(args, 9);
  const dilationY = int(args, 14);
  const dilationX = int(args, 15);
  const placeBytes = int(args, 16);
  const placeRow = <usize>(int(args, 5) * placeBytes);
  const bytes = <usize>(height * width) * row;
  const dx = ptr(args, 2) + <usize>chunk * bytes;
  const line = <usize>(width * dilationY) * row;
  const step = <usize>dilationX * row;
  let dy = ptr(args, 1) + <usize>(chunk * outputHeight * outputWidth) * row;
  let places = ptr(args, 0) + <usize>(chunk * outputHeight * outputWidth) * placeRow;
  memory.fill(dx, 0, bytes);
  let top = -int(args, 12);
  for (let oy = 0; oy < outputHeight; oy++, top += int(args, 10)) {
    const ky0 = firstTap(top, dilationY);
    const ky1 = lastTap(top, dilationY, int(args, 8), height);
    let left = -int(args, 13);
    for (let ox = 0; ox < outputWidth; ox++, left += int(args, 11), dy += row, places += placeRow) {
      const kx0 = firstTap(left, dilationX);
      const kx1 = lastTap(left, dilationX, columns, width);
      const first = dx + <usize>((top + ky0 * dilationY) * width + left + kx0 * dilationX) * row;
      let at: usize = 0;
      for (; at < whole(row); at += 16) {
        const from = places + (at >> 2) * <usize>placeBytes;
        giveToMaximum<Four>(from, first + at, dy + at, line, step, ky0, ky1, kx0, kx1, columns, placeBytes);
      }
      for (; at < row; at += 4) {
        const from = places + (at >> 2) * <usize>placeBytes;
        giveToMaximum<One>(from, first + at, dy + at, line, step, ky0, ky1, kx0, kx1, columns, placeBytes);
      }
    }
  }
}

/** One window of 2x2. Writes all four gradients. */
// @ts-ignore: decorator
@inline
function giveToMaximumOf4<L>(places: usize, dx: usize, dy: usize, right: usize, below: usize): void {
  const place = getPlaces<L>(places, 1);
  const gradient = get<L>(dy);
  put<L>(dx, v128.and(gradient, i32x4.eq(place, i32x4.splat(0))));
  put<L>(dx + right, v128.and(gradient, i32x4.eq(place, i32x4.splat(1))));
  put<L>(dx + below, v128.and(gradient, i32x4.eq(place, i32x4.splat(2))));
  put<L>(dx + below + right, v128.and(gradient, i32x4.eq(place, i32x4.splat(3))));
}

/**
 * Windows of 2x2 side by side in rows from window row `from` to `to` of an image: writes the pixels of these rows, with
 * what windows leave at the right; below the last row of windows also what they leave at the bottom. `places`, `dy` and
 * `dx` are those of the image.
 */
export function spreadMaxima(
  places: usize, dy: usize, dx: usize, height: i32, width: i32, channels: i32, from: i32, to: i32,
): void {
  const row = <usize>channels << 2;
  const outputHeight = height >> 1;
  const outputWidth = width >> 1;
  const line = <usize>width * row;
  dx += <usize>(2 * from) * line;
  dy += <usize>(from * outputWidth) * row;
  places += <usize>(from * outputWidth * channels);
  for (let oy = from; oy < to; oy++, dx += line) {
    for (let ox = 0; ox < outputWidth; ox++, places += channels, dx += 2 * row, dy += row) {
      let at: usize = 0;
      for (; at < whole(row); at += 16) giveToMaximumOf4<Four>(places + (at >> 2), dx + at, dy + at, row, line);
      for (; at < row; at += 4) giveToMaximumOf4<One>(places + (at >> 2), dx + at, dy + at, row, line);
    }
    if (width & 1) {
      memory.fill(dx, 0, row);
      memory.fill(dx + line, 0, row);
      dx += row;
    }
  }
  if (height & 1 && to == outputHeight) memory.fill(dx, 0, line);
}

/**
 * The same for kernelSize 2, stride 2 without padding: windows do not overlap, so each chunk is one row of windows (and
 * the last one also what windows leave at the bottom). args: places, dy, dx, height, width, channels.
 */
export function maxPool2d_backward_2x2(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const height = int(args, 3);
  const width = int(args, 4);
  const channels = int(args, 5);
  const outputHeight = height >> 1;
  const sample = chunk / outputHeight;
  const oy = chunk % outputHeight;
  const elements = <usize>(sample * outputHeight * (width >> 1) * channels);
  const dx = ptr(args, 2) + (<usize>(sample * height * width * channels) << 2);
  spreadMaxima(
    ptr(args, 0) + elements, ptr(args, 1) + (elements << 2), dx, height, width, channels, oy, oy + 1,
  );
}
