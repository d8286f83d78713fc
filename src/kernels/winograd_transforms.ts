// The transforms of Winograd's F(4x4, 3x3) of pixels and their adjoint, a tile at a time; those of outputs and weights are
// in winograd_outputs.ts and winograd_weights.ts. Lanes run over channels, 8 at once: two neighbouring vectors, of which
// turbo makes one (see wide.ts); the second one's names end in h. See conv2d_winograd.ts for what they are parts of.

import { zero } from './common';

// @ts-ignore: decorator
@inline
export function scale(a: f32, x: v128): v128 {
  return f32x4.mul(f32x4.splat(a), x);
}

// The functions of tiles are compiled twice, by the size of a type, which the compiler knows: whole tiles ask nothing in
// their loops.
/** Of tiles with 4x4 outputs, or as if they had them. */
export type Whole = u8;
/** Of tiles that have at most two rows of outputs (low) or two columns (narrow). */
export type Part = u16;

/** Floats between two planes of `tiles` rows of `channels`. */
// @ts-ignore: decorator
@inline
export function planeBytes(tiles: i32, channels: i32): usize {
  return (<usize>(tiles * channels) << 2) + 64;
}

/** Stores two neighbours. */
// @ts-ignore: decorator
@inline
export function put8(to: usize, low: v128, high: v128): void {
  v128.store(to, low);
  v128.store(to, high, 16);
}

/** out = Bᵀ in: six times 8 channels each, to places at a step of bytes. */
// @ts-ignore: decorator
@inline
function transformInput6(
  p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize, to: usize, toStep: usize,
): void {
  const d0 = v128.load(p0);
  const d1 = v128.load(p1);
  const d2 = v128.load(p2);
  const d3 = v128.load(p3);
  const d4 = v128.load(p4);
  const d5 = v128.load(p5);
  const a = f32x4.sub(d4, scale(4, d2));
  const b = f32x4.sub(d3, scale(4, d1));
  const c = f32x4.sub(d4, d2);
  const e = scale(2, f32x4.sub(d3, d1));
  const r0 = f32x4.add(f32x4.sub(scale(4, d0), scale(5, d2)), d4);
  const r1 = f32x4.add(a, b);
  const r2 = f32x4.sub(a, b);
  const r3 = f32x4.add(c, e);
  const r4 = f32x4.sub(c, e);
  const r5 = f32x4.add(f32x4.sub(scale(4, d1), scale(5, d3)), d5);
  const d0h = v128.load(p0, 16);
  const d1h = v128.load(p1, 16);
  const d2h = v128.load(p2, 16);
  const d3h = v128.load(p3, 16);
  const d4h = v128.load(p4, 16);
  const d5h = v128.load(p5, 16);
  const ah = f32x4.sub(d4h, scale(4, d2h));
  const bh = f32x4.sub(d3h, scale(4, d1h));
  const ch = f32x4.sub(d4h, d2h);
  const eh = scale(2, f32x4.sub(d3h, d1h));
  const r0h = f32x4.add(f32x4.sub(scale(4, d0h), scale(5, d2h)), d4h);
  const r1h = f32x4.add(ah, bh);
  const r2h = f32x4.sub(ah, bh);
  const r3h = f32x4.add(ch, eh);
  const r4h = f32x4.sub(ch, eh);
  const r5h = f32x4.add(f32x4.sub(scale(4, d1h), scale(5, d3h)), d5h);
  put8(to, r0, r0h);
  put8(to + toStep, r1, r1h);
  put8(to + 2 * toStep, r2, r2h);
  put8(to + 3 * toStep, r3, r3h);
  put8(to + 4 * toStep, r4, r4h);
  put8(to + 5 * toStep, r5, r5h);
}

/** The same for a tile of at most two outputs that way, of which four places are needed: F(2, 3) with the weights of F(4, 3). */
// @ts-ignore: decorator
@inline
function transformInput4(p0: usize, p1: usize, p2: usize, p3: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(p0);
  const d1 = v128.load(p1);
  const d2 = v128.load(p2);
  const d3 = v128.load(p3);
  const d0h = v128.load(p0, 16);
  const d1h = v128.load(p1, 16);
  const d2h = v128.load(p2, 16);
  const d3h = v128.load(p3, 16);
  put8(to, scale(4, f32x4.sub(d0, d2)), scale(4, f32x4.sub(d0h, d2h)));
  put8(to + toStep, scale(-3, f32x4.add(d1, d2)), scale(-3, f32x4.add(d1h, d2h)));
  put8(to + 2 * toStep, scale(-3, f32x4.sub(d2, d1)), scale(-3, f32x4.sub(d2h, d1h)));
  put8(to + 5 * toStep, f32x4.sub(d1, d3), f32x4.sub(d1h, d3h));
}

