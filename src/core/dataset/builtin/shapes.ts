import { hashName, RandomStream } from '../../random.ts';
import { createDataset, type DataSource, type Dataset, type Part } from '../dataset.ts';
import type { BuiltInOptions } from './digits.ts';
import { type Direction, directionOf, fillContours, strokeLine } from './draw.ts';
import { outlines } from './shape-outlines.ts';

const side = 32;
export const shapeNames: readonly string[] = outlines.map((outline) => outline.name);

type Colour = readonly [red: number, green: number, blue: number];

export interface ShapePicture {
  /** 32 x 32 x 3. */
  readonly pixels: Uint8Array;
  /** 32 x 32: how much of each pixel the shape covers, 0 … 255. */
  readonly mask: Uint8Array;
  readonly label: number;
}

/**
 * One shape a picture, 32x32 colour, on gradients, stripes, blotches and clutter, of any hue, size, place and
 * lighting, turned by up to 33 degrees: colour and place tell nothing, the outline all. Picture i of a part shows class i mod 10.
 */
export function generateShapes(options: BuiltInOptions = {}): DataSource {
  const { seed = 1, train = 6000, test = 1000 } = options;
  return {
    name: 'shapes',
    train: generatePart(seed, 'train', train),
    test: generatePart(seed, 'test', test),
    notes: [
      `Built-in set 'shapes', drawn from seed ${seed}: ${train} training and ${test} test pictures, 32x32 colour.`,
    ],
    skipped: [],
  };
}

function generatePart(seed: number, part: Part, count: number): Dataset {
  const size = side * side * 3;
  const pixels = new Uint8Array(count * size);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const drawn = drawShape(seed, part, i);
    pixels.set(drawn.pixels, i * size);
    labels[i] = drawn.label;
  }
  return createDataset({
    name: `shapes/${part}`,
    classNames: shapeNames,
    height: side,
    width: side,
    channels: 3,
    pixels,
    labels,
  });
}

/** Picture `index` of a part, with the mask of its shape: a function of (seed, part, index) alone. */
export function drawShape(seed: number, part: Part, index: number): ShapePicture {
  const label = index % outlines.length;
  const random = new RandomStream(seed, 'dataset', index, hashName(`shapes/${part}`));
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();

  const picture = new Float64Array(side * side * 3);
  const ground = paintGround(picture, random, between);
  paintClutter(picture, 2 + random.below(5), random, between);
  const mask = placeOutline(label, between);
  const colour = contrasting(ground, random, between);
  const shade = between(-0.25, 0.25);
  const towards = anyDirection(random);
  const [lightX, lightY] = [(shade * towards.cos) / side, (shade * towards.sin) / side];
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++, i++) {
      const covered = mask[i];
      if (covered === 0) continue;
      const light = 1 + (x - side / 2) * lightX + (y - side / 2) * lightY;
      for (let c = 0; c < 3; c++) picture[3 * i + c] += covered * (colour[c] * light - picture[3 * i + c]);
    }
  }
  if (random.uniform() < 0.3) paintClutter(picture, 1, random, between);

  const exposure = between(0.7, 1.15);
  const noise = between(0, 16) / byteDeviation;
  const pixels = new Uint8ClampedArray(picture.length);
  for (let i = 0; i < picture.length; i += 3) {
    // One word a pixel: a byte for each channel, and one for all three together.
    const bits = random.uint32();
    const common = (bits >>> 24) - 255;
    pixels[i] = picture[i] * exposure + noise * ((bits & 255) + common);
    pixels[i + 1] = picture[i + 1] * exposure + noise * (((bits >>> 8) & 255) + common);
    pixels[i + 2] = picture[i + 2] * exposure + noise * (((bits >>> 16) & 255) + common);
  }
  const bytes = new Uint8Array(pixels.buffer);
  return { pixels: bytes, mask: Uint8Array.from(mask, (covered) => Math.round(255 * Math.min(1, covered))), label };
}

/** Deviation of the sum of two random bytes. */
const byteDeviation = 104.5;

type Between = (low: number, high: number) => number;

/** Paints the background; returns its two colours. */
function paintGround(picture: Float64Array, random: RandomStream, between: Between): readonly [Colour, Colour] {
  const first = anyColour(between);
  const second: Colour = [0, 1, 2].map((c) =>
    Math.max(0, Math.min(255, first[c] + between(-70, 70))),
  ) as unknown as Colour;
  const kind = random.below(3);
  const direction = anyDirection(random);
  const period = between(5, 12);
  const blotches = Array.from({ length: 25 }, () => random.uniform());
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const along = (x - side / 2) * direction.cos + (y - side / 2) * direction.sin;
      const turns = along / period;
      const t =
        kind === 0
          ? along / (side * 1.5) + 0.5
          : kind === 1
            ? stripe(turns - Math.floor(turns))
            : blotch(blotches, x, y);
      for (let c = 0; c < 3; c++) picture[3 * (y * side + x) + c] = first[c] + t * (second[c] - first[c]);
    }
  }
  return [first, second];
}

