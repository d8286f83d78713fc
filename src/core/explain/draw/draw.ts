import type { Picture } from '../../image/picture.ts';
import { valueBetween } from '../enlarge.ts';
import type { Box, Panel } from '../panel.ts';
import { type Colour, colourOf } from './colours.ts';
import { drawPoints, pointsSide } from './points.ts';

/** How strongly a heatmap covers the picture below it: least where it is 0, most at its largest. */
const cover = { least: 0.1, most: 0.75 };

const luminance = ({ channels, data }: Picture, pixel: number): number =>
  channels === 1 ? data[pixel] : 0.299 * data[3 * pixel] + 0.587 * data[3 * pixel + 1] + 0.114 * data[3 * pixel + 2];

/** Size of a panel's picture in its own pixels. */
export function sizeOfPanel(panel: Panel): { height: number; width: number } {
  if (panel.kind === 'picture') return panel.picture;
  if (panel.kind === 'points') return { height: pointsSide, width: pointsSide };
  return panel.over ?? panel;
}

/**
 * A panel as a picture in colour. @param scale each of its pixels becomes scale x scale ones.
 * A heatmap that is laid over a picture is interpolated; all else shows its own pixels.
 */
export function drawPanel(panel: Panel, scale = 1): Picture {
  if (panel.kind === 'points') return drawPoints(panel, pointsSide * scale);
  const { height, width } = sizeOfPanel(panel);
  const drawn: Picture & { data: Uint8Array } = {
    height: height * scale,
    width: width * scale,
    channels: 3,
    data: new Uint8Array(height * scale * width * scale * 3),
  };
  for (let y = 0; y < drawn.height; y++)
    for (let x = 0; x < drawn.width; x++) {
      const pixel = Math.floor(y / scale) * width + Math.floor(x / scale);
      drawn.data.set(
        pixelOf(panel, pixel, (y + 0.5) / drawn.height, (x + 0.5) / drawn.width),
        (y * drawn.width + x) * 3,
      );
    }
  if (panel.box) frame(drawn, panel.box, scale);
  return drawn;
}

/** @param pixel in the panel's own picture. @param down how far down it lies, 0 … 1. */
function pixelOf(panel: Exclude<Panel, { kind: 'points' }>, pixel: number, down: number, across: number): Colour {
  if (panel.kind === 'picture') {
    const { channels, data } = panel.picture;
    return channels === 1
      ? [data[pixel], data[pixel], data[pixel]]
      : [data[3 * pixel], data[3 * pixel + 1], data[3 * pixel + 2]];
  }
  const { scale, low, high, over } = panel;
  if (!over) return colourOf(panel.values[pixel], scale, low, high);
  const value = valueBetween(panel, down * panel.height - 0.5, across * panel.width - 0.5);
  const strength = high > low ? Math.max(0, Math.min(1, (value - low) / (high - low))) : 0;
  const share = cover.least + (cover.most - cover.least) * strength;
  const below = luminance(over, pixel);
  return colourOf(value, scale, low, high).map((c) => Math.round(share * c + (1 - share) * below)) as unknown as Colour;
}

/** White with black around it, so that it is seen on everything. */
function frame(picture: Picture, { top, left, bottom, right }: Box, scale: number): void {
  const line = Math.max(1, Math.round(Math.min(picture.height, picture.width) / 120));
  const outer = {
    top: top * scale,
    left: left * scale,
    bottom: (bottom + 1) * scale - 1,
    right: (right + 1) * scale - 1,
  };
  rectangle(picture, outer, line, [0, 0, 0]);
  const inner = {
    top: outer.top + line,
    left: outer.left + line,
    bottom: outer.bottom - line,
    right: outer.right - line,
  };
  if (inner.bottom > inner.top && inner.right > inner.left) rectangle(picture, inner, line, [255, 255, 255]);
}

function rectangle(
  { height, width, data }: Picture,
  { top, left, bottom, right }: Box,
  line: number,
  colour: Colour,
): void {
  for (let y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++)
    for (let x = Math.max(0, left); x <= Math.min(width - 1, right); x++) {
      const isEdge = y < top + line || y > bottom - line || x < left + line || x > right - line;
      if (isEdge) data.set(colour, (y * width + x) * 3);
    }
}

/** Space between panels, and around them. */
const gap = 8;
/** A row of the sheet is about so many pixels wide. */
const sheetWidth = 1200;

/** All panels in rows, each at about `side` pixels. */
export function drawSheet(panels: readonly Panel[], side: number): Picture {
  const drawn = panels.map((panel) => {
    const { height, width } = sizeOfPanel(panel);
    return drawPanel(panel, Math.max(1, Math.round(side / Math.max(height, width))));
  });
  const cell = {
    height: Math.max(...drawn.map(({ height }) => height)),
    width: Math.max(...drawn.map(({ width }) => width)),
  };
  const columns = Math.max(1, Math.min(drawn.length, Math.floor((sheetWidth - gap) / (cell.width + gap))));
  const rows = Math.ceil(drawn.length / columns);
  const width = gap + columns * (cell.width + gap);
  const height = gap + rows * (cell.height + gap);
  const data = new Uint8Array(width * height * 3).fill(255);
  drawn.forEach((panel, i) => {
    const top = gap + Math.floor(i / columns) * (cell.height + gap);
    const left = gap + (i % columns) * (cell.width + gap);
    for (let y = 0; y < panel.height; y++) {
      const row = panel.data.subarray(y * panel.width * 3, (y + 1) * panel.width * 3);
      data.set(row, ((top + y) * width + left) * 3);
    }
  });
  return { height, width, channels: 3, data };
}
