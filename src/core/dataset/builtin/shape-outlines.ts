import type { Direction, Points } from './draw.ts';

/** Outlines about the origin, reaching to 1 from it; several contours are filled by the even-odd rule. Square roots only. */
export interface Outline {
  readonly name: string;
  readonly contours: (between: (low: number, high: number) => number) => Points[];
}

/** 64 unit vectors around the circle, by halving right angles. */
const circleDirections: readonly Direction[] = (() => {
  let round: Direction[] = [
    { cos: 1, sin: 0 },
    { cos: 0, sin: 1 },
    { cos: -1, sin: 0 },
    { cos: 0, sin: -1 },
  ];
  for (let halving = 0; halving < 4; halving++) {
    round = round.flatMap((a, i) => {
      const b = round[(i + 1) % round.length];
      const length = Math.sqrt((a.cos + b.cos) * (a.cos + b.cos) + (a.sin + b.sin) * (a.sin + b.sin));
      return [a, { cos: (a.cos + b.cos) / length, sin: (a.sin + b.sin) / length }];
    });
  }
  return round;
})();

const circle = (radius: number, centerX = 0): Points =>
  circleDirections.flatMap(({ cos, sin }) => [centerX + radius * cos, radius * sin]);

const root5 = Math.sqrt(5);
/** Directions of a regular pentagon: 0, 72, 144 … degrees. */
const pentagon: readonly (readonly [number, number])[] = [
  [1, 0],
  [(root5 - 1) / 4, Math.sqrt(10 + 2 * root5) / 4],
  [-(root5 + 1) / 4, Math.sqrt(10 - 2 * root5) / 4],
  [-(root5 + 1) / 4, -Math.sqrt(10 - 2 * root5) / 4],
  [(root5 - 1) / 4, -Math.sqrt(10 + 2 * root5) / 4],
];

function star(inner: number): Points {
  return pentagon.flatMap(([x, y], i) => {
    // The notch after a point lies opposite the point that is three further on.
    const [ox, oy] = pentagon[(i + 3) % 5];
    return [y, -x, -inner * oy, inner * ox];
  });
}

/** A circle less another of radius `bite` whose centre is `shift` to the right. */
function crescent(shift: number, bite: number): Points {
  const corner = (shift * shift + 1 - bite * bite) / (2 * shift);
  const outer = circleDirections.filter(({ cos }) => cos < corner).map(({ cos, sin }) => [cos, sin]);
  const inner = circleDirections
    .map(({ cos, sin }) => [shift + bite * cos, bite * sin])
    .filter(([x, y]) => x * x + y * y < 1)
    .reverse();
  return [...outer, ...inner].flat();
}

function heart(): Points {
  // Two half circles on the slanted upper sides of a square that stands on its corner.
  const half = Math.sqrt(0.5);
  const lobe = (side: 1 | -1): number[][] =>
    circleDirections
      .map(({ cos, sin }) => [cos, sin])
      .filter(([x, y]) => side * x * half - y * half >= -1e-12)
      .map(([x, y]) => [0.4 * side + 0.5 * x, -0.32 + 0.5 * y]);
  const byTurn = (points: number[][], from: number): number[][] => [...points.slice(from), ...points.slice(0, from)];
  // Each lobe is half the circle; start it where the gap in the list is.
  const ordered = (points: number[][]): number[][] => {
    let gap = 0;
    let widest = 0;
    points.forEach(([x, y], i) => {
      const [px, py] = points[(i + points.length - 1) % points.length];
      const distance = (x - px) * (x - px) + (y - py) * (y - py);
      if (distance > widest) [widest, gap] = [distance, i];
    });
    return byTurn(points, gap);
  };
  return [...ordered(lobe(-1)), ...ordered(lobe(1)), [0, 0.9]].flat();
}

function rectangle(halfWidth: number, halfHeight: number): Points {
  return [-halfWidth, -halfHeight, halfWidth, -halfHeight, halfWidth, halfHeight, -halfWidth, halfHeight];
}

const rootHalf = Math.sqrt(0.5);

/** The ten classes, in the order of their labels. */
export const outlines: readonly Outline[] = [
  {
    name: 'arrow',
    contours: (between) => {
      const [shaft, neck] = [between(0.14, 0.24), between(-0.05, 0.2)];
      return [[1, 0, neck, 0.75, neck, shaft, -1, shaft, -1, -shaft, neck, -shaft, neck, -0.75]];
    },
  },
  { name: 'bar', contours: (between) => [rectangle(1, between(0.22, 0.34))] },
  { name: 'circle', contours: () => [circle(0.9)] },
  { name: 'crescent', contours: (between) => [crescent(between(0.4, 0.55), 0.92)] },
  {
    name: 'cross',
    contours: (between) => {
      const a = between(0.2, 0.34);
      return [
        [-a, -0.95, a, -0.95, a, -a, 0.95, -a, 0.95, a, a, a, a, 0.95, -a, 0.95, -a, a, -0.95, a, -0.95, -a, -a, -a],
      ];
    },
  },
  { name: 'heart', contours: () => [heart()] },
  { name: 'ring', contours: (between) => [circle(0.95), circle(between(0.5, 0.65))] },
  { name: 'square', contours: () => [rectangle(rootHalf * 1.1, rootHalf * 1.1)] },
  { name: 'star', contours: (between) => [star(between(0.38, 0.48))] },
  { name: 'triangle', contours: () => [[0, -1, Math.sqrt(0.75), 0.5, -Math.sqrt(0.75), 0.5]] },
];
