/** Root mean square; 0 for no elements. */
function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return values.length === 0 ? 0 : Math.sqrt(sum / values.length);
}

/**
 * What a float32 engine may differ by: the larger of 4 times what float32 PyTorch itself differs by and 1e-5 of the
 * expected values' root mean square. `looseness` multiplies both, where the data's README calls a case ill-conditioned.
 */
export function toleranceOf(expected: ArrayLike<number>, recorded: number, looseness = 1): number {
  return looseness * Math.max(4 * recorded, 1e-5 * rootMeanSquare(expected));
}

/** @throws Error naming the worst element when any differs by more than `tolerance` or is not a number. */
export function expectClose(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  if (actual.length !== expected.length)
    throw new Error(`${what}: ${actual.length} elements, expected ${expected.length}`);
  let worst = -1;
  let largest = tolerance;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    if (difference <= largest) continue;
    worst = i;
    if (Number.isNaN(difference)) break;
    largest = difference;
  }
  if (worst < 0) return;
  const sizes = `differs by ${Math.abs(actual[worst] - expected[worst])}, allowed ${tolerance}`;
  throw new Error(`${what}[${worst}]: ${actual[worst]}, expected ${expected[worst]} (${sizes})`);
}
