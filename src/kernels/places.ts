// Places of maxima in their windows: one byte an element, of four lanes at once.

/** Lanes of x that replace `best` as the maximum: larger, or NaN. */
// @ts-ignore: decorator
@inline
export function beats(x: v128, best: v128): v128 {
  return v128.or(f32x4.gt(x, best), f32x4.ne(x, x));
}

/** The place, 0 to 3, of the maximum of four: the first of equal ones, the last NaN. */
// @ts-ignore: decorator
@inline
export function placeOf4(a: v128, b: v128, c: v128, d: v128): v128 {
  const takeB = beats(b, a);
  const ab = v128.bitselect(b, a, takeB);
  const takeC = beats(c, ab);
  const abc = v128.bitselect(c, ab, takeC);
  const takeD = beats(d, abc);
  const place = v128.bitselect(i32x4.splat(2), v128.and(takeB, i32x4.splat(1)), takeC);
  return v128.bitselect(i32x4.splat(3), place, takeD);
}

/** Stores the low bytes of up to eight lanes. */
// @ts-ignore: decorator
@inline
export function storePlaces8(to: usize, low: v128, high: v128, count: i32): void {
  const words = i16x8.narrow_i32x4_s(low, high);
  let bytes = i8x16.narrow_i16x8_u(words, words);
  if (count >= 8) {
    v128.store64_lane(to, bytes, 0);
    return;
  }
  for (; count > 0; count--, to++) {
    v128.store8_lane(to, bytes, 0);
    bytes = i64x2.shr_u(bytes, 8);
  }
}
