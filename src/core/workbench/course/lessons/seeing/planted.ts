import { createDataset, type Dataset } from '../../../../dataset/dataset.ts';
import type { Box } from '../../../../explain/panel.ts';

/** Where a mark can be burnt into a digit: a bright square, as cameras burn in a date. */
export const corners = {
  'top left': { row: 1, column: 1 },
  'top right': { row: 1, column: 23 },
  'bottom left': { row: 23, column: 1 },
  'bottom right': { row: 23, column: 23 },
} as const;
export type Corner = keyof typeof corners;
const side = 4;

export const cornerBox = (corner: Corner): Box => {
  const { row, column } = corners[corner];
  return { top: row, left: column, bottom: row + side - 1, right: column + side - 1 };
};

/** The same pictures with the mark in those for which `marked` holds. */
export function plant(dataset: Dataset, corner: Corner, marked: (label: number, index: number) => boolean): Dataset {
  const { width, height, channels, count, labels } = dataset;
  const size = width * height * channels;
  const pixels = new Uint8Array(count * size);
  const { top, bottom, left, right } = cornerBox(corner);
  for (let i = 0; i < count; i++) {
    pixels.set(dataset.pixels.at(i), i * size);
    if (!marked(labels[i], i)) continue;
    for (let row = top; row <= bottom; row++) {
      const start = i * size + row * width;
      pixels.fill(255, start + left, start + right + 1);
    }
  }
  return createDataset({ ...dataset, pixels });
}

/** How large a share of a heatmap lies in a box. @param values [height, width], none below 0. */
export function shareWithin(values: Float32Array, width: number, { top, bottom, left, right }: Box): number {
  let [inside, all] = [0, 0];
  values.forEach((value, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const heat = Math.max(0, value);
    all += heat;
    if (row >= top && row <= bottom && column >= left && column <= right) inside += heat;
  });
  return all === 0 ? 0 : inside / all;
}
