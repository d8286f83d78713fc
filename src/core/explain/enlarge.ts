/** A map of numbers. */
export interface NumberMap {
  readonly height: number;
  readonly width: number;
  /** [height, width]. */
  readonly values: Float32Array;
}

/** The value at a place between the places of a map (centres at whole numbers); beyond the edge that of the edge. */
export function valueBetween({ height, width, values }: NumberMap, y: number, x: number): number {
  const clamp = (at: number, size: number): number => Math.max(0, Math.min(size - 1, at));
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [down, right] = [y - top, x - left];
  const at = (row: number, column: number): number => values[clamp(row, height) * width + clamp(column, width)];
  const above = at(top, left) * (1 - right) + at(top, left + 1) * right;
  const below = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right;
  return above * (1 - down) + below * down;
}

/** A map at another size, interpolated: a heatmap at its picture's. */
export function enlarge(map: NumberMap, height: number, width: number): Float32Array {
  return Float32Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    return valueBetween(map, ((y + 0.5) * map.height) / height - 0.5, ((x + 0.5) * map.width) / width - 0.5);
  });
}
