/**
 * Drawing for the generated data sets. Only + - x / and square roots, so that every machine draws the same bits:
 * curves are polynomials, angles are unit vectors, never sines. Units are pixels; pixel (0, 0) covers 0 … 1.
 */

/** x, y, x, y, … */
export type Points = number[];

/** A unit vector: the cosine and sine of an angle. */
export interface Direction {
  readonly cos: number;
  readonly sin: number;
}

/** The direction with tan(angle / 2) = t; t = 0.1 is 11.4 degrees. */
export function directionOf(t: number): Direction {
  const scale = 1 / (1 + t * t);
  return { cos: (1 - t * t) * scale, sin: 2 * t * scale };
}

/** A smooth curve through points (uniform Catmull-Rom spline), as a polyline of `steps` segments between two points. */
export function curveThrough(points: Points, steps: number, closed = false): Points {
  const count = points.length / 2;
  const at = (i: number): number => (closed ? (i + count) % count : Math.max(0, Math.min(count - 1, i)));
  const out: Points = [];
  const last = closed ? count : count - 1;
  for (let i = 0; i < last; i++) {
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      for (let axis = 0; axis < 2; axis++) {
        const [a, b, c, d] = [
          points[2 * p0 + axis],
          points[2 * p1 + axis],
          points[2 * p2 + axis],
          points[2 * p3 + axis],
        ];
        out.push(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
      }
    }
  }
  out.push(points[2 * at(last)], points[2 * at(last) + 1]);
  return out;
}

/**
 * A line with round ends whose radius goes from `r0` to `r1`: `ink` (height x width, 0 … 1) becomes the larger of what
 * it was and how much of each pixel the line covers.
 */
export function strokeLine(
  ink: Float64Array,
  width: number,
  height: number,
  line: readonly [x0: number, y0: number, x1: number, y1: number],
  r0: number,
  r1: number,
): void {
  const [x0, y0, x1, y1] = line;
  const reach = Math.max(r0, r1) + 0.5;
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const right = Math.min(width - 1, Math.ceil(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(y0, y1) + reach));
  const dx = x1 - x0;
  const dy = y1 - y0;
  const lengthSquared = dx * dx + dy * dy;
  const inverse = lengthSquared > 0 ? 1 / lengthSquared : 0;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const px = x + 0.5 - x0;
      const py = y + 0.5 - y0;
      const along = Math.max(0, Math.min(1, (px * dx + py * dy) * inverse));
      const ex = px - along * dx;
      const ey = py - along * dy;
      const radius = r0 + (r1 - r0) * along;
      const covered = radius + 0.5 - Math.sqrt(ex * ex + ey * ey);
      const at = y * width + x;
      if (covered > ink[at]) ink[at] = covered < 1 ? covered : 1;
    }
  }
}

const rowsPerPixel = 4;

/**
 * How much of each pixel lies inside closed contours by the even-odd rule: exact across, four lines a pixel down.
 * Returns height x width, 0 … 1.
 */
export function fillContours(contours: readonly Points[], width: number, height: number): Float64Array {
  const coverage = new Float64Array(width * height);
  const crossings: number[] = [];
  for (let line = 0; line < height * rowsPerPixel; line++) {
    const y = (line + 0.5) / rowsPerPixel;
    crossings.length = 0;
    for (const points of contours) {
      let x0 = points[points.length - 2];
      let y0 = points[points.length - 1];
      for (let i = 0; i < points.length; i += 2) {
        const x1 = points[i];
        const y1 = points[i + 1];
        if (y0 <= y !== y1 <= y) crossings.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
        x0 = x1;
        y0 = y1;
      }
    }
    crossings.sort((a, b) => a - b);
    const row = Math.floor(line / rowsPerPixel) * width;
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, crossings[i]);
      const to = Math.min(width, crossings[i + 1]);
      for (let x = Math.floor(from); x < to; x++) {
        coverage[row + x] += (Math.min(to, x + 1) - Math.max(from, x)) / rowsPerPixel;
      }
    }
  }
  return coverage;
}

/** A displacement that changes smoothly over the picture: random vectors on a grid, blended between its points. */
export type Warp = (x: number, y: number) => readonly [dx: number, dy: number];

const cells = 3;

/** @param uniform gives numbers in [0, 1). @param amplitude the largest displacement along each axis. @param size of the picture. */
export function smoothWarp(uniform: () => number, amplitude: number, size: number): Warp {
  const grid = new Float64Array(2 * (cells + 1) * (cells + 1));
  for (let i = 0; i < grid.length; i++) grid[i] = (2 * uniform() - 1) * amplitude;
  const ease = (t: number): number => t * t * (3 - 2 * t);
  return (x, y) => {
    const gx = Math.max(0, Math.min(cells - 1e-9, (x / size) * cells));
    const gy = Math.max(0, Math.min(cells - 1e-9, (y / size) * cells));
    const ix = Math.floor(gx);
    const iy = Math.floor(gy);
    const fx = ease(gx - ix);
    const fy = ease(gy - iy);
    const blend = (axis: number): number => {
      const at = 2 * (iy * (cells + 1) + ix) + axis;
      const below = at + 2 * (cells + 1);
      const upper = grid[at] + fx * (grid[at + 2] - grid[at]);
      const lower = grid[below] + fx * (grid[below + 2] - grid[below]);
      return upper + fy * (lower - upper);
    };
    return [blend(0), blend(1)];
  };
}

/** About a normal number, mean 0 and deviation 1, from 32 random bits: the sum of its four bytes. Never beyond 3.45. */
export const normalFrom = (bits: number): number =>
  ((bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24) - 510) / 147.8;
