// What the general depthwise kernels read lies in thread scratch: some rows of x with the padding around them, as
// [block of 16 channels][rows][columns][16]. So no inner loop meets the border of a picture, neighbouring pixels are a
// cache line apart, and x itself is read once, in the order of its addresses.

/** Bytes of a pixel in a window: 16 channels. */
export const PIXEL: usize = 64;

/** Copies `bytes` (a multiple of 4): a line to each plane. Nothing behind them is read: there may be nothing. */
// @ts-ignore: decorator
@inline
export function copyChannels(from: usize, to: usize, bytes: usize, plane: usize): void {
  const end = from + bytes;
  for (; from + PIXEL <= end; from += PIXEL, to += plane) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
  }
  for (; from < end; from += 4, to += 4) store<f32>(to, load<f32>(from));
}

/**
 * Copies what lies inside the picture of the window that begins at row `top`, column `left` of x; the rest of the
 * window stays as it is.
 */
export function packWindow(
  x: usize, height: i32, width: i32, pixel: usize, top: i32, left: i32, window: usize, rows: i32, columns: i32,
  plane: usize,
): void {
  const first = max(0, left);
  const last = min(width, left + columns);
  const lastRow = min(height, top + rows);
  for (let row = max(0, top); row < lastRow; row++) {
    let from = x + <usize>(row * width + first) * pixel;
    let to = window + <usize>((row - top) * columns + first - left) * PIXEL;
    for (let column = first; column < last; column++, from += pixel, to += PIXEL) copyChannels(from, to, pixel, plane);
  }
}
