import type { PictureFacts } from './facts.ts';
import { similarGroups } from './similar.ts';

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
  const firsts = distinct.map(([first]) => facts[first]);
  const likenesses = {
    count: firsts.length,
    thumbnail: (i: number) => firsts[i].thumbnail,
    side: (i: number) => Math.min(firsts[i].width, firsts[i].height),
  };
  for (const near of similarGroups(likenesses)) {
    groups.push({ kind: 'near', members: near.flatMap((i) => distinct[i]).sort((a, b) => a - b) });
  }
  return groups.sort((a, b) => a.members[0] - b.members[0] || (a.kind === 'exact' ? -1 : 1));
}