/** Soft stripes: a triangle wave of the phase 0 … 1. */
const stripe = (phase: number): number => 1 - Math.abs(2 * phase - 1);

/** Values on a grid of 5 x 5, blended between its points. */
function blotch(grid: readonly number[], x: number, y: number): number {
  const [gx, gy] = [(x / side) * 4, (y / side) * 4];
  const [ix, iy] = [Math.floor(gx), Math.floor(gy)];
  const at = iy * 5 + ix;
  const upper = grid[at] + (gx - ix) * (grid[at + 1] - grid[at]);
  const lower = grid[at + 5] + (gx - ix) * (grid[at + 6] - grid[at + 5]);
  return upper + (gy - iy) * (lower - upper);
}

/** Thin lines and dots in any colour, which no class is made of. */
function paintClutter(picture: Float64Array, count: number, random: RandomStream, between: Between): void {
  const cover = new Float64Array(side * side);
  for (let i = 0; i < count; i++) {
    cover.fill(0);
    const [x, y] = [between(0, side), between(0, side)];
    const reach = random.uniform() < 0.5 ? 0 : 12;
    const radius = reach === 0 ? between(0.4, 1.4) : between(0.1, 0.5);
    strokeLine(cover, side, side, [x, y, x + between(-reach, reach), y + between(-reach, reach)], radius, radius);
    const colour = anyColour(between);
    for (let p = 0; p < cover.length; p++) {
      if (cover[p] === 0) continue;
      for (let c = 0; c < 3; c++) picture[3 * p + c] += 0.8 * cover[p] * (colour[c] - picture[3 * p + c]);
    }
  }
}

/** The outline turned, sized, squeezed a little and put somewhere where all of it is in the picture. */
function placeOutline(label: number, between: Between): Float64Array {
  const radius = between(8, 14);
  const turn = directionOf(between(-0.3, 0.3));
  const squeeze = between(0.85, 1);
  const contours = outlines[label].contours(between).map((points) => {
    const placed: number[] = [];
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = [points[i] * radius, points[i + 1] * radius * squeeze];
      placed.push(x * turn.cos - y * turn.sin, x * turn.sin + y * turn.cos);
    }
    return placed;
  });
  const offset = [0, 1].map((axis) => {
    const values = contours.flatMap((points) => points.filter((_, i) => i % 2 === axis));
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return between(1 - low, side - 1 - high);
  });
  return fillContours(
    contours.map((points) => points.map((value, i) => value + offset[i % 2])),
    side,
    side,
  );
}

/** A colour far enough from both colours of the ground that the outline can be seen. */
function contrasting(ground: readonly Colour[], random: RandomStream, between: Between): Colour {
  let best = anyColour(between);
  let bestDistance = 0;
  for (let attempt = 0; attempt < 12; attempt++) {
    const colour = anyColour(between);
    const distance = Math.min(...ground.map((other) => difference(colour, other)));
    if (distance > 75) return colour;
    if (distance > bestDistance) [best, bestDistance] = [colour, distance];
  }
  if (bestDistance > 50) return best;
  // Grounds that leave no room at random still differ from black or from white.
  const light =
    ground.every((colour) => luma(colour) < 128) || (random.uniform() < 0.5 && ground.every((c) => luma(c) < 170));
  return light ? [250, 250, 250] : [10, 10, 10];
}

const luma = ([red, green, blue]: Colour): number => 0.299 * red + 0.587 * green + 0.114 * blue;

/** Mostly the difference in lightness, with some of the difference in hue. */
function difference(a: Colour, b: Colour): number {
  const hue = Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2]));
  return Math.max(Math.abs(luma(a) - luma(b)), 0.5 * hue);
}

/** Any hue, from pale to vivid, from dark to light. */
function anyColour(between: Between): Colour {
  const hue = between(0, 6);
  const value = between(50, 255);
  const low = value * (1 - between(0, 0.9));
  const ramp = (shift: number): number => {
    const place = (hue + shift) % 6;
    const t = Math.max(0, Math.min(1, Math.abs(place - 3) - 1));
    return low + (value - low) * t;
  };
  return [ramp(0), ramp(4), ramp(2)];
}

/** Any direction, equally likely: a point of the disc pushed out to its edge. */
function anyDirection(random: RandomStream): Direction {
  for (;;) {
    const x = 2 * random.uniform() - 1;
    const y = 2 * random.uniform() - 1;
    const squared = x * x + y * y;
    if (squared > 0.01 && squared < 1) {
      const length = Math.sqrt(squared);
      return { cos: x / length, sin: y / length };
    }
  }
}
