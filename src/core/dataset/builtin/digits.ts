import { hashName, RandomStream } from '../../random.ts';
import { createDataset, type DataSource, type Dataset, type Part } from '../dataset.ts';
import { digitStyles, type Stroke } from './digit-styles.ts';
import { curveThrough, directionOf, normalFrom, type Points, smoothWarp, strokeLine } from './draw.ts';

export interface BuiltInOptions {
  /** 0 … 2^32 - 1. Default 1. */
  readonly seed?: number;
  /** Training pictures. Default 6,000. */
  readonly train?: number;
  /** Test pictures. Default 1,000. */
  readonly test?: number;
}

const side = 28;
export const digitNames: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/**
 * Handwritten-looking digits, 28x28 grey, light ink on black: each is drawn anew with a pen from one of several styles,
 * with its own slant, thickness, pressure, rotation, size, place, smooth deformation, noise, gaps and specks.
 * Picture i of a part shows digit i mod 10 and is a function of (seed, part, i) alone.
 */
export function generateDigits(options: BuiltInOptions = {}): DataSource {
  const { seed = 1, train = 6000, test = 1000 } = options;
  return {
    name: 'digits',
    train: generatePart(seed, 'train', train),
    test: generatePart(seed, 'test', test),
    notes: [`Built-in set 'digits', drawn from seed ${seed}: ${train} training and ${test} test pictures, 28x28 grey.`],
    skipped: [],
  };
}

function generatePart(seed: number, part: Part, count: number): Dataset {
  const pixels = new Uint8Array(count * side * side);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = i % 10;
    drawDigit(labels[i], new RandomStream(seed, 'dataset', i, hashName(`digits/${part}`)), pixels, i * side * side);
  }
  return createDataset({
    name: `digits/${part}`,
    classNames: digitNames,
    height: side,
    width: side,
    channels: 1,
    pixels,
    labels,
  });
}

/** Writes one digit to `pixels` from `to` on. */
function drawDigit(digit: number, random: RandomStream, pixels: Uint8Array, to: number): void {
  const uniform = (): number => random.uniform();
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const styles = digitStyles[digit];
  const style = styles[random.below(styles.length)];

  const polylines = place(style, random);
  const ink = new Float64Array(side * side);
  const radius = between(0.7, 1.5);
  const pressure = between(0.7, 1.3);
  for (const points of polylines) {
    const segments = points.length / 2 - 1;
    for (let i = 0; i < segments; i++) {
      const r0 = radius * (1 + (pressure - 1) * (i / segments));
      const r1 = radius * (1 + (pressure - 1) * ((i + 1) / segments));
      strokeLine(ink, side, side, [points[2 * i], points[2 * i + 1], points[2 * i + 2], points[2 * i + 3]], r0, r1);
    }
  }
  if (uniform() < 0.15) breakStroke(ink, polylines[random.below(polylines.length)], between(0.7, 1.3), uniform);
  const specks = uniform() < 0.35 ? 1 + random.below(3) : 0;
  const clutter = new Float64Array(side * side);
  for (let i = 0; i < specks; i++) {
    const [x, y] = [between(0, side), between(0, side)];
    strokeLine(clutter, side, side, [x, y, x + between(-4, 4), y + between(-4, 4)], between(0.2, 0.7), 0.4);
  }
  const level = between(140, 255);
  const clutterLevel = between(60, 170);
  const noise = uniform() < 0.5 ? between(0, 10) : between(10, 24);
  for (let i = 0; i < ink.length; i++) {
    const value = Math.max(ink[i] * level, clutter[i] * clutterLevel) + normalFrom(random.uint32()) * noise;
    pixels[to + i] = Math.max(0, Math.min(255, Math.round(value)));
  }
}

/** The style's strokes as polylines in pixels: wobbled, sized, slanted, turned, deformed and moved. */
function place(style: readonly Stroke[], random: RandomStream): Points[] {
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const height = between(15, 21);
  const width = height * between(0.55, 0.95);
  const slant = between(-0.15, 0.4);
  const turn = directionOf(between(-0.1, 0.1));
  const wobble = (value: number): number => value + between(-0.035, 0.035);
  // Joined strokes must stay joined: a point that occurs twice is wobbled once.
  const wobbled = new Map<string, [number, number]>();
  const points = style.map((stroke) => {
    const out: Points = [];
    for (let i = 0; i < stroke.points.length; i += 2) {
      const [x, y] = [stroke.points[i], stroke.points[i + 1]];
      const key = `${x},${y}`;
      const moved = wobbled.get(key) ?? [wobble(x), wobble(y)];
      wobbled.set(key, moved);
      out.push(...moved);
    }
    return stroke.kind === 'line' ? divide(out, 4) : curveThrough(out, 6, stroke.kind === 'loop');
  });
  const turned = points.map((polyline) => {
    const out: Points = [];
    for (let i = 0; i < polyline.length; i += 2) {
      const y = (polyline[i + 1] - 0.5) * height;
      const x = (polyline[i] - 0.5) * width - slant * y;
      out.push(x * turn.cos - y * turn.sin, x * turn.sin + y * turn.cos);
    }
    return out;
  });
  const warp = smoothWarp(() => random.uniform(), between(0.3, 1.8), side);
  const margin = 2;
  const [dx, dy] = [0, 1].map((axis) => {
    const values = turned.flatMap((polyline) => polyline.filter((_, i) => i % 2 === axis));
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const slack = Math.max(0, side - 2 * margin - (high - low));
    return side / 2 - (low + high) / 2 + between(-0.5, 0.5) * Math.min(slack, 5);
  });
  return turned.map((polyline) => {
    const out: Points = [];
    for (let i = 0; i < polyline.length; i += 2) {
      const [x, y] = [polyline[i] + dx, polyline[i + 1] + dy];
      const [ex, ey] = warp(x, y);
      out.push(x + ex, y + ey);
    }
    return out;
  });
}

/** A polyline with each segment cut into `steps`, so that deformation can bend it. */
function divide(points: Points, steps: number): Points {
  const out: Points = [];
  for (let i = 0; i + 3 < points.length; i += 2) {
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      out.push(points[i] + t * (points[i + 2] - points[i]), points[i + 1] + t * (points[i + 3] - points[i + 1]));
    }
  }
  out.push(points[points.length - 2], points[points.length - 1]);
  return out;
}

/** A gap in the ink, as of a pen that skipped, somewhere along the middle of a stroke. */
function breakStroke(ink: Float64Array, stroke: Points, radius: number, uniform: () => number): void {
  const at = Math.floor((0.2 + 0.6 * uniform()) * (stroke.length / 2));
  const gap = new Float64Array(ink.length);
  const [x, y] = [stroke[2 * at], stroke[2 * at + 1]];
  strokeLine(gap, side, side, [x, y, x, y], radius, radius);
  for (let i = 0; i < ink.length; i++) ink[i] *= 1 - 0.85 * gap[i];
}
