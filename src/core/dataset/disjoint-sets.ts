/** Disjoint sets of 0 … count - 1. */
export interface DisjointSets {
  join(a: number, b: number): void;
  together(a: number, b: number): boolean;
  /** Sets of two or more, members ascending, in the order of their first member. */
  groups(): number[][];
}

export function createDisjointSets(count: number): DisjointSets {
  const parents = Int32Array.from({ length: count }, (_, i) => i);
  const rootOf = (i: number): number => {
    while (parents[i] !== i) i = parents[i] = parents[parents[i]];
    return i;
  };
  return {
    join(a, b) {
      const [first, second] = [rootOf(a), rootOf(b)];
      parents[Math.max(first, second)] = Math.min(first, second);
    },
    together: (a, b) => rootOf(a) === rootOf(b),
    groups() {
      const found = new Map<number, number[]>();
      for (let i = 0; i < count; i++) {
        const root = rootOf(i);
        const members = found.get(root);
        if (members) members.push(i);
        else found.set(root, [i]);
      }
      return [...found.values()].filter((members) => members.length > 1);
    },
  };
}
