/** What must stay together: pictures of one group, with one content, or found to be copies of each other. */
export interface UnitMember {
  readonly hash: string;
  readonly group?: string;
}

/**
 * Cuts pictures into units that no split may divide: whatever is joined by a group, a hash or a list in `together`,
 * directly or through others. Every picture is in one unit; units in the order of their first member, members ascending.
 */
export function splitUnits(
  pictures: readonly UnitMember[],
  together: readonly (readonly number[])[] = [],
): readonly (readonly number[])[] {
  const parents = Int32Array.from(pictures, (_, i) => i);
  const rootOf = (i: number): number => {
    while (parents[i] !== i) i = parents[i] = parents[parents[i]];
    return i;
  };
  const join = (a: number, b: number): void => {
    const [first, second] = [rootOf(a), rootOf(b)];
    parents[Math.max(first, second)] = Math.min(first, second);
  };
  const byHash = new Map<string, number>();
  const byGroup = new Map<string, number>();
  const joinBy = (known: Map<string, number>, key: string, i: number): void => {
    const first = known.get(key);
    if (first === undefined) known.set(key, i);
    else join(first, i);
  };
  pictures.forEach(({ hash, group }, i) => {
    joinBy(byHash, hash, i);
    if (group !== undefined) joinBy(byGroup, group, i);
  });
  for (const [first, ...others] of together) for (const other of others) join(first, other);
  const units = new Map<number, number[]>();
  for (let i = 0; i < pictures.length; i++) {
    const root = rootOf(i);
    const unit = units.get(root);
    if (unit) unit.push(i);
    else units.set(root, [i]);
  }
  return [...units.values()];
}
