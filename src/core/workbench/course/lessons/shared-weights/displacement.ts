import type { Grid } from '../../convolve.ts';

/** Places at the border that are not compared: there the padding of a layer takes part. */
const border = 2;

/** A grid moved to the right by whole columns; zeros come in. */
export const moved = (grid: Grid, columns: number): Grid =>
  grid.map((line) => line.map((_, x) => line[x - columns] ?? 0));

/**
 * By how many whole columns the maps moved, found by trying, and what share of them (of the sum of sizes) is left
 * unexplained: 0 where the maps moved along and did nothing else.
 */
export function displacementBetween(
  before: readonly Grid[],
  after: readonly Grid[],
): { readonly columns: number; readonly left: number } {
  const width = before[0][0].length;
  let best = { columns: 0, left: Infinity };
  for (let columns = 0; columns <= width / 3; columns++) {
    let [apart, size] = [0, 0];
    before.forEach((grid, channel) => {
      for (let y = border; y < grid.length - border; y++) {
        for (let x = border + columns; x < width - border; x++) {
          apart += Math.abs(after[channel][y][x] - grid[y][x - columns]);
          size += Math.abs(grid[y][x - columns]);
        }
      }
    });
    if (apart / size < best.left) best = { columns, left: apart / size };
  }
  return best;
}
