import type { Picture } from '../../image/picture.ts';
import { type Panel, rangeOf } from '../panel.ts';
import type { Colour } from './colours.ts';

/** Side of a map of points, in pixels at scale 1. */
export const pointsSide = 560;

/** Colours of classes: Okabe and Ito (2008), extended; a shape goes with each, so that colour is not needed. */
const classColours: readonly Colour[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [213, 94, 0],
  [86, 180, 233],
  [90, 90, 90],
  [150, 120, 10],
  [120, 60, 160],
  [160, 30, 60],
];

/** Whether a place within a mark of half width 1 belongs to it. */
const marks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => x * x + y * y <= 1,
  (x, y) => Math.abs(x) <= 0.85 && Math.abs(y) <= 0.85,
  (x, y) => y >= -0.9 && y <= 0.8 && Math.abs(x) <= (y + 0.9) / 1.7,
  (x, y) => Math.abs(x) + Math.abs(y) <= 1.1,
  (x, y) => Math.abs(x) <= 0.35 || Math.abs(y) <= 0.35,
  (x, y) => Math.abs(Math.abs(x) - Math.abs(y)) <= 0.4,
  (x, y) => y <= 0.9 && y >= -0.8 && Math.abs(x) <= (0.9 - y) / 1.7,
  (x, y) => x * x + y * y <= 1 && x * x + y * y >= 0.35,
  (_x, y) => Math.abs(y) <= 0.4,
  (x) => Math.abs(x) <= 0.4,
];

export const colourOfClass = (label: number): Colour => classColours[label % classColours.length];

type Canvas = Picture & { readonly data: Uint8Array };

function put(
  { width, height, data }: Canvas,
  x: number,
  y: number,
  radius: number,
  label: number,
  colour: Colour,
): void {
  const mark = marks[(label + Math.floor(label / classColours.length)) % marks.length];
  for (let dy = -Math.ceil(radius); dy <= radius; dy++)
    for (let dx = -Math.ceil(radius); dx <= radius; dx++) {
      const [column, row] = [Math.round(x) + dx, Math.round(y) + dy];
      if (column < 0 || row < 0 || column >= width || row >= height || !mark(dx / radius, dy / radius)) continue;
      data.set(colour, (row * width + column) * 3);
    }
}

/** Points on white; the picture that was asked about gets a black ring. */
export function drawPoints(panel: Extract<Panel, { kind: 'points' }>, side: number): Picture {
  const { points, labels, marked } = panel;
  const canvas: Canvas = { height: side, width: side, channels: 3, data: new Uint8Array(side * side * 3).fill(255) };
  const axis = (which: 0 | 1): Float32Array => points.filter((_, i) => i % 2 === which);
  const [across, up] = [rangeOf(axis(0)), rangeOf(axis(1))];
  const margin = 0.04 * side;
  const place = (value: number, { low, high }: { low: number; high: number }): number =>
    high > low ? margin + ((value - low) / (high - low)) * (side - 2 * margin) : side / 2;
  const radius = labels.length > 1500 ? 2.5 : 4;
  labels.forEach((label, i) => {
    put(canvas, place(points[2 * i], across), side - place(points[2 * i + 1], up), radius, label, colourOfClass(label));
  });
  if (marked) {
    const [x, y] = [place(marked[0], across), side - place(marked[1], up)];
    put(canvas, x, y, 11, 7, [0, 0, 0]);
  }
  return canvas;
}

/** One class's mark, for a key. */
export function drawMark(label: number, side: number): Picture {
  const canvas: Canvas = { height: side, width: side, channels: 3, data: new Uint8Array(side * side * 3).fill(255) };
  put(canvas, side / 2, side / 2, side / 2 - 2, label, colourOfClass(label));
  return canvas;
}
