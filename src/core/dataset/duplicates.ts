import type { PictureFacts } from './facts.ts';
import { similarPairs } from './similar-pairs.ts';

/** Pictures that are one picture. */
export interface DuplicateGroup {
  /** `exact`: the same decoded pixels; `near`: encoded again, scaled or slightly changed. */
  readonly kind: 'exact' | 'near';
  /** Indices into the facts, ascending, two or more. */
  readonly members: readonly number[];
}

/**
 * Finds pictures that occur more than once, whatever their names and files: exact ones by the hash of their pixels, near
 * ones by their perceptual hash, verified by their thumbnails. Exact copies of one picture stand for one picture in a
 * near group, which then names them all. Groups are ordered by their first member.
 */
export function findDuplicates(facts: readonly PictureFacts[]): DuplicateGroup[] {
  const byPixels = new Map<string, number[]>();
  facts.forEach(({ pixelHash }, i) => {
    if (!pixelHash) return;
    const members = byPixels.get(pixelHash);
    if (members) members.push(i);
    else byPixels.set(pixelHash, [i]);
  });
  const distinct = [...byPixels.values()];
  const groups: DuplicateGroup[] = distinct
    .filter((members) => members.length > 1)
    .map((members) => ({ kind: 'exact', members }));
  const union = createUnion(distinct.length);
  for (const [a, b] of similarPairs(distinct.map(([first]) => facts[first]))) union.join(a, b);
  for (const near of union.groups()) {
    groups.push({ kind: 'near', members: near.flatMap((i) => distinct[i]).sort((a, b) => a - b) });
  }
  return groups.sort((a, b) => a.members[0] - b.members[0] || (a.kind === 'exact' ? -1 : 1));
}

/** Disjoint sets of 0 … count - 1. */
function createUnion(count: number): { join(a: number, b: number): void; groups(): number[][] } {
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
