import type { Engine } from '../../backend/backend.ts';
import { Graph } from '../../graph/graph.ts';
import { conv2d } from '../../ops/index.ts';

/** A grid of numbers: [rows][columns]. */
export type Grid = readonly (readonly number[])[];

export interface Convolved {
  readonly output: Grid;
  /** Numbers of the input under the kernel where output [row][column] was made, zeros of the padding included. */
  under(row: number, column: number): Grid;
  /** Row and column of the input at which the window for output [row][column] begins; negative in the padding. */
  start(row: number, column: number): readonly [number, number];
}

/**
 * Slides a square kernel over a grid, as conv2d does: the engine computes it, by plain sums.
 * @throws FoveaError when the kernel does not fit into the padded grid.
 */
export async function convolve(
  engine: Engine,
  input: Grid,
  kernel: Grid,
  { stride = 1, padding = 0, dilation = 1 } = {},
): Promise<Convolved> {
  const graph = new Graph();
  const x = graph.source('input', 'input', { shape: [input.length, input[0].length, 1] });
  const w = graph.source('parameter', `kernel${kernel.length}`, { shape: [kernel.length, kernel.length, 1, 1] });
  const [y] = graph.apply(conv2d, [x, w], {
    stride: [stride, stride],
    padding: [padding, padding, padding, padding],
    dilation: [dilation, dilation],
  });
  const program = await engine.compile(graph, { capacity: 1, outputs: [y], algorithm: 'direct' });
  engine.writePersistent(w.name, Float32Array.from(kernel.flat()));
  program.write(x, Float32Array.from(input.flat()));
  await program.run(1);
  const values = program.read(y);
  program.dispose();
  const [rows, columns] = y.shape;
  const start = (row: number, column: number) => [row * stride - padding, column * stride - padding] as const;
  return {
    output: Array.from({ length: rows }, (_, r) => [...values.slice(r * columns, (r + 1) * columns)]),
    start,
    under(row, column) {
      const [top, left] = start(row, column);
      return kernel.map((line, r) => line.map((_, c) => input[top + r * dilation]?.[left + c * dilation] ?? 0));
    },
  };
}

/** `0.25 × 3`, added up: a sum that a pocket calculator can follow. */
export function sumInWords(values: Grid, weights: Grid, decimals: number): string {
  const terms = values.flatMap((line, r) => line.map((value, c) => [value, weights[r][c]] as const));
  const shown = terms
    .filter(([value, weight]) => value !== 0 && weight !== 0)
    .map(([value, weight]) => `${number(value, decimals)} × ${number(weight, 2)}`);
  const sum = terms.reduce((total, [value, weight]) => total + value * weight, 0);
  return `${shown.length === 0 ? 'only zeros' : shown.join(' + ')} = ${number(sum, decimals).replace(/[()]/g, '')}`;
}

const number = (value: number, decimals: number): string => {
  const text = Number.isInteger(value) ? String(value) : value.toFixed(decimals);
  return value < 0 ? `(${text.replace('-', '−')})` : text;
};
