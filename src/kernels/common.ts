// What all kernels share. A kernel is `export function <op>_<pass>[_<variant>](args: usize, chunk: i32, n: i32,
// scratch: usize): void`; its arguments are 32-bit words behind `args` (see core/plan/lowering.ts). No kernel keeps
// state between calls, allocates, or reads what another chunk of the same call writes.

/** Integer argument k. */
// @ts-ignore: decorator
@inline
export function int(args: usize, k: i32): i32 {
  return load<i32>(args + (<usize>k << 2));
}

/** Address argument k. */
// @ts-ignore: decorator
@inline
export function ptr(args: usize, k: i32): usize {
  return <usize>load<u32>(args + (<usize>k << 2));
}

/** Float argument k. */
// @ts-ignore: decorator
@inline
export function float(args: usize, k: i32): f32 {
  return load<f32>(args + (<usize>k << 2));
}

/** Elements a chunk of an elementwise kernel handles; equal to `elementsPerChunk` in core/plan/lowering.ts. */
export const CHUNK: i32 = 16384;

// @ts-ignore: decorator
@inline
export function zero(): v128 {
  return f32x4.splat(0);
}

/** sum + a b, rounded twice: a fused multiply-add would give other bits where the machine has one. */
// @ts-ignore: decorator
@inline
export function madd(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/**
 * max(x, 0); NaN stays NaN (a value that is not finite must stay visible) and -0 stays -0. One instruction, where
 * f32x4.max takes eight on x64 to order zeros and to quieten NaN.
 */
// @ts-ignore: decorator
@inline
export function relu(x: v128): v128 {
  return f32x4.pmax(x, zero());
}

/** min(max(x, 0), 6), as `relu`. */
// @ts-ignore: decorator
@inline
export function relu6(x: v128): v128 {
  return f32x4.pmin(relu(x), f32x4.splat(6));
}

/** The larger of two, the first of equals; NaN when one of them is. Three instructions. */
// @ts-ignore: decorator
@inline
export function larger(a: v128, b: v128): v128 {
  return v128.or(f32x4.pmax(a, b), f32x4.ne(b, b));
}

/** The same for one element. */
// @ts-ignore: decorator
@inline
export function largerScalar(a: f32, b: f32): f32 {
  return a < b || b != b ? b : a;
}

/** Applies an epilogue (0 none, 1 relu, 2 relu6). */
// @ts-ignore: decorator
@inline
export function epilogue(x: v128, code: i32): v128 {
  if (code == 1) return relu(x);
  if (code == 2) return relu6(x);
  return x;
}

/** The same for one element. */
// @ts-ignore: decorator
@inline
export function epilogueScalar(x: f32, code: i32): f32 {
  if (code != 0 && x < 0) return 0;
  if (code == 2 && x > 6) return 6;
  return x;
}

/**
 * Reads a line after the other and throws it away. What is read in the order of its addresses is fetched ahead of its use,
 * at the machine's full rate; a kernel that goes through many streams, or writes to lines that are in no cache, waits for
 * each. So it comes before those, for a part that stays in the second cache.
 */
export function readAhead(from: usize, end: usize): void {
  for (; from < end; from += 64) load<i32>(from);
}
