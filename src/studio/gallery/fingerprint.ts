/** Tells lists of numbers apart (FNV-1a, 32 bits, and the length): the same pictures in the same order, or others. */
export function fingerprint(ids: ArrayLike<number>): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < ids.length; i++) hash = Math.imul(hash ^ ids[i], 0x01000193);
  return `${ids.length} ${hash >>> 0}`;
}
