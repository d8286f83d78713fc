import type { Picture } from '../image/picture.ts';

/** A rectangle of pixels or places, first and last included. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** One image of an explanation: numbers or pixels with what is needed to draw and to name them. */
export type Panel = {
  readonly title: string;
  /** Drawn as a frame: a receptive field, a patch. */
  readonly box?: Box;
} & (
  | {
      readonly kind: 'values';
      readonly height: number;
      readonly width: number;
      /** [height, width]. */
      readonly values: Float32Array;
      /** 'signed': blue below 0, orange above it, 0 marked; 'positive': viridis from `low` to `high`. */
      readonly scale: 'signed' | 'positive';
      /** What the colours end at. Of 'signed', low = -high. */
      readonly low: number;
      readonly high: number;
      /** Laid over this picture, to its size. */
      readonly over?: Picture;
    }
  | { readonly kind: 'picture'; readonly picture: Picture }
  | {
      readonly kind: 'points';
      /** [count, 2]: across and up. */
      readonly points: Float32Array;
      /** Which of `names` each is. */
      readonly labels: Int32Array;
      readonly names: readonly string[];
      /** A point that is marked: the picture that was asked about. */
      readonly marked?: readonly [number, number];
    }
);

/** The largest and the smallest of numbers that are finite; 0 and 0 of none. */
export function rangeOf(values: Float32Array): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high < low ? { low: 0, high: 0 } : { low, high };
}

type Map2d = { readonly title: string; readonly height: number; readonly width: number; readonly values: Float32Array };
type Extras = { readonly over?: Picture; readonly box?: Box };

/** Colours from -most to most, 0 in the middle. @param most default: the largest size that occurs. */
export function signedPanel(map: Map2d, extras: Extras & { readonly most?: number } = {}): Panel {
  const { most, ...rest } = extras;
  const { low, high } = rangeOf(map.values);
  const end = most ?? Math.max(Math.abs(low), Math.abs(high));
  return { kind: 'values', scale: 'signed', ...map, low: -end, high: end, ...rest };
}

/** Colours from the smallest (0, where none is below it) to the largest. */
export function positivePanel(map: Map2d, extras: Extras & { readonly high?: number } = {}): Panel {
  const range = rangeOf(map.values);
  const { high = range.high, ...rest } = extras;
  return { kind: 'values', scale: 'positive', ...map, low: Math.min(0, range.low), high, ...rest };
}
