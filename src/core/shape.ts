/** Sizes of one sample, outermost first: [height, width, channels] or [features]. The batch dimension is never in it. */
export type Shape = readonly number[];

/** Number of elements; 1 for a scalar ([]). */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** `28x28x1`, or `scalar`. */
export function showShape(shape: Shape): string {
  return shape.length === 0 ? 'scalar' : shape.join('x');
}