// @ts-ignore: decorator
@inline
function transformInput<Tile>(
  few: bool, p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize, to: usize, toStep: usize,
): void {
  if (sizeof<Tile>() == sizeof<Part>()) {
    if (few) transformInput4(p0, p1, p2, p3, to, toStep);
    else transformInput6(p0, p1, p2, p3, p4, p5, to, toStep);
  } else transformInput6(p0, p1, p2, p3, p4, p5, to, toStep);
}

/** Zeros where `transformInputTile` looks for the rows of pixels outside the picture. */
export function clearOutside(scratch: usize, channels: i32): void {
  memory.fill(scratch + 42 * 32, 0, <usize>(6 * channels) << 2);
}

/** A row of six pixels, or, outside the picture, of zeros. */
// @ts-ignore: decorator
@inline
function rowOr0(from: usize, row: usize, i: i32, top: i32, height: i32, zeros: usize): usize {
  return <u32>(top + i) < <u32>height ? from + <usize>i * row : zeros;
}

/**
 * V of one tile: Bᵀ x B of the 6x6 pixels from (top, left), which may lie outside the picture (zeros). Each 8 channels
 * go `group` bytes beyond those before. A low or narrow tile leaves out the planes 3 and 4 that
 * way. The scratch was prepared by `clearOutside`.
 */
export function transformInputTile<Tile>(
  x: usize, top: i32, left: i32, height: i32, width: i32, channels: i32, v: usize, plane: usize, group: usize,
  scratch: usize, low: bool = false, narrow: bool = false,
): void {
  const pixel = <usize>channels << 2;
  const row = <usize>width * pixel;
  const from = x + <usize>top * row + <usize>left * pixel;
  const zeros = scratch + 42 * 32;
  const columns = sizeof<Tile>() == sizeof<Part>() && narrow ? 4 : 6;
  const r0 = rowOr0(from, row, 0, top, height, zeros);
  const r1 = rowOr0(from, row, 1, top, height, zeros);
  const r2 = rowOr0(from, row, 2, top, height, zeros);
  const r3 = rowOr0(from, row, 3, top, height, zeros);
  const r4 = rowOr0(from, row, 4, top, height, zeros);
  const r5 = rowOr0(from, row, 5, top, height, zeros);
  for (let channel: usize = 0; channel < pixel; channel += 32, v += group) {
    let at = channel;
    let to = scratch;
    for (let j = 0; j < columns; j++, at += pixel, to += 32) {
      if (<u32>(left + j) >= <u32>width) {
        for (let i: usize = 0; i < 6 * 192; i += 192) put8(to + i, zero(), zero());
      } else transformInput<Tile>(low, r0 + at, r1 + at, r2 + at, r3 + at, r4 + at, r5 + at, to, 192);
    }
    let half = scratch;
    for (let i: usize = 0; i < 6; i++, half += 192) {
      if (sizeof<Tile>() == sizeof<Part>()) {
        if (low && (i == 3 || i == 4)) continue;
      }
      transformInput<Tile>(
        narrow, half, half + 32, half + 64, half + 96, half + 128, half + 160, v + 6 * i * plane, plane,
      );
    }
  }
}

/** out = B in: six times 8 channels each, at a step of bytes. */
// @ts-ignore: decorator
@inline
function transformBackInput6(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const p0 = from;
  const p1 = from + fromStep;
  const p2 = from + 2 * fromStep;
  const p3 = from + 3 * fromStep;
  const p4 = from + 4 * fromStep;
  const p5 = from + 5 * fromStep;
  const v0 = v128.load(p0);
  const v1 = v128.load(p1);
  const v2 = v128.load(p2);
  const v3 = v128.load(p3);
  const v4 = v128.load(p4);
  const v5 = v128.load(p5);
  const s12 = f32x4.add(v1, v2);
  const d12 = f32x4.sub(v1, v2);
  const s34 = f32x4.add(v3, v4);
  const d34 = scale(2, f32x4.sub(v3, v4));
  const r0 = scale(4, v0);
  const r1 = f32x4.sub(scale(4, f32x4.sub(v5, d12)), d34);
  const r2 = f32x4.sub(f32x4.sub(scale(-5, v0), scale(4, s12)), s34);
  const r3 = f32x4.add(f32x4.sub(d12, scale(5, v5)), d34);
  const r4 = f32x4.add(f32x4.add(v0, s12), s34);
  const v0h = v128.load(p0, 16);
  const v1h = v128.load(p1, 16);
  const v2h = v128.load(p2, 16);
  const v3h = v128.load(p3, 16);
  const v4h = v128.load(p4, 16);
  const v5h = v128.load(p5, 16);
  const s12h = f32x4.add(v1h, v2h);
  const d12h = f32x4.sub(v1h, v2h);
  const s34h = f32x4.add(v3h, v4h);
  const d34h = scale(2, f32x4.sub(v3h, v4h));
  const r0h = scale(4, v0h);
  const r1h = f32x4.sub(scale(4, f32x4.sub(v5h, d12h)), d34h);
  const r2h = f32x4.sub(f32x4.sub(scale(-5, v0h), scale(4, s12h)), s34h);
  const r3h = f32x4.add(f32x4.sub(d12h, scale(5, v5h)), d34h);
  const r4h = f32x4.add(f32x4.add(v0h, s12h), s34h);
  put8(to, r0, r0h);
  put8(to + toStep, r1, r1h);
  put8(to + 2 * toStep, r2, r2h);
  put8(to + 3 * toStep, r3, r3h);
  put8(to + 4 * toStep, r4, r4h);
  put8(to + 5 * toStep, v5, v5h);
}

