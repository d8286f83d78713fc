/** Blocks that are fetched before they are in sight. */
const readAhead = 4;

/** Blocks in sight, then those that come next in the direction of scrolling, then one behind. */
export function nearby(first: number, last: number, count: number, down: boolean): number[] {
  const inSight = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const ahead = Array.from({ length: readAhead }, (_, i) => (down ? last + 1 + i : first - 1 - i));
  const behind = down ? first - 1 : last + 1;
  return [...inSight, ...ahead, behind].filter((block) => block >= 0 && block < count);
}
