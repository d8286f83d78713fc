// The same statement for four elements and for one: `Four` loads and stores 16 bytes, `One` a single element that goes
// through a lane. Loops over rows end with `One`, so an element's bits do not depend on its place.

export class Four {
  // @ts-ignore: decorator
  @inline
  load(at: usize): v128 {
    return v128.load(at);
  }
  // @ts-ignore: decorator
  @inline
  store(at: usize, value: v128): void {
    v128.store(at, value);
  }
  /** Four bytes as lanes of 32 bits, and back. */
  // @ts-ignore: decorator
  @inline
  loadBytes(at: usize): v128 {
    return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
  }
  // @ts-ignore: decorator
  @inline
  storeBytes(at: usize, value: v128): void {
    const words = i16x8.narrow_i32x4_s(value, value);
    v128.store32_lane(at, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

export class One {
  // @ts-ignore: decorator
  @inline
  load(at: usize): v128 {
    return v128.load_splat<f32>(at);
  }
  // @ts-ignore: decorator
  @inline
  store(at: usize, value: v128): void {
    v128.store_lane<f32>(at, value, 0);
  }
  // @ts-ignore: decorator
  @inline
  loadBytes(at: usize): v128 {
    return i32x4.splat(<i32>load<u8>(at));
  }
  // @ts-ignore: decorator
  @inline
  storeBytes(at: usize, value: v128): void {
    v128.store8_lane(at, value, 0);
  }
}

// @ts-ignore: decorator
@inline
export function get<L>(at: usize): v128 {
  return changetype<L>(0).load(at);
}

// @ts-ignore: decorator
@inline
export function put<L>(at: usize, value: v128): void {
  changetype<L>(0).store(at, value);
}

/** Bytes of `bytes` (a multiple of 4) that lanes of four cover. */
// @ts-ignore: decorator
@inline
export function whole(bytes: usize): usize {
  return bytes & ~15;
}

/** Transposes 4x4 elements; rows are `fromRow` and `toRow` bytes apart. */
// @ts-ignore: decorator
@inline
export function turn4x4(from: usize, fromRow: usize, to: usize, toRow: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + fromRow);
  const c = v128.load(from + 2 * fromRow);
  const d = v128.load(from + 3 * fromRow);
  const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const cd0 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd1 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab0, cd0, 0, 2));
  v128.store(to + toRow, v128.shuffle<i64>(ab0, cd0, 1, 3));
  v128.store(to + 2 * toRow, v128.shuffle<i64>(ab1, cd1, 0, 2));
  v128.store(to + 3 * toRow, v128.shuffle<i64>(ab1, cd1, 1, 3));
}