/** Adds 8 channels. */
// @ts-ignore: decorator
@inline
function add8(to: usize, low: v128, high: v128): void {
  put8(to, f32x4.add(v128.load(to), low), f32x4.add(v128.load(to, 16), high));
}

/** Adds B in, of six places 32 bytes apart, to 8 channels of six pixels. */
// @ts-ignore: decorator
@inline
function addBackInput6(from: usize, p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize): void {
  const v0 = v128.load(from);
  const v1 = v128.load(from, 32);
  const v2 = v128.load(from, 64);
  const v3 = v128.load(from, 96);
  const v4 = v128.load(from, 128);
  const v5 = v128.load(from, 160);
  const s12 = f32x4.add(v1, v2);
  const d12 = f32x4.sub(v1, v2);
  const s34 = f32x4.add(v3, v4);
  const d34 = scale(2, f32x4.sub(v3, v4));
  const v0h = v128.load(from, 16);
  const v1h = v128.load(from, 48);
  const v2h = v128.load(from, 80);
  const v3h = v128.load(from, 112);
  const v4h = v128.load(from, 144);
  const v5h = v128.load(from, 176);
  const s12h = f32x4.add(v1h, v2h);
  const d12h = f32x4.sub(v1h, v2h);
  const s34h = f32x4.add(v3h, v4h);
  const d34h = scale(2, f32x4.sub(v3h, v4h));
  add8(p0, scale(4, v0), scale(4, v0h));
  add8(p1, f32x4.sub(scale(4, f32x4.sub(v5, d12)), d34), f32x4.sub(scale(4, f32x4.sub(v5h, d12h)), d34h));
  const r2 = f32x4.sub(f32x4.sub(scale(-5, v0), scale(4, s12)), s34);
  add8(p2, r2, f32x4.sub(f32x4.sub(scale(-5, v0h), scale(4, s12h)), s34h));
  add8(p3, f32x4.add(f32x4.sub(d12, scale(5, v5)), d34), f32x4.add(f32x4.sub(d12h, scale(5, v5h)), d34h));
  add8(p4, f32x4.add(f32x4.add(v0, s12), s34), f32x4.add(f32x4.add(v0h, s12h), s34h));
  add8(p5, v5, v5h);
}

/** Adds B dV Bᵀ to the 6x6 pixels from (top, left); what lies outside the picture is dropped. */
export function addInputTile(
  v: usize, plane: usize, x: usize, top: i32, left: i32, height: i32, width: i32, channels: i32, scratch: usize,
): void {
  const pixel = <usize>channels << 2;
  const row = <usize>width * pixel;
  const firstRow = max(0, -top);
  const lastRow = min(6, height - top);
  const outside = scratch + 36 * 32;
  const in0 = <u32>left < <u32>width;
  const in1 = <u32>(left + 1) < <u32>width;
  const in2 = <u32>(left + 2) < <u32>width;
  const in3 = <u32>(left + 3) < <u32>width;
  const in4 = <u32>(left + 4) < <u32>width;
  const in5 = <u32>(left + 5) < <u32>width;
  const from = x + <usize>(top + firstRow) * row + <usize>left * pixel;
  const end = scratch + <usize>lastRow * 192;
  for (let channel: usize = 0; channel < pixel; channel += 32) {
    for (let j: usize = 0; j < 6; j++) transformBackInput6(v + channel + j * plane, 6 * plane, scratch + j * 32, 192);
    put8(outside, zero(), zero());
    let at = from + channel;
    for (let half = scratch + <usize>firstRow * 192; half < end; half += 192, at += row) {
      const p0 = in0 ? at : outside;
      const p1 = in1 ? at + pixel : outside;
      const p2 = in2 ? at + 2 * pixel : outside;
      const p3 = in3 ? at + 3 * pixel : outside;
      const p4 = in4 ? at + 4 * pixel : outside;
      const p5 = in5 ? at + 5 * pixel : outside;
      addBackInput6(half, p0, p1, p2, p3, p4, p5);
    }
  }
}
